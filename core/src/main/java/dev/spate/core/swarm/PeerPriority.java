package dev.spate.core.swarm;

import dev.spate.wire.PeerAddress;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** How much two peers should want to be connected, an order on which both agree (BEP 40). */
final class PeerPriority {
    private PeerPriority() {}

    /** The priority of a connection between two addresses, the same whichever is ours; an unsigned number. */
    static int of(PeerAddress a, PeerAddress b) {
        byte[] ipA = a.ip().getAddress();
        byte[] ipB = b.ip().getAddress();
        if (ipA.length != ipB.length) {
            // Not comparable in the sense of BEP 40: both in their whole length give as good an order as any.
            return crc(ipA, ipB);
        }
        if (Arrays.equals(ipA, ipB)) {
            return crc(port(a), port(b));
        }
        int common = Arrays.mismatch(ipA, ipB);
        // BEP 40: IPv4 begins with two whole bytes, IPv6 with six; each further byte in common is followed by one more
        // whole
        // byte. The rest is masked with 0x55.
        int first = ipA.length == 4 ? 2 : 6;
        int whole = common < first ? first : common + 1;
        for (int i = whole; i < ipA.length; i++) {
            ipA[i] &= 0x55;
            ipB[i] &= 0x55;
        }
        return crc(ipA, ipB);
    }

    private static byte[] port(PeerAddress address) {
        return new byte[] {(byte) (address.port() >>> 8), (byte) address.port()};
    }

    private static int crc(byte[] a, byte[] b) {
        boolean inOrder = Arrays.compareUnsigned(a, b) <= 0;
        CRC32C crc = new CRC32C();
        crc.update(inOrder ? a : b);
        crc.update(inOrder ? b : a);
        return (int) crc.getValue();
    }
}
