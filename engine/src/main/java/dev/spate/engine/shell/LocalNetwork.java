package dev.spate.engine.shell;

import java.net.InetAddress;

/** Tells the addresses of this machine and of private networks, where bytes cost nothing, from all others. */
final class LocalNetwork {
    private LocalNetwork() {}

    /**
     * Loopback, link-local, and the private ranges: 10/8, 172.16/12, 192.168/16 (RFC 1918), fc00::/7 (RFC 4193) and the
     * fec0::/10 that came before it.
     */
    static boolean contains(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || isUniqueLocal(address.getAddress());
    }

    private static boolean isUniqueLocal(byte[] bytes) {
        return bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    }
}
