package dev.spate.core.rate;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the flows of one lane in one direction move bytes only as fast as their limits allow, and each in its turn.
 *
 * <p>A flow asks ({@link Flow#most}) before it moves bytes. While none of its limits is reached the answer comes at once and costs a
 * few nanoseconds. Otherwise the flow waits in line; {@link #timeout}, called at {@link #deadline}, grants what has come in
 * since, and {@link #poll} names those who got something and may go on.
 *
 * <p>Not safe for use by several threads. Times are monotonic nanoseconds.
 *
 * @param <T> who owns a flow
 */
public final class Throttle<T> {
    /*
     * Implementation note. The line is served by deficit round-robin (Shreedhar and Varghese, 1995), whose quantum is an equal share of
     * the tokens that came in since. Whoever waits and finds tokens in each of its limits gets its share, but a block at least while there are
     * tokens: else every writer would begin a block on a few bytes, and all together overdraw by far. What one got beyond its share, by
     * this or because a block goes whole, is a debt, and it lets turns pass until its shares have made up for that, so that bytes
     * are shared and not turns. Who was served together with others and wants more goes to the end of the line, also if tokens are
     * left: they are those of flows that wanted less, and all that want more share them a moment later. A flow whose own limit is spent keeps its place and holds up nobody. Nobody may draw past the line: who is not in it and finds that others wait
     * for one of its limits joins at the end. So a flow that wants less than its share gets all it wants, and the others share
     * the rest equally, which is max-min fairness.
     */

    /** How often those who wait are looked at: often enough that sockets do not run dry, seldom enough to cost nothing. */
    static final long TICK_NANOS = 20_000_000;

    /** After so long what some have left is shared among the others. */
    private static final long SOON_NANOS = 2_000_000;

    /** A debt that is paid later than this is looked at in between, since limits may change meanwhile. */
    private static final long LONGEST_NANOS = 1_000_000_000;

    private final ArrayDeque<Flow<T>> line = new ArrayDeque<>();
    private final ArrayDeque<Flow<T>> granted = new ArrayDeque<>();
    private long tickAt = Long.MAX_VALUE;
    private long ticks;
    private int served;

    /** One without flows. */
    public Throttle() {}

    /**
     * A flow under limits.
     *
     * @param limits all of which it must keep, from its own to that of the session
     */
    public Flow<T> flow(T owner, List<Tokens> limits) {
        return new Flow<>(this, owner, limits);
    }

    /** When {@link #timeout} is due; {@link Long#MAX_VALUE} while nobody waits. */
    public long deadline() {
        return tickAt;
    }

    /** Grants what those who wait may have. May be called early, as after a change of limits. */
    public void timeout(long now) {
        ticks++;
        served = 0;
        // After that one of them has none; should it be held up by another limit, the next tick finds the others.
        if (pass(now)) {
            forgive();
            pass(now);
        }
        tickAt = Long.MAX_VALUE;
        for (Flow<T> flow : line) {
            await(flow, now);
        }
    }

    /** Who may go on; null when that were all. Each is named once a grant. */
    public @Nullable T poll() {
        Flow<T> next = granted.poll();
        return next == null ? null : next.owner;
    }

    /** How many wait. */
    public int waiting() {
        return line.size();
    }

    /** Looks at each once; returns whether there are tokens left that only debtors wait for. */
    private boolean pass(long now) {
        int debtors = 0;
        int servedBefore = served;
        for (int i = line.size(); i > 0; i--) {
            Flow<T> flow = line.remove();
            Tokens obstacle = flow.spent(now);
            if (obstacle == null) {
                // Those who let their turn pass leave their share where it is.
                if (flow.turn(i + debtors, now)) {
                    granted.add(flow);
                    flow.servedAt = ticks;
                    served++;
                    continue;
                }
                debtors++;
            } else {
                flow.waitFor(obstacle, now);
            }
            line.add(flow);
        }
        return debtors > 0 && served == servedBefore;
    }

    /** Nobody but debtors waits for tokens that are there: the least of the debts is taken off each. */
    private void forgive() {
        long least = Long.MAX_VALUE;
        for (Flow<T> flow : line) {
            if (flow.debt() > 0) {
                least = Math.min(least, flow.debt());
            }
        }
        for (Flow<T> flow : line) {
            flow.forgive(least);
        }
    }

    /** Whether this flow was served in the last tick, and others too. */
    boolean hadItsTurn(Flow<T> flow) {
        return served > 1 && flow.servedAt == ticks;
    }

    void join(Flow<T> flow, long now) {
        line.add(flow);
        await(flow, now);
    }

    void leave(Flow<T> flow) {
        line.remove(flow);
        granted.remove(flow);
    }

    private void await(Flow<T> flow, long now) {
        Tokens obstacle = flow.obstacle();
        long nanos = obstacle == null ? 0 : obstacle.nanosUntil(now);
        long at = now + (nanos == 0 ? SOON_NANOS : Math.clamp(nanos, TICK_NANOS, LONGEST_NANOS));
        if (tickAt == Long.MAX_VALUE || at - tickAt < 0) {
            tickAt = at;
        }
    }
}
