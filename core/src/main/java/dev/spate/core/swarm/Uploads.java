package dev.spate.core.swarm;

import dev.spate.core.peer.Heard;
import dev.spate.wire.BlockRange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves peers: only what is on disk and they know of, only to those who may have it, and only as fast as the shell pulls and a peer's
 * {@link Allowance} lets it.
 *
 * <p>The shell is told once that there is something to pull; it pulls when the socket has room, until there is nothing. So what is
 * on its way to a peer is bounded by the shell's buffers, and a choke or a cancel catches everything else. A peer that has had its
 * allowance has nothing to pull for the moment, and the shell is told again when there is more.
 */
final class Uploads {
    /** How often those are looked at that wait for their allowance; a limit of the user's does it as often. */
    private static final long TICK_NANOS = 20_000_000;

    private final Progress progress;
    private final Suggestions suggestions;
    private final Outputs outputs;

    /** Peers that would be served now but for their allowance; each is connected. */
    private final Set<Conversation> waiting = new LinkedHashSet<>();

    private long wakeAt = Long.MAX_VALUE;

    Uploads(Progress progress, Suggestions suggestions, Outputs outputs) {
        this.progress = progress;
        this.suggestions = suggestions;
        this.outputs = outputs;
    }

    /** The peer's requests or our choke have changed. */
    void review(Conversation to, long now) {
        if (to.pulling || to.closing || !to.peer.hasRequest()) {
            return;
        }
        if (mayTake(to, now)) {
            to.pulling = true;
            outputs.add(new Effect.BlocksReady(to.slot));
        } else {
            await(to, now);
        }
    }

    private static boolean mayTake(Conversation to, long now) {
        return to.allowance == null || to.allowance.mayTake(now);
    }

    private void await(Conversation to, long now) {
        Allowance allowance = to.allowance;
        if (allowance != null && waiting.add(to)) {
            long at = now + Math.max(TICK_NANOS, allowance.nanosUntil(now));
            if (wakeAt == Long.MAX_VALUE || at - wakeAt < 0) {
                wakeAt = at;
            }
        }
    }

    /** How fast a peer is to be served from now on. */
    void allow(Conversation to, long rateBytesPerSecond, long now) {
        Allowance present = to.allowance;
        if (present == null) {
            to.allowance = new Allowance(rateBytesPerSecond, now);
        } else {
            present.setRate(rateBytesPerSecond, now);
            rested(to);
        }
    }

    /** It is served as fast as it goes, if at all. */
    void free(Conversation to) {
        if (to.allowance != null) {
            to.allowance = null;
            rested(to);
        }
    }

    /** It does not wait for what it waited for; it is to be looked at again. */
    private void rested(Conversation to) {
        if (waiting.remove(to)) {
            outputs.touch(to);
        }
    }

    void gone(Conversation peer) {
        waiting.remove(peer);
    }

    long deadline() {
        return waiting.isEmpty() ? Long.MAX_VALUE : wakeAt;
    }

    void settle(long now) {
        if (!waiting.isEmpty() && now - wakeAt >= 0) {
            wakeAt = Long.MAX_VALUE;
            List<Conversation> all = List.copyOf(waiting);
            waiting.clear();
            for (Conversation each : all) {
                review(each, now);
            }
        }
    }

    /** The next block to send, or null. */
    @Nullable
    BlockRange take(Conversation to, Refusals refusals, long now) {
        if (!mayTake(to, now)) {
            to.pulling = false;
            if (to.peer.hasRequest()) {
                await(to, now);
            }
            return null;
        }
        for (BlockRange block = to.peer.takeRequest(); block != null; block = to.peer.takeRequest()) {
            if (progress.flushed().contains(block.piece()) && !to.isUntold(block.piece())) {
                suggestions.read(block.piece());
                if (to.allowance != null) {
                    to.allowance.taken(block.length(), now);
                }
                return block;
            }
            refusals.refused(to, to.peer.refuse(block));
            outputs.touch(to);
        }
        to.pulling = false;
        return null;
    }

    /** Told what came of refusing a request. */
    interface Refusals {
        void refused(Conversation to, Heard heard);
    }

    void sent(Conversation to, BlockRange block, long now) {
        progress.out.add(block.length(), now);
        to.out.add(block.length(), now);
        to.peer.blockSent(block, now);
    }
}
