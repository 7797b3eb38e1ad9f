package dev.spate.io.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The head that a datagram has on its way to and from a SOCKS5 proxy (RFC 1928, section 7). */
final class Socks5Datagram {
    private static final int HEAD = 3;

    /** Bytes that a head has at most. */
    static final int MAX_HEAD = HEAD + Socks5Address.MAX_LENGTH;

    private Socks5Datagram() {}

    /** Writes the head; the payload follows. */
    static void writeHead(InetSocketAddress to, ByteBuffer datagram) {
        datagram.put((byte) 0).put((byte) 0).put((byte) 0);
        // Of an address its number, of a name the name: neither looks anything up.
        String host = to.isUnresolved() ? to.getHostString() : to.getAddress().getHostAddress();
        Socks5Address.write(host, to.getPort(), datagram);
    }

    /**
     * Reads the head, so that the payload is what remains.
     *
     * @return from whom it comes; null if there is no whole head, or the datagram is one of several fragments (which the RFC leaves
     *     to those who want them)
     */
    static @Nullable InetSocketAddress readHead(ByteBuffer datagram) {
        if (datagram.remaining() < HEAD || datagram.get(datagram.position() + 2) != 0) {
            return null;
        }
        datagram.position(datagram.position() + HEAD);
        int length = Socks5Address.length(datagram);
        return length <= 0 || length > datagram.remaining() ? null : Socks5Address.read(datagram);
    }
}
