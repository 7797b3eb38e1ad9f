package dev.spate.io.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;

/** What no datagram of a gateway may do (NAT-PMP, RFC 6886; PCP, RFC 6887). */
public final class GatewayFuzz {
    private GatewayFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer datagram = ByteBuffer.wrap(input);
        GatewayMessages.read(datagram, new byte[12]);
        assertThat(datagram.position()).isZero();
    }
}
