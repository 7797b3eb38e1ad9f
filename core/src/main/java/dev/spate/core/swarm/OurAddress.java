package dev.spate.core.swarm;

import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Where others see us, as far as they tell us.
 *
 * <p>BEP 40: what a peer says about our address is a hint that "should not be blindly trusted"; it counts once two peers at different
 * addresses say the same. A tracker (BEP 24) is believed.
 */
final class OurAddress {
    private static final int VOTES = 2;
    private static final int MAX_CLAIMS = 16;

    private final int port;
    private final Map<InetAddress, SequencedSet<InetAddress>> claims = new LinkedHashMap<>();
    private PeerAddress known;

    OurAddress(int port) {
        this.port = port;
        this.known = PeerAddress.of(new byte[4], port);
    }

    PeerAddress known() {
        return known;
    }

    /** A peer said it sees us there; returns whether we know better now. */
    boolean claimed(InetAddress ours, InetAddress by) {
        if (ours.equals(known.ip())) {
            return false;
        }
        SequencedSet<InetAddress> voters = claims.computeIfAbsent(ours, _ -> new LinkedHashSet<>());
        voters.add(by);
        if (voters.size() >= VOTES) {
            return told(ours);
        }
        if (claims.size() > MAX_CLAIMS) {
            claims.remove(claims.keySet().iterator().next());
        }
        return false;
    }

    /** A tracker said it; returns whether we know better now. */
    boolean told(InetAddress ours) {
        claims.clear();
        boolean news = !ours.equals(known.ip());
        known = new PeerAddress(ours, port);
        return news;
    }
}
