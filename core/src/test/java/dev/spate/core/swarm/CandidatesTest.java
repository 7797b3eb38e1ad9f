package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final PeerAddress OURSELVES = PeerAddress.of(new byte[] {1, 2, 3, 4}, 6881);

    private final Candidates candidates = new Candidates(SwarmSettings.DEFAULTS.withMaxCandidates(10), OURSELVES);

    private static PeerAddress address(int number) {
        return PeerAddress.of(new byte[] {50, (byte) number, (byte) (number >> 8), 1}, 6881);
    }

    private Candidate learn(int number) {
        return Objects.requireNonNull(candidates.learn(address(number), PeerSource.TRACKER));
    }

    @Test
    void leavesSeedsAloneUntilSomethingIsWantedAgain() {
        Candidate seed = learn(1);
        Candidate leech = learn(2);
        Candidate unreachable = learn(3);
        List.of(seed, leech, unreachable).forEach(candidates::connected);
        seed.seed = true;
        unreachable.seed = true;
        candidates.closed(seed, 0);
        candidates.closed(leech, 0);
        candidates.failed(unreachable, 0);
        assertThat(candidates.best(true, 1)).isNull();

        candidates.seedsAreWanted();

        assertThat(candidates.best(true, 1)).isEqualTo(seed);
        assertThat(candidates.ready(1)).isEqualTo(1);
    }

    @Test
    void givesTheHighestPriorityFirst() {
        for (int i = 0; i < 5; i++) {
            learn(i);
        }
        List<Integer> order = new ArrayList<>();
        for (Candidate best = candidates.best(true, 0); best != null; best = candidates.best(true, 0)) {
            order.add(best.priority);
            candidates.connected(best);
        }
        assertThat(order).hasSize(5).isSortedAccordingTo((a, b) -> Integer.compareUnsigned(b, a));
    }

    @Test
    void waitsAMinuteMoreAfterEachFailure() {
        Candidate only = learn(1);
        long now = 0;
        for (int failures = 1; failures < 5; failures++) {
            candidates.connected(only);
            candidates.failed(only, now);
            assertThat(candidates.deadline()).isEqualTo(now + 60 * SECOND * (failures + 1));
            now = candidates.deadline();
            assertThat(candidates.best(true, now - 1)).isNull();
            assertThat(candidates.best(true, now)).isSameAs(only);
        }
        candidates.connected(only);
        candidates.closed(only, now);
        assertThat(candidates.deadline()).as("it worked once").isEqualTo(now + 60 * SECOND);
    }

    @Test
    void whomTheUserNamesIsDialedFirstAndAtOnce() {
        for (int i = 0; i < 5; i++) {
            learn(i);
        }
        Candidate named = Objects.requireNonNull(candidates.learn(address(77), PeerSource.USER));
        assertThat(candidates.best(true, 0)).isSameAs(named);
        candidates.connected(named);
        candidates.closed(named, 0);
        assertThat(candidates.best(true, 0)).isNotSameAs(named);
        candidates.learn(address(77), PeerSource.USER);
        assertThat(candidates.best(true, 0)).isSameAs(named);
    }

    @Test
    void isBoundedAndAFreshAddressReplacesTheWorst() {
        for (int i = 0; i < 1000; i++) {
            learn(i);
            assertThat(candidates.size()).isLessThanOrEqualTo(10);
        }
        assertThat(candidates.find(address(999))).isNotNull();
    }

    @Test
    void connectedOnesAreNeverForgotten() {
        for (int i = 0; i < 10; i++) {
            candidates.connected(learn(i));
        }
        assertThat(candidates.learn(address(11), PeerSource.TRACKER)).isNull();
        assertThat(candidates.find(address(3))).isNotNull();
    }

    @Test
    void barredOnesAreNotDialedNorLearnedAgain() {
        candidates.bar(learn(1));
        assertThat(learn(1).state).isEqualTo(Candidate.State.BARRED);
        assertThat(candidates.best(true, 0)).isNull();
        candidates.closed(learn(1), 0);
        assertThat(candidates.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void barredOnesDoNotFillTheTable() {
        for (int i = 0; i < 100; i++) {
            candidates.bar(learn(i));
        }
        assertThat(learn(1000).state).isEqualTo(Candidate.State.READY);
    }

    @Test
    void seedsAreOfNoUseToASeed() {
        Candidate seed = learn(1);
        candidates.connected(seed);
        seed.seed = true;
        candidates.closed(seed, 0);
        long later = candidates.deadline();
        assertThat(candidates.best(false, later)).isNull();
        Candidate other = learn(2);
        assertThat(candidates.best(false, later)).isSameAs(other);
        assertThat(candidates.best(true, later)).as("a seed comes last").isSameAs(other);
    }

    @Test
    void ordersAnewWhenWeLearnOurAddress() {
        for (int i = 0; i < 10; i++) {
            learn(i);
        }
        PeerAddress better = PeerAddress.of(new byte[] {99, 1, 1, 1}, 6881);
        candidates.ourselves(better);
        Candidate best = Objects.requireNonNull(candidates.best(true, 0));
        assertThat(best.priority).isEqualTo(PeerPriority.of(better, best.address));
        assertThat(candidates.size()).isEqualTo(10);
    }
}
