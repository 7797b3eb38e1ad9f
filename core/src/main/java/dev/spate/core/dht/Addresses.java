package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.SecureIds;
import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses there can be a node or peer at, and which of them belong to one owner. */
final class Addresses {
    private Addresses() {}

    /**
     * Whether it makes sense to send something there.
     *
     * @param toldBy who said that somebody is there. Only a neighbour may tell of private addresses: a stranger would have us
     *     send to our own network.
     */
    static boolean isReachable(PeerAddress address, InetAddress toldBy) {
        return isPossible(address) && (!SecureIds.isLocal(address.ip()) || SecureIds.isLocal(toldBy));
    }

    /** Whether somebody can be there at all. */
    static boolean isPossible(PeerAddress address) {
        InetAddress ip = address.ip();
        if (address.port() == 0 || ip.isAnyLocalAddress() || ip.isMulticastAddress()) {
            return false;
        }
        if (ip instanceof Inet4Address) {
            int first = ip.getAddress()[0] & 0xff;
            // 0/8 is this network, 240/4 reserved with the broadcast address at its end (RFC 6890).
            return first != 0 && first < 240;
        }
        return true;
    }

    /**
     * What stands for the owner of an address: IPv4 gives one to a customer, IPv6 a network of 64 bits.
     */
    static long owner(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        return bytes.length == 4 ? word(bytes, 0) >>> 32 : word(bytes, 0) | 1L << 63;
    }

    /** Eight bytes, or the four that there are and zeros. */
    static long word(byte[] bytes, int from) {
        long word = 0;
        for (int i = from; i < from + 8; i++) {
            word = word << 8 | (i < bytes.length ? bytes[i] & 0xff : 0);
        }
        return word;
    }

    /**
     * The key under which a table has room for one node: the owner's, but in local networks, where machines stand behind one
     * address and nobody is a stranger, each port's.
     */
    static Object place(PeerAddress address) {
        return SecureIds.isLocal(address.ip()) ? address : (Object) owner(address.ip());
    }
}
