package dev.spate.core.swarm;

import dev.spate.core.filter.IpFilter;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is shut out.
 *
 * <p>The user shuts out an address with all that is behind it. Bad data shuts out the peer that sent it, by its address and its id:
 * behind one address there may be many, a whole house or a provider's customers, and an honest one must not pay for a
 * neighbour. A bad peer can come back under a new id, so its address is remembered as <em>doubtful</em>: whoever comes from
 * there is on parole until a piece of its was good, and only one at a time (see {@link Admission}). Full tables forget the
 * oldest entry.
 *
 * <p>Beside that the user may have a list of addresses; it is another thing than a ban, for it can be replaced, and so what it shuts
 * out is not remembered as bad.
 */
final class Bans {
    static final int BOUND = 4096;

    private record Who(InetAddress ip, PeerId id) {}

    private final SequencedSet<InetAddress> addresses = new LinkedHashSet<>();
    private final SequencedSet<Who> peers = new LinkedHashSet<>();
    private final SequencedSet<InetAddress> doubtful = new LinkedHashSet<>();
    private final SequencedSet<InetAddress> turnedAway = new LinkedHashSet<>();
    private IpFilter filter = IpFilter.none();

    void filter(IpFilter list) {
        filter = list;
        turnedAway.clear();
    }

    /** Whether the user's list shuts out this peer, which was heard of. */
    boolean turnsAway(InetAddress ip) {
        boolean filtered = isFiltered(ip);
        if (filtered) {
            add(turnedAway, ip);
        }
        return filtered;
    }

    /** How many addresses the user's list has turned away, as far as they are remembered. */
    int turnedAway() {
        return turnedAway.size();
    }

    /** Whether the user's list shuts this address out. */
    boolean isFiltered(InetAddress ip) {
        return filter.blocks(ip);
    }

    void banAddress(InetAddress ip) {
        add(addresses, ip);
    }

    /** Shuts out one peer, and makes its address doubtful. */
    void banPeer(PeerAddress address, PeerId id) {
        add(peers, new Who(address.ip(), id));
        add(doubtful, address.ip());
    }

    private static <T> void add(SequencedSet<T> set, T entry) {
        set.remove(entry);
        set.add(entry);
        if (set.size() > BOUND) {
            set.removeFirst();
        }
    }

    boolean isBanned(InetAddress ip) {
        return addresses.contains(ip);
    }

    boolean isBanned(InetAddress ip, @Nullable PeerId id) {
        return isBanned(ip) || (id != null && peers.contains(new Who(ip, id)));
    }

    /** Whether a peer at this address sent bad data. */
    boolean isDoubtful(InetAddress ip) {
        return doubtful.contains(ip);
    }

    /** How many entries there are. */
    int size() {
        return addresses.size() + peers.size();
    }
}
