package dev.spate.core.swarm;

import dev.spate.wire.PeerAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All known addresses, bounded, in the order in which to dial them.
 *
 * <p>Ready ones are ordered by failures, then those the user named, then by BEP 40's priority, known seeds last; those that wait, by the end of their waiting. When there is no
 * room for another, the worst of those not connected makes room, so that fresh addresses are always heard of, and nobody can
 * fill the table with addresses for good. Every change is O(log n).
 */
final class Candidates {
    private static final Comparator<Candidate> BY_WORTH = Comparator.<Candidate, Boolean>comparing(c -> c.seed)
            .thenComparingInt(c -> c.failures)
            .thenComparing(c -> c.source != PeerSource.USER)
            .thenComparing((a, b) -> Integer.compareUnsigned(b.priority, a.priority))
            .thenComparing(c -> c.address);
    private static final Comparator<Candidate> BY_TIME =
            Comparator.<Candidate>comparingLong(c -> c.retryAt).thenComparing(c -> c.address);

    /** Half of the first pause after a failure to reach a peer that the user named; it doubles from there. */
    private static final long IMPATIENCE_NANOS = 1_000_000_000L;

    private final int bound;
    private final long retryNanos;
    private final Map<PeerAddress, Candidate> known = new LinkedHashMap<>();
    private final TreeSet<Candidate> ready = new TreeSet<>(BY_WORTH);
    private final TreeSet<Candidate> waiting = new TreeSet<>(BY_TIME);
    private PeerAddress ourselves;

    /** No one's waiting ends before; {@link Long#MAX_VALUE} if nobody waits. */
    private long wakeAt = Long.MAX_VALUE;

    Candidates(SwarmSettings settings, PeerAddress ourselves) {
        this.bound = settings.maxCandidates();
        this.retryNanos = settings.retryAfter().toNanos();
        this.ourselves = ourselves;
    }

    /** Learns an address; returns its entry, or null if there is no room for it. */
    @Nullable
    Candidate learn(PeerAddress address, PeerSource source) {
        Candidate candidate = known.get(address);
        if (candidate != null) {
            trust(candidate, source);
            if (source == PeerSource.USER && candidate.state == Candidate.State.WAITING) {
                // He knows better than the clock.
                ready(candidate);
            }
            return candidate;
        }
        if (known.size() >= bound && !makeRoom()) {
            return null;
        }
        candidate = new Candidate(address, source, PeerPriority.of(ourselves, address));
        known.put(address, candidate);
        ready.add(candidate);
        return candidate;
    }

    /** Of several sources the one counts that is trusted most. */
    private void trust(Candidate candidate, PeerSource source) {
        if (source.compareTo(candidate.source) < 0) {
            boolean isReady = candidate.state == Candidate.State.READY;
            if (isReady) {
                // Its place depends on its source.
                ready.remove(candidate);
            }
            candidate.source = source;
            if (isReady) {
                ready.add(candidate);
            }
        }
    }

    /** The torrent turns out to be private: addresses that others than its tracker told are never dialed (BEP 27). */
    void barUnfitForPrivate() {
        for (Candidate candidate : List.copyOf(known.values())) {
            if (!candidate.source.isFitForPrivate()) {
                bar(candidate);
            }
        }
    }

    private boolean makeRoom() {
        Candidate worst = waiting.isEmpty() ? (ready.isEmpty() ? null : ready.last()) : waiting.last();
        if (worst == null) {
            return false;
        }
        forget(worst);
        return true;
    }

    /** As if it had never been heard of. */
    void forget(Candidate candidate) {
        leaveOrder(candidate);
        known.remove(candidate.address);
    }

    /** Forgets all those that may be dialed, now or later, and are meant by {@code which}. */
    void forgetIf(Predicate<PeerAddress> which) {
        for (Candidate candidate : List.copyOf(known.values())) {
            if (candidate.mayConnect() && which.test(candidate.address)) {
                forget(candidate);
            }
        }
    }

    private void leaveOrder(Candidate candidate) {
        switch (candidate.state) {
            case READY -> ready.remove(candidate);
            case WAITING -> waiting.remove(candidate);
            case CONNECTED, BARRED -> {}
        }
    }

    /** The best address to dial now, or null; seeds only if {@code seeds}. */
    @Nullable
    Candidate best(boolean seeds, long now) {
        wake(now);
        if (ready.isEmpty()) {
            return null;
        }
        Candidate first = ready.first();
        return seeds || !first.seed ? first : null;
    }

    /** When {@link #best} may have something, if it has just had nothing. */
    long deadline() {
        return wakeAt;
    }

    private void wake(long now) {
        if (wakeAt == Long.MAX_VALUE || wakeAt - now > 0) {
            return;
        }
        while (!waiting.isEmpty() && waiting.first().retryAt - now <= 0) {
            ready(waiting.first());
        }
        wakeAt = waiting.isEmpty() ? Long.MAX_VALUE : waiting.first().retryAt;
    }

    private void ready(Candidate candidate) {
        leaveOrder(candidate);
        candidate.state = Candidate.State.READY;
        ready.add(candidate);
    }

    /** It is being dialed, or turned out to be the address of a connection. */
    void connected(Candidate candidate) {
        if (candidate.state != Candidate.State.BARRED) {
            leaveOrder(candidate);
            candidate.state = Candidate.State.CONNECTED;
        }
    }

    /** The connection is over without a fault; try again later. */
    void closed(Candidate candidate, long now) {
        wait(candidate, 0, now);
    }

    /** The connection is over, and may be made again at once. */
    void released(Candidate candidate) {
        if (candidate.state == Candidate.State.CONNECTED) {
            candidate.failures = 0;
            ready(candidate);
        }
    }

    /** We want something again: seeds that were left because neither side needed the other may be dialed at once. */
    void seedsAreWanted() {
        for (Candidate candidate : List.copyOf(waiting)) {
            if (candidate.seed && candidate.failures == 0) {
                ready(candidate);
            }
        }
    }

    /** It could not be reached, or what was reached was no good. */
    void failed(Candidate candidate, long now) {
        wait(candidate, Math.min(candidate.failures + 1, 1000), now);
    }

    private void wait(Candidate candidate, int failures, long now) {
        if (candidate.state == Candidate.State.BARRED) {
            return;
        }
        leaveOrder(candidate);
        candidate.failures = failures;
        candidate.retryAt = now + pause(candidate.source, failures);
        candidate.state = Candidate.State.WAITING;
        waiting.add(candidate);
        wakeAt = wakeAt == Long.MAX_VALUE || candidate.retryAt - wakeAt < 0 ? candidate.retryAt : wakeAt;
    }

    private long pause(PeerSource source, int failures) {
        long usual = retryNanos * (failures + 1);
        // The user names a peer that he means to be there, if not at this moment: two programs are started together.
        return source == PeerSource.USER && failures > 0
                ? Math.min(usual, IMPATIENCE_NANOS << Math.min(failures, 16))
                : usual;
    }

    /** Never dial it again. */
    void bar(Candidate candidate) {
        leaveOrder(candidate);
        candidate.state = Candidate.State.BARRED;
        // Barred entries are few, one for each bad peer; should they fill the table, the oldest is forgotten.
        if (ready.isEmpty() && waiting.isEmpty() && known.size() >= bound) {
            for (Candidate old : known.values()) {
                if (old.state == Candidate.State.BARRED) {
                    known.remove(old.address);
                    return;
                }
            }
        }
    }

    @Nullable
    Candidate find(PeerAddress address) {
        return known.get(address);
    }

    /** Where others see us decides the order (BEP 40). */
    void ourselves(PeerAddress address) {
        if (address.equals(ourselves)) {
            return;
        }
        ourselves = address;
        ready.clear();
        for (Candidate candidate : known.values()) {
            candidate.priority = PeerPriority.of(address, candidate.address);
            if (candidate.state == Candidate.State.READY) {
                ready.add(candidate);
            }
        }
    }

    /** Those that may be dialed now. */
    int ready(long now) {
        wake(now);
        return ready.size();
    }

    /** Those that are left alone for a while, the soonest to be tried again first. */
    Collection<Candidate> waiting() {
        return Collections.unmodifiableCollection(waiting);
    }

    /** How many there are that are not connected and may be dialed, now or later. */
    int size() {
        return ready.size() + waiting.size();
    }
}
