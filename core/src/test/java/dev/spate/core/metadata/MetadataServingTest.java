package dev.spate.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.peer.MetadataMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetadataServingTest {
    private static final int PIECE = MetadataMessage.PIECE_LENGTH;

    private final byte[] metadata = new byte[PIECE + 5];
    private final MetadataServing serving;

    MetadataServingTest() {
        new Random(1).nextBytes(metadata);
        serving = new MetadataServing(ByteBuffer.wrap(metadata));
    }

    @Test
    void givesEveryPiece() {
        MetadataServing.Quota quota = new MetadataServing.Quota();

        assertThat(serving.size()).isEqualTo(metadata.length);
        assertThat(answer(serving, 0, quota))
                .isEqualTo(new MetadataMessage.Data(0, metadata.length, ByteBuffer.wrap(metadata, 0, PIECE)));
        assertThat(answer(serving, 1, quota))
                .isEqualTo(new MetadataMessage.Data(1, metadata.length, ByteBuffer.wrap(metadata, PIECE, 5)));
        assertThat(answer(serving, 2, quota)).isEqualTo(new MetadataMessage.Reject(2));
    }

    @Test
    void aPeerMayNotAskForEver() {
        MetadataServing.Quota quota = new MetadataServing.Quota();
        int allowed = MetadataServing.COPIES * 2 + MetadataServing.SMALL_CHANGE;
        for (int i = 0; i < allowed; i++) {
            assertThat(answer(serving, i % 2, quota)).isInstanceOf(MetadataMessage.Data.class);
        }
        for (int i = 0; i < MetadataServing.MAX_REFUSALS; i++) {
            assertThat(answer(serving, 0, quota)).isEqualTo(new MetadataMessage.Reject(0));
        }

        assertThat(serving.answer(new MetadataMessage.Request(0), quota)).isNull();
        assertThat(answer(serving, 0, new MetadataServing.Quota())).isInstanceOf(MetadataMessage.Data.class);
    }

    @Test
    void answersShareTheirMemory() {
        ByteBuffer one = serving.answer(new MetadataMessage.Request(0), new MetadataServing.Quota());
        ByteBuffer other = serving.answer(new MetadataMessage.Request(0), new MetadataServing.Quota());

        assertThat(one).isNotNull().isNotSameAs(other).isEqualTo(other).matches(ByteBuffer::isReadOnly);
    }

    @Test
    void whoHasNoneOrTooMuchRefuses() {
        for (byte[] none : Arrays.asList(new byte[0], new byte[MetadataMessage.MAX_METADATA + 1])) {
            MetadataServing without = new MetadataServing(ByteBuffer.wrap(none));
            assertThat(without.size()).isZero();
            assertThat(answer(without, 0, new MetadataServing.Quota())).isEqualTo(new MetadataMessage.Reject(0));
        }
    }

    private static MetadataMessage answer(MetadataServing serving, int piece, MetadataServing.Quota quota) {
        ByteBuffer payload = serving.answer(new MetadataMessage.Request(piece), quota);
        return payload != null
                        && MetadataMessage.decode(payload) instanceof Decoding.Decoded<MetadataMessage>(var message)
                ? message
                : new MetadataMessage.Unrecognized(-1);
    }
}
