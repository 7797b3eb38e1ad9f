package dev.spate.classic.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;

/** What no datagram may do to a node. */
public final class DatagramsFuzz {
    private DatagramsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer datagram = ByteBuffer.wrap(input);
        Decoding<Message> decoding = Datagrams.decode(datagram);
        assertThat(datagram.position()).isZero();
        assertThat(decoding).isNotInstanceOf(Decoding.NeedMore.class);
        if (decoding instanceof Decoding.Decoded<Message>(Message message)) {
            ByteBuffer again = ByteBuffer.allocate(Datagrams.LENGTH);
            Datagrams.encode(message, again);
            assertThat(Datagrams.decode(again.flip())).isEqualTo(decoding);
        }
    }
}
