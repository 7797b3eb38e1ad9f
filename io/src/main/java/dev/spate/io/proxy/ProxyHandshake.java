package dev.spate.io.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What is said to a proxy before it carries anything for us, without a socket: bytes to be sent come out, bytes that came go in.
 * It takes no byte more than belongs to it, so that what the other side says first is not lost.
 */
public sealed interface ProxyHandshake permits Socks5Handshake, HttpConnectHandshake {

    /** What came of the bytes so far. */
    sealed interface Step {
        /** These are to be sent; then it goes on with what is left of the bytes. */
        record Send(ByteBuffer bytes) implements Step {
            /** A copy of them. */
            public byte[] toArray() {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                return copy;
            }
        }

        /** It waits for more bytes. */
        record More() implements Step {}

        /**
         * The proxy agrees.
         *
         * @param bound what it told as its own end, with port 0 where it told nothing; for an association the place for datagrams
         */
        record Done(InetSocketAddress bound) implements Step {}

        /** The proxy will not, or makes no sense; the reason is a sentence for a person. */
        record Refused(String reason) implements Step {}
    }

    /** The first bytes to be sent, once. */
    byte[] begin();

    /** Reads as many of {@code bytes} as belong to the handshake and make a step. Not to be called after its end. */
    Step received(ByteBuffer bytes);

    /**
     * Asks for a connection.
     *
     * @param proxy not {@link ProxySettings.Direct}
     * @param host a name, which the proxy looks up, or a numeric address
     */
    static ProxyHandshake connect(ProxySettings proxy, String host, int port) {
        return switch (proxy) {
            case ProxySettings.Direct() -> throw new IllegalArgumentException("there is no proxy");
            case ProxySettings.Http http -> new HttpConnectHandshake(host, port, http.credentials());
            case ProxySettings.Socks5 socks ->
                new Socks5Handshake(Socks5Handshake.Command.CONNECT, host, port, socks.credentials());
        };
    }
}
