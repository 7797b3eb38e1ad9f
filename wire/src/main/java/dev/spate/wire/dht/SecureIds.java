package dev.spate.wire.dht;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * Node ids that are tied to their node's address (BEP 42), so that nobody can choose where in the space he settles. Pure; for
 * all threads.
 */
public final class SecureIds {
    // BEP 42, "node ID restriction": what counts of an address, the less the further it is down.
    private static final byte[] IPV4_MASK = {0x03, 0x0f, 0x3f, (byte) 0xff};
    private static final byte[] IPV6_MASK = {0x01, 0x03, 0x07, 0x0f, 0x1f, 0x3f, 0x7f, (byte) 0xff};

    private SecureIds() {}

    /**
     * A fresh id for a node with this address.
     *
     * @param external where the internet sees the node
     */
    public static NodeId make(InetAddress external, RandomGenerator random) {
        byte[] id = new byte[NodeId.LENGTH];
        random.nextBytes(id);
        int prefix = prefix(external, id[NodeId.LENGTH - 1] & 7);
        id[0] = (byte) (prefix >>> 24);
        id[1] = (byte) (prefix >>> 16);
        id[2] = (byte) ((prefix >>> 8 & 0xf8) | (id[2] & 7));
        return NodeId.of(id);
    }

    /** Whether a node at this address may have this id. Addresses of local networks may have any. */
    public static boolean allows(InetAddress address, NodeId id) {
        if (isLocal(address)) {
            return true;
        }
        byte[] bytes = id.toBytes();
        int prefix = prefix(address, bytes[NodeId.LENGTH - 1] & 7);
        // The first 21 bits are bound.
        return bytes[0] == (byte) (prefix >>> 24)
                && bytes[1] == (byte) (prefix >>> 16)
                && (bytes[2] & 0xf8) == (prefix >>> 8 & 0xf8);
    }

    /** Whether the address is one of a local network or of this machine, which BEP 42, "enforcement", exempts. */
    public static boolean isLocal(InetAddress address) {
        if (address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress()) {
            return true;
        }
        // fc00::/7, the private addresses of IPv6 (RFC 4193).
        return !(address instanceof Inet4Address) && (address.getAddress()[0] & 0xfe) == 0xfc;
    }

    private static int prefix(InetAddress address, int r) {
        byte[] ip = address.getAddress();
        byte[] mask = address instanceof Inet4Address ? IPV4_MASK : IPV6_MASK;
        byte[] masked = new byte[mask.length];
        for (int i = 0; i < mask.length; i++) {
            masked[i] = (byte) (ip[i] & mask[i]);
        }
        masked[0] |= (byte) (r << 5);
        CRC32C crc = new CRC32C();
        crc.update(masked);
        return (int) crc.getValue();
    }
}
