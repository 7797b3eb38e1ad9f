package dev.spate.core.swarm;

import dev.spate.wire.peer.PeerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells peers of new pieces, many at a time.
 *
 * <p>One walk over all connections per round, not per piece: small pieces on a fast link would make it thousands a second. The
 * first piece after a quiet time goes out at once. The same walk looks at our interest again, which new pieces may end.
 *
 * <p>Only those are told in each round who can act on it: whom we serve, and who wants nothing of us yet. Who waits to be served, and who
 * has everything, is told once a second, or when we begin to serve it; most connections of a large swarm are such ones, and a packet
 * costs more than what it says.
 */
final class HaveBroadcast {
    /** Between two rounds, nanoseconds. */
    static final long EVERY = Duration.ofMillis(100).toNanos();

    /** After so many nanoseconds everybody is told. */
    static final long AT_LATEST = Duration.ofSeconds(1).toNanos();

    /** So many pieces do not wait for the round. */
    static final int MAX_FRESH = 1024;

    private final Conversations conversations;
    private final Interest interest;
    private final Outputs outputs;

    /** The pieces that not everybody was told of; {@link Conversation#toldOfFresh} says how many of them each was. */
    private final List<PeerMessage.Have> fresh = new ArrayList<>();

    private boolean roundDue;
    private boolean wantsChanged;
    private boolean started;
    private long roundAt;
    private long tellAllAt = Long.MAX_VALUE;

    HaveBroadcast(Conversations conversations, Interest interest, Outputs outputs) {
        this.conversations = conversations;
        this.interest = interest;
        this.outputs = outputs;
    }

    /** A piece is on disk. */
    void add(int piece) {
        fresh.add(new PeerMessage.Have(piece));
        roundDue = true;
    }

    /** A piece is on disk no longer; those who were not told of it need not be. */
    void forget(int piece) {
        for (int i = fresh.size() - 1; i >= 0; i--) {
            if (fresh.get(i).piece() == piece) {
                fresh.remove(i);
                for (Conversation each : conversations.all()) {
                    each.toldOfFresh -= each.toldOfFresh > i ? 1 : 0;
                }
            }
        }
    }

    /** We want a piece less, so interest may end; that is looked at in the next round. */
    void lessIsWanted() {
        roundDue = true;
    }

    /** What we want has changed in any way, so interest is to be looked at in the next round. */
    void wantsChanged() {
        roundDue = true;
        wantsChanged = true;
    }

    /** A peer gets a bitfield with all that is on disk. */
    void told(Conversation peer) {
        peer.toldOfFresh = fresh.size();
    }

    /** Tells a peer of all that it was not told of yet: in its round, or because we begin to serve it. */
    void tell(Conversation peer) {
        for (int i = peer.toldOfFresh; i < fresh.size(); i++) {
            peer.peer.have(fresh.get(i));
        }
        if (peer.toldOfFresh < fresh.size()) {
            peer.toldOfFresh = fresh.size();
            outputs.touch(peer);
        }
    }

    long deadline() {
        return Math.min(tellAllAt, roundDue ? roundAt : Long.MAX_VALUE);
    }

    /** Does what is due. */
    void settle(long now) {
        if (!fresh.isEmpty() && tellAllAt == Long.MAX_VALUE) {
            tellAllAt = now + AT_LATEST;
        }
        boolean all = fresh.size() >= MAX_FRESH || (tellAllAt != Long.MAX_VALUE && now - tellAllAt >= 0);
        if (all || (roundDue && (!started || now - roundAt >= 0))) {
            round(all, now);
        }
    }

    private void round(boolean all, long now) {
        started = true;
        roundAt = now + EVERY;
        roundDue = false;
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                if (all || canAct(each)) {
                    tell(each);
                }
                if (wantsChanged) {
                    interest.review(each);
                } else {
                    interest.lessIsWanted(each);
                }
            }
        }
        wantsChanged = false;
        if (all) {
            tellAllAt = Long.MAX_VALUE;
            fresh.clear();
            for (Conversation each : conversations.all()) {
                each.toldOfFresh = 0;
            }
        }
    }

    private static boolean canAct(Conversation peer) {
        return !(peer.peer.peerInterested() && peer.peer.wantsChoke()) && !peer.peer.isSeed();
    }
}
