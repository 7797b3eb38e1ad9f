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
 */
final class HaveBroadcast {
    static final long EVERY = Duration.ofMillis(100).toNanos();

    /** So many pieces do not wait for the round. */
    static final int MAX_FRESH = 1024;

    private final Conversations conversations;
    private final Interest interest;
    private final Outputs outputs;
    private final List<PeerMessage.Have> fresh = new ArrayList<>();
    private boolean reviewDue;
    private boolean started;
    private long roundAt;

    HaveBroadcast(Conversations conversations, Interest interest, Outputs outputs) {
        this.conversations = conversations;
        this.interest = interest;
        this.outputs = outputs;
    }

    /** A piece is on disk. */
    void add(int piece) {
        fresh.add(new PeerMessage.Have(piece));
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

    /** What we want has changed, so interest is to be looked at in the next round. */
    void wantsChanged() {
        reviewDue = true;
    }

    /** A peer gets a bitfield with all that is on disk. */
    void told(Conversation peer) {
        peer.toldOfFresh = fresh.size();
    }

    long deadline() {
        return isIdle() ? Long.MAX_VALUE : roundAt;
    }

    private boolean isIdle() {
        return fresh.isEmpty() && !reviewDue;
    }

    /** Does what is due. */
    void settle(long now) {
        if (isIdle() || (started && now - roundAt < 0 && fresh.size() < MAX_FRESH)) {
            return;
        }
        started = true;
        roundAt = now + EVERY;
        reviewDue = false;
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                for (int i = each.toldOfFresh; i < fresh.size(); i++) {
                    each.peer.have(fresh.get(i));
                }
                each.toldOfFresh = 0;
                interest.review(each);
                outputs.touch(each);
            }
        }
        fresh.clear();
    }
}
