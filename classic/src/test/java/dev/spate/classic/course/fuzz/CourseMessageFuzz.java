package dev.spate.classic.course.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.wire.Deviation;
import dev.spate.classic.course.wire.Dialect;
import dev.spate.classic.course.wire.Handshake;
import dev.spate.classic.course.wire.Message;
import dev.spate.classic.course.wire.MessageDecoder;
import dev.spate.classic.course.wire.MessageEncoder;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;

/** What no neighbour may do with its bytes. The first three bytes of an input choose the file and the dialect, the rest is the stream. */
public final class CourseMessageFuzz {
    /** Where the id of a handshake begins. */
    private static final int ID_AT = 28;

    private CourseMessageFuzz() {}

    private static Dialect dialect(int bits) {
        EnumSet<Deviation> some = EnumSet.noneOf(Deviation.class);
        int bit = 1;
        for (Deviation each : Deviation.values()) {
            if ((bits & bit) != 0) {
                some.add(each);
            }
            bit <<= 1;
        }
        return new Dialect(some);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 3) {
            return;
        }
        PieceLayout layout = new PieceLayout(1 + (input[0] & 0xff) * 7L, 1 + (input[1] >>> 3 & 0x1f));
        MessageDecoder decoder = (input[1] & 1) != 0
                ? MessageDecoder.guessing(layout, id -> id < 10_000)
                : MessageDecoder.of(layout, dialect(input[2]));
        ByteBuffer stream = ByteBuffer.wrap(input, 3, input.length - 3);
        int start = stream.position();
        if (decoder.handshake(stream) instanceof Decoding.Decoded<Handshake>(var handshake)) {
            ByteBuffer again = ByteBuffer.allocate(Handshake.LENGTH);
            handshake.encode(again);
            assertThat(Arrays.copyOfRange(again.array(), ID_AT, Handshake.LENGTH))
                    .isEqualTo(Arrays.copyOfRange(input, start + ID_AT, start + Handshake.LENGTH));
            assertThat(decoder.handshake(again.flip())).isEqualTo(new Decoding.Decoded<>(handshake));
        }
        while (true) {
            int begin = stream.position();
            switch (decoder.decode(stream)) {
                case Decoding.Decoded<Message>(Message message) -> {
                    assertThat(stream.position()).isGreaterThan(begin);
                    byte[] bytes = Arrays.copyOfRange(input, begin, stream.position());
                    comesBack(message, bytes, decoder.dialect(), layout);
                    int content = message instanceof Message.Piece(var piece, var padding)
                            ? layout.length(piece) + padding
                            : 0;
                    stream.position(stream.position() + Math.min(content, stream.remaining()));
                }
                case Decoding.NeedMore<Message>(int bytes) -> {
                    assertThat(bytes).isGreaterThan(stream.remaining()).isLessThan(1 << 20);
                    assertThat(stream.position()).isEqualTo(begin);
                    return;
                }
                case Decoding.Malformed<Message> malformed -> {
                    assertThat(malformed.reason()).isNotEmpty();
                    assertThat(stream.position()).isEqualTo(begin);
                    return;
                }
            }
        }
    }

    private static void comesBack(Message message, byte[] bytes, Dialect dialect, PieceLayout layout) {
        MessageEncoder encoder = new MessageEncoder(layout);
        ByteBuffer again = ByteBuffer.allocate(encoder.length(message));
        encoder.encode(message, dialect, again);
        byte[] encoded = Arrays.copyOf(again.array(), again.position());
        if (dialect.has(Deviation.LOW_BIT) && message instanceof Message.Bitfield) {
            // Zero bytes at the end may have been there.
            assertThat(MessageDecoder.of(layout, dialect).decode(ByteBuffer.wrap(encoded)))
                    .isEqualTo(new Decoding.Decoded<>(message));
        } else {
            assertThat(encoded).isEqualTo(bytes);
        }
    }
}
