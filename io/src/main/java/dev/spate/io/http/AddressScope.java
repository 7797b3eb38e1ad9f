package dev.spate.io.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * Tells addresses of the whole internet from those of one machine or network.
 *
 * <p>Sources: the IANA special-purpose address registries (RFC 6890 and its updates). An IPv6 address that carries an IPv4
 * address (mapped, NAT64, 6to4) is judged by the latter.
 */
public final class AddressScope {
    private record Block(int network, int bits) {
        boolean contains(int address) {
            return bits == 0 || (address ^ network) >>> (32 - bits) == 0;
        }

        static Block of(int a, int b, int c, int bits) {
            return new Block(a << 24 | b << 16 | c << 8, bits);
        }
    }

    private static final List<Block> NOT_PUBLIC = List.of(
            Block.of(0, 0, 0, 8), // this network
            Block.of(10, 0, 0, 8), // private
            Block.of(100, 64, 0, 10), // shared, behind a provider's NAT
            Block.of(127, 0, 0, 8), // loopback
            Block.of(169, 254, 0, 16), // link-local
            Block.of(172, 16, 0, 12), // private
            Block.of(192, 0, 0, 24), // protocol assignments
            Block.of(192, 0, 2, 24), // documentation
            Block.of(192, 168, 0, 16), // private
            Block.of(198, 18, 0, 15), // benchmarks
            Block.of(198, 51, 100, 24), // documentation
            Block.of(203, 0, 113, 24), // documentation
            Block.of(224, 0, 0, 4), // multicast
            Block.of(240, 0, 0, 4)); // reserved, broadcast

    /** Ends of names that never lead to a public address (RFC 6761, 6762, 8375, and the reserved "internal"). */
    private static final List<String> PRIVATE_NAMES = List.of("localhost", "local", "internal", "home.arpa");

    private AddressScope() {}

    /** Whether {@code address} belongs to the internet at large. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublicIpv4(bytes, 0) : isPublicIpv6(bytes);
    }

    /**
     * Whether a name can be told to be of a private network without looking it up. For use behind a proxy, where names are
     * not looked up here.
     */
    public static boolean isPrivateName(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        for (String end : PRIVATE_NAMES) {
            if (name.equals(end) || name.endsWith("." + end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPublicIpv4(byte[] bytes, int at) {
        int address = (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
        return NOT_PUBLIC.stream().noneMatch(block -> block.contains(address));
    }

    private static boolean isPublicIpv6(byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
        int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
        if (isZero(bytes, 0, 10) && bytes[10] == -1 && bytes[11] == -1) {
            return isPublicIpv4(bytes, 12); // ::ffff:0:0/96, mapped
        }
        if (first == 0x64 && second == 0xff9b && isZero(bytes, 4, 12)) {
            return isPublicIpv4(bytes, 12); // 64:ff9b::/96, NAT64
        }
        if (first == 0x2002) {
            return isPublicIpv4(bytes, 2); // 2002::/16, 6to4
        }
        if (first == 0x2001 && (second < 0x200 || second == 0xdb8)) {
            return false; // 2001::/23 protocol assignments with Teredo, 2001:db8::/32 documentation
        }
        if (first == 0x3fff && second < 0x1000) {
            return false; // 3fff::/20 documentation
        }
        // All that has been given out for global use so far lies in 2000::/3.
        return first >>> 13 == 1;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
