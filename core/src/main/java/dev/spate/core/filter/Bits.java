package dev.spate.core.filter;

import dev.spate.wire.PeerAddress;
import java.util.StringJoiner;

/** Addresses as numbers, and back. */
final class Bits {
    private Bits() {}

    /** Up to eight bytes in network order. */
    static long read(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = (value << 8) | (bytes[i] & 0xff);
        }
        return value;
    }

    private static void write(long value, byte[] bytes, int from, int count) {
        for (int i = 0; i < count; i++) {
            bytes[from + i] = (byte) (value >>> (8 * (count - 1 - i)));
        }
    }

    static String ipv4(int ip) {
        byte[] bytes = new byte[4];
        write(ip, bytes, 0, 4);
        return PeerAddress.of(bytes, 0).ip().getHostAddress();
    }

    static String ipv6(long high, long low) {
        byte[] bytes = new byte[16];
        write(high, bytes, 0, 8);
        write(low, bytes, 8, 8);
        var groups = new StringJoiner(":");
        for (int i = 0; i < bytes.length; i += 2) {
            groups.add(Long.toHexString(read(bytes, i, 2)));
        }
        return groups.toString();
    }
}
