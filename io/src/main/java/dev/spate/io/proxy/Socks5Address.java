package dev.spate.io.proxy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Addresses as SOCKS5 has them, in requests, answers and datagrams (RFC 1928, section 5). Nothing is looked up. */
final class Socks5Address {
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    /** The longest: the kind, a length, a name, a port. */
    static final int MAX_LENGTH = 1 + 1 + 255 + 2;

    private static final int PORT_LENGTH = 2;

    private Socks5Address() {}

    /**
     * Writes an address.
     *
     * @throws IllegalArgumentException if the name is too long
     */
    static void write(String host, int port, ByteBuffer to) {
        InetAddress literal = literal(host);
        if (literal == null) {
            byte[] name = host.getBytes(StandardCharsets.UTF_8);
            if (name.length == 0 || name.length > 255) {
                throw new IllegalArgumentException("a host's name has 1 to 255 bytes, not " + name.length);
            }
            to.put((byte) NAME).put((byte) name.length).put(name);
        } else {
            to.put((byte) (literal instanceof Inet4Address ? IPV4 : IPV6)).put(literal.getAddress());
        }
        to.putShort((short) port);
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    /** How many bytes the address has that begins here; 0 while too little is there to tell, -1 if it makes no sense. */
    static int length(ByteBuffer from) {
        if (!from.hasRemaining()) {
            return 0;
        }
        int at = from.position();
        return switch (from.get(at)) {
            case IPV4 -> 1 + 4 + PORT_LENGTH;
            case IPV6 -> 1 + 16 + PORT_LENGTH;
            case NAME -> from.remaining() < 2 ? 0 : 1 + 1 + Byte.toUnsignedInt(from.get(at + 1)) + PORT_LENGTH;
            default -> -1;
        };
    }

    /** Reads an address that is whole; a name stays one. */
    static InetSocketAddress read(ByteBuffer from) {
        int kind = from.get();
        byte[] bytes = new byte[kind == IPV4 ? 4 : kind == IPV6 ? 16 : Byte.toUnsignedInt(from.get())];
        from.get(bytes);
        int port = Short.toUnsignedInt(from.getShort());
        if (kind == NAME) {
            return InetSocketAddress.createUnresolved(new String(bytes, StandardCharsets.UTF_8), port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
