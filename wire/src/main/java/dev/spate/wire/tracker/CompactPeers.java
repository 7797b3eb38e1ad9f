package dev.spate.wire.tracker;

import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Lists of peers as addresses and ports in a row (BEPs 7, 15, 23). */
final class CompactPeers {

    /** The most peers that one answer may bring; trackers mostly give 50 or 200. */
    static final int MAX_PEERS = 10_000;

    private CompactPeers() {}

    /**
     * Reads all that remains. Peers with port 0 are left out, since nobody listens there, and so are a cut-off last one and
     * those beyond {@link #MAX_PEERS}.
     */
    static List<PeerAddress> read(ByteBuffer from, AddressFamily family) {
        List<PeerAddress> peers = new ArrayList<>();
        byte[] ip = new byte[family.compactLength() - Short.BYTES];
        while (from.remaining() >= family.compactLength() && peers.size() < MAX_PEERS) {
            from.get(ip);
            int port = from.getShort() & 0xffff;
            if (port != 0) {
                peers.add(PeerAddress.of(ip, port));
            }
        }
        return peers;
    }

    /** Puts the peers of a family as far as there is room. */
    static void write(List<PeerAddress> peers, AddressFamily family, ByteBuffer into) {
        for (PeerAddress peer : peers) {
            if (into.remaining() < family.compactLength()) {
                return;
            }
            if (family.holds(peer)) {
                into.put(peer.ip().getAddress()).putShort((short) peer.port());
            }
        }
    }

    /** The peers of a family, as bytes. */
    static byte[] bytes(List<PeerAddress> peers, AddressFamily family) {
        int count = (int) peers.stream().filter(family::holds).count();
        ByteBuffer bytes = ByteBuffer.allocate(count * family.compactLength());
        write(peers, family, bytes);
        return bytes.array();
    }
}
