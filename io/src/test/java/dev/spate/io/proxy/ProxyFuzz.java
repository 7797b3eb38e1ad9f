package dev.spate.io.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;

/** What no proxy may say, whole or in pieces (SOCKS5, RFC 1928; CONNECT, RFC 9110). */
public final class ProxyFuzz {
    private ProxyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var login = new ProxySettings.Credentials("ann", "secret");
        for (int step : new int[] {1, Math.max(1, input.length)}) {
            talk(new Socks5Handshake(Socks5Handshake.Command.CONNECT, "tracker.example", 80, login), input, step);
            talk(new Socks5Handshake(Socks5Handshake.Command.UDP_ASSOCIATE, "0.0.0.0", 0, null), input, step);
            talk(new HttpConnectHandshake("tracker.example", 80, null), input, step);
        }
        ByteBuffer datagram = ByteBuffer.wrap(input);
        if (Socks5Datagram.readHead(datagram) != null) {
            assertThat(datagram.position()).isPositive();
        }
    }

    private static void talk(ProxyHandshake handshake, byte[] input, int step) {
        assertThat(handshake.begin()).isNotEmpty();
        ByteBuffer bytes = ByteBuffer.wrap(input);
        for (int end = step; ; end += step) {
            bytes.limit(Math.min(input.length, end));
            ProxyHandshake.Step next;
            do {
                next = handshake.received(bytes);
                if (next instanceof ProxyHandshake.Step.Refused(String reason)) {
                    assertThat(reason).isNotEmpty();
                }
                if (next instanceof ProxyHandshake.Step.Done || next instanceof ProxyHandshake.Step.Refused) {
                    return;
                }
            } while (next instanceof ProxyHandshake.Step.Send);
            assertThat(bytes.remaining()).as("it waits for more").isZero();
            if (end >= input.length) {
                return;
            }
        }
    }
}
