package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.peer.Peer;
import dev.spate.core.peer.PeerTerms;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.peer.Handshake;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: not ourselves, nobody twice, nobody who is shut out; and for everyone else a place is found.
 *
 * <p><b>Twice.</b> Two peers that dial each other at the same moment have two connections and must both keep the same one: that of
 * the peer with the lower id. That holds for a moment only; later the older connection stays, so that nobody can throw a
 * peer out by taking its name.
 *
 * <p><b>A place.</b> When all places are taken, one is freed for who comes in; else those who came first would keep everybody
 * else out (BEP 40). Those who serve us or are served keep theirs, up to half of all. Of the others goes who comes from the most
 * crowded network, then who has the lowest priority by BEP 40; so a crowd from one network only ever displaces itself.
 */
final class Admission {

    /** Within such a time of each other two connections of one peer are taken for a crossing. */
    static final long CROSSING = Duration.ofSeconds(10).toNanos();

    /** Who delivered a block in this time serves us. */
    static final long USEFUL = Duration.ofSeconds(60).toNanos();

    private final SwarmIdentity identity;
    private final Bounds bounds;
    private final PeerTerms terms;
    private final Conversations conversations;
    private final Bans bans;
    private final OurAddress ourAddress;
    private final Departures departures;
    private final Outputs outputs;

    Admission(Roster roster, PeerTerms terms, Departures departures) {
        this.identity = roster.identity();
        this.bounds = roster.bounds();
        this.terms = terms;
        this.conversations = roster.conversations();
        this.bans = roster.bans();
        this.ourAddress = roster.ourAddress();
        this.departures = departures;
        this.outputs = roster.outputs();
    }

    /** Someone came in; returns its connection, or null after the refusal was reported. */
    @Nullable
    Conversation accept(PeerAddress remote, Handshake theirs, long now) {
        Kind objection = objection(remote, theirs);
        Conversation twin = null;
        if (objection == null) {
            twin = conversations.withId(theirs.peerId(), null);
            if (twin != null && keepsOlder(twin, theirs.peerId(), false, now)) {
                objection = Kind.DUPLICATE_CONNECTION;
            }
        }
        if (objection != null) {
            outputs.report(new SwarmEvent.PeerRefused(remote, CloseReason.of(objection)));
            return null;
        }
        if (twin != null) {
            departures.close(twin, Kind.DUPLICATE_CONNECTION);
        } else if (conversations.open() >= bounds.maxConnections()) {
            departures.close(victim(remote, now), Kind.EVICTED);
        }
        return conversations.add(Peer.incoming(terms, now), remote, null, now);
    }

    /** A peer that we dialed answered; returns why it cannot stay, or null. May close its twin. */
    @Nullable
    Kind check(Conversation dialed, Handshake theirs, long now) {
        Kind objection = objection(dialed.address, theirs);
        if (objection != null) {
            return objection;
        }
        Conversation twin = conversations.withId(theirs.peerId(), dialed);
        if (twin == null) {
            return null;
        }
        boolean older = keepsOlder(twin, theirs.peerId(), true, now);
        Conversation stays = older ? twin : dialed;
        Conversation goes = older ? dialed : twin;
        if (stays.candidate == null) {
            // The address that was dialed is that of the connection that stays, and not to be dialed again.
            stays.candidate = goes.candidate;
            goes.candidate = null;
        }
        if (older) {
            return Kind.DUPLICATE_CONNECTION;
        }
        departures.close(twin, Kind.DUPLICATE_CONNECTION);
        return null;
    }

    private @Nullable Kind objection(PeerAddress remote, Handshake theirs) {
        if (!theirs.infoHash().equals(identity.infoHash())) {
            return Kind.WRONG_INFO_HASH;
        }
        if (theirs.peerId().equals(identity.peerId())) {
            return Kind.SELF_CONNECTION;
        }
        if (bans.turnsAway(remote.ip())) {
            return Kind.FILTERED;
        }
        return bans.isBanned(remote.ip(), theirs.peerId()) ? Kind.BANNED : null;
    }

    private boolean keepsOlder(Conversation older, PeerId theirs, boolean newIsOutgoing, long now) {
        if (older.peer.outgoing() == newIsOutgoing || now - older.since > CROSSING) {
            return true;
        }
        boolean oursIsLower = Arrays.compareUnsigned(identity.peerId().toBytes(), theirs.toBytes()) < 0;
        boolean keepOutgoing = oursIsLower;
        return older.peer.outgoing() == keepOutgoing;
    }

    /** Closes those of least use until no more than so many are left. */
    void shed(int left, long now) {
        while (conversations.open() > left) {
            departures.close(victim(null, now), Kind.NO_ROOM);
        }
    }

    /** What counts when one has to go. */
    private record Standing(Conversation conversation, long use, InetAddress network) {}

    private Conversation victim(@Nullable PeerAddress newcomer, long now) {
        List<Standing> open = new ArrayList<>();
        // Only looked up, never iterated.
        Map<InetAddress, Integer> crowds = new HashMap<>();
        for (Conversation each : conversations.all()) {
            if (!each.closing) {
                Standing standing = new Standing(each, use(each, now), network(each.address));
                open.add(standing);
                crowds.merge(standing.network(), 1, Integer::sum);
            }
        }
        if (newcomer != null) {
            crowds.merge(network(newcomer), 1, Integer::sum);
        }
        open.sort(Comparator.comparingLong(Standing::use).reversed());
        int kept = 0;
        while (kept < bounds.maxConnections() / 2
                && kept < open.size()
                && open.get(kept).use() > 0) {
            kept++;
        }
        List<Standing> exposed = open.subList(Math.min(kept, open.size() - 1), open.size());
        return exposed.stream()
                .min(Comparator.<Standing, Boolean>comparing(
                                each -> each.conversation().peer.isOpen())
                        .thenComparingInt(each -> -crowds.getOrDefault(each.network(), 0))
                        .thenComparing(each -> priority(each.conversation()), Integer::compareUnsigned)
                        .thenComparingInt(each -> each.conversation().slot))
                .orElseThrow()
                .conversation();
    }

    /** How much is moved between us, 0 for nothing lately. */
    private static long use(Conversation each, long now) {
        boolean delivers = each.hasDelivered && now - each.deliveredAt <= USEFUL;
        return each.in.bytesPerSecond(now) + each.out.bytesPerSecond(now) + (delivers ? 1 : 0);
    }

    private int priority(Conversation each) {
        return PeerPriority.of(ourAddress.known(), each.address);
    }

    /** The /24 or /48 of an address. */
    private static InetAddress network(PeerAddress address) {
        byte[] ip = address.ip().getAddress();
        Arrays.fill(ip, ip.length == 4 ? 3 : 6, ip.length, (byte) 0);
        return PeerAddress.of(ip, 0).ip();
    }
}
