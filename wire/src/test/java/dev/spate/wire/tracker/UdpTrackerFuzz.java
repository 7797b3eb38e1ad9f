package dev.spate.wire.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What no datagram may do, taken as a client's request and as a tracker's answer. */
public final class UdpTrackerFuzz {
    private UdpTrackerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer datagram = ByteBuffer.wrap(input);
        if (UdpTrackerCodec.decodeRequest(datagram) instanceof Decoding.Decoded<UdpRequest>(var request)) {
            ByteBuffer again = ByteBuffer.allocate(
                    request instanceof UdpRequest.Announce ? UdpTrackerCodec.MAX_REQUEST_LENGTH : input.length);
            UdpTrackerCodec.encode(request, again);
            assertThat(UdpTrackerCodec.decodeRequest(again.flip())).isEqualTo(new Decoding.Decoded<>(request));
        }
        for (AddressFamily family : AddressFamily.values()) {
            if (UdpTrackerCodec.decodeAnswer(datagram, family) instanceof Decoding.Decoded<UdpAnswer>(var answer)) {
                ByteBuffer first = encoded(answer, family, input.length);
                var decoded = (Decoding.Decoded<UdpAnswer>) UdpTrackerCodec.decodeAnswer(first, family);
                assertThat(encoded(decoded.value(), family, input.length)).isEqualTo(first);
            }
        }
        assertThat(datagram.position()).isZero();
        UdpRequest.Announce.urlData(new String(input, StandardCharsets.UTF_8));
    }

    private static ByteBuffer encoded(UdpAnswer answer, AddressFamily family, int length) {
        // A reason may grow when it is cleaned: U+FFFD takes three bytes.
        ByteBuffer into = ByteBuffer.allocate(3 * length + 100);
        UdpTrackerCodec.encode(answer, family, into);
        return into.flip();
    }
}
