package dev.spate.wire.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;

/** What no datagram may do to a node. */
public final class KrpcFuzz {
    private KrpcFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer datagram = ByteBuffer.wrap(input);
        Decoding<KrpcMessage> decoding = KrpcDecoder.decode(datagram);
        assertThat(datagram.position()).isZero();
        assertThat(decoding).isNotInstanceOf(Decoding.NeedMore.class);
        if (decoding instanceof Decoding.Decoded<KrpcMessage>(var message)) {
            // What was left unsaid may be said now, and U+FFFD in an error's text takes three bytes.
            ByteBuffer again = ByteBuffer.allocate(3 * input.length + 100);
            KrpcEncoder.encode(message, again);
            assertThat(KrpcDecoder.decode(again.flip())).isEqualTo(decoding);
            if (message instanceof KrpcMessage.Query query && query.question() instanceof Question.Put put) {
                DhtItem.check(put);
            }
            if (message instanceof KrpcMessage.Answer answer && answer.results().item() != null) {
                DhtItem.check(answer.results().item(), answer.id(), Bytes.EMPTY);
            }
        }
    }
}
