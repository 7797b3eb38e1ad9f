package dev.spate.core.lsd;

import dev.spate.wire.Digest;
import dev.spate.wire.lsd.LocalAnnounce;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which swarms the neighbours are told of, and when: each every five minutes, and never more than one announce a minute, as BEP 14
 * ("usage") wants it. With more than a hundred swarms each has its turn less often. Nothing is ever answered, so no two clients can
 * excite each other: whoever hears of a peer connects to it.
 *
 * <p>The clock is an argument, in nanoseconds.
 */
public final class LocalSwarms {

    /** How often a swarm is told of. */
    static final long PERIOD_NANOS = 300_000_000_000L;

    /** How long there is silence between two announces. */
    static final long SILENCE_NANOS = 60_000_000_000L;

    /** How long it waits for more to say when it may speak at once, since a program begins with all of its torrents. */
    static final long GATHERING_NANOS = 1_000_000_000L;

    private final String cookie;

    /** The next one to be told of first. */
    private final Set<Digest> swarms = new LinkedHashSet<>();

    private long nextAt = Long.MAX_VALUE;
    private long silentUntil;
    /** How many at the end of the queue were told of in this period. */
    private int told;

    private long periodEndsAt;

    /**
     * @param cookie by which it knows its own announces, as in {@link LocalAnnounce}
     * @param now in nanoseconds
     */
    public LocalSwarms(String cookie, long now) {
        this.cookie = cookie;
        this.silentUntil = now;
        this.periodEndsAt = now;
    }

    /** Takes part in a swarm. */
    public void enter(Digest infoHash, long now) {
        if (swarms.contains(infoHash)) {
            return;
        }
        List<Digest> others = List.copyOf(swarms);
        swarms.clear();
        swarms.add(infoHash);
        swarms.addAll(others);
        schedule(Math.max(silentUntil, now + GATHERING_NANOS));
    }

    /** Takes part no more. */
    public void leave(Digest infoHash) {
        if (swarms.remove(infoHash)) {
            told = Math.min(told, swarms.size());
            if (swarms.isEmpty()) {
                nextAt = Long.MAX_VALUE;
            }
        }
    }

    private void schedule(long at) {
        nextAt = nextAt == Long.MAX_VALUE ? at : Math.min(nextAt, at);
    }

    /** When {@link #announce} has something to say next; {@link Long#MAX_VALUE} for never. */
    public long deadline() {
        return nextAt;
    }

    /**
     * The swarms to tell of now; empty before the deadline.
     *
     * @return at most {@link LocalAnnounce#MAX_SWARMS}
     */
    public List<Digest> announce(long now) {
        if (nextAt == Long.MAX_VALUE || now - nextAt < 0) {
            return List.of();
        }
        if (now - periodEndsAt >= 0) {
            periodEndsAt = now + PERIOD_NANOS;
            told = 0;
        }
        List<Digest> some = new ArrayList<>();
        Iterator<Digest> queue = swarms.iterator();
        while (queue.hasNext() && some.size() < LocalAnnounce.MAX_SWARMS) {
            some.add(queue.next());
            queue.remove();
        }
        swarms.addAll(some);
        told = Math.min(swarms.size(), told + some.size());
        silentUntil = now + SILENCE_NANOS;
        nextAt = told < swarms.size() ? silentUntil : Math.max(silentUntil, periodEndsAt);
        return some;
    }

    /**
     * A neighbour was heard.
     *
     * @return those of our swarms that it takes part in; none if it is ourselves
     */
    public List<Digest> heard(LocalAnnounce announce) {
        if (announce.cookie().equals(cookie)) {
            return List.of();
        }
        return announce.infoHashes().stream()
                .distinct()
                .filter(swarms::contains)
                .toList();
    }
}
