package dev.spate.core.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Peers of all appetites under limits, in virtual time: a lane's turn every millisecond. */
class ThrottleTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final long GREEDY = Long.MAX_VALUE;

    /** As much as a socket is read or written at once. */
    private static final int CALL = 256 << 10;

    private static final int BLOCK = (16 << 10) + 13;

    private long now = -3 * SECOND;

    /** One direction of one lane. */
    private static final class Lane {
        final Throttle<Peer> throttle = new Throttle<>();
        final List<Peer> peers = new ArrayList<>();

        Peer peer(long appetite, int unit, Tokens... limits) {
            Peer peer = new Peer(throttle, appetite, unit, List.of(limits));
            peers.add(peer);
            return peer;
        }

        void turn(long now) {
            if (now - throttle.deadline() >= 0 && throttle.deadline() != Long.MAX_VALUE) {
                throttle.timeout(now);
            }
            for (Peer next = throttle.poll(); next != null; next = throttle.poll()) {
                assertThat(next.flow.isWaiting()).isFalse();
            }
            peers.forEach(peer -> peer.move(now));
        }
    }

    /** Wants to move so many bytes a second, in units that are not cut: bytes for a reader, blocks for a writer. */
    private static final class Peer {
        final long appetite;
        final int unit;
        final Flow<Peer> flow;
        long wanted;
        long moved;

        Peer(Throttle<Peer> throttle, long appetite, int unit, List<Tokens> limits) {
            this.appetite = appetite;
            this.unit = unit;
            this.flow = throttle.flow(this, limits);
        }

        void move(long now) {
            wanted = appetite == GREEDY ? GREEDY : wanted + appetite / 1000;
            for (int call = 0; call < 4 && wanted >= unit; call++) {
                long most = flow.most(Math.min(wanted, CALL), now);
                if (most == 0) {
                    return;
                }
                // A writer that may send a byte sends a block.
                long bytes = (most + unit - 1) / unit * unit;
                bytes = Math.min(bytes, wanted / unit * unit);
                moved += bytes;
                wanted = wanted == GREEDY ? GREEDY : wanted - bytes;
                flow.moved(bytes, wanted < unit, now);
            }
        }
    }

    private void run(long nanos, Lane... lanes) {
        for (long end = now + nanos; now < end; now += MILLI) {
            for (Lane lane : lanes) {
                lane.turn(now);
            }
        }
    }

    private static long moved(List<Peer> peers) {
        return peers.stream().mapToLong(peer -> peer.moved).sum();
    }

    private TokenBucket bucket(long rate) {
        return new TokenBucket(rate, 1, now);
    }

    @Test
    void keepsALimitWithinTwoPercentOverTenSeconds() {
        for (long rate : new long[] {200_000, 1_000_000, 20_000_000, 700_000_000}) {
            for (int unit : new int[] {1, BLOCK}) {
                for (int peers : new int[] {1, 2, 50}) {
                    Lane lane = new Lane();
                    Tokens limit = bucket(rate).branch(0);
                    for (int i = 0; i < peers; i++) {
                        lane.peer(i % 2 == 0 ? GREEDY : rate / 100, unit, limit);
                    }

                    run(10 * SECOND, lane);

                    assertThat(moved(lane.peers))
                            .as("%d bytes a second, %d peers, units of %d", rate, peers, unit)
                            .isCloseTo(10 * rate, Percentage.withPercentage(2));
                }
            }
        }
    }

    @Test
    void whoWantsLessThanItsShareGetsItAndTheOthersShareTheRestEqually() {
        Lane lane = new Lane();
        Tokens limit = bucket(1_000_000).branch(0);
        Peer modest = lane.peer(20_000, 1, limit);
        Peer busy = lane.peer(100_000, 1, limit);
        List<Peer> greedy = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            greedy.add(lane.peer(GREEDY, 1, limit));
        }

        run(20 * SECOND, lane);

        assertThat(modest.moved).isCloseTo(20 * 20_000, Percentage.withPercentage(5));
        assertThat(busy.moved).isCloseTo(20 * 100_000, Percentage.withPercentage(5));
        for (Peer each : greedy) {
            assertThat(each.moved).isCloseTo(20 * 220_000, Percentage.withPercentage(5));
        }
    }

    @Test
    void bytesAreSharedAndNotTurns() {
        // One sends blocks, the other small parts of blocks.
        Lane lane = new Lane();
        Tokens limit = bucket(100_000).branch(0);
        Peer large = lane.peer(GREEDY, BLOCK, limit);
        Peer small = lane.peer(GREEDY, 1024, limit);

        run(60 * SECOND, lane);

        assertThat(large.moved).isCloseTo(small.moved, Percentage.withPercentage(10));
    }

    @Test
    void nobodyStarvesUnderTheLowestOfLimits() {
        Lane lane = new Lane();
        Tokens limit = bucket(5_000).branch(0);
        for (int i = 0; i < 20; i++) {
            lane.peer(GREEDY, 1, limit);
        }

        run(20 * SECOND, lane);

        assertThat(lane.peers).allSatisfy(peer -> assertThat(peer.moved).isBetween(3_500L, 6_500L));
    }

    @Test
    void eachLevelOfTheHierarchyHolds() {
        Lane lane = new Lane();
        Tokens session = bucket(1_000_000).branch(0);
        Tokens slowTorrent = bucket(300_000).branch(0);
        Tokens slowPeer = bucket(50_000).branch(0);
        Peer limitedItself = lane.peer(GREEDY, 1, slowPeer, slowTorrent, session);
        Peer limitedByItsTorrent = lane.peer(GREEDY, 1, slowTorrent, session);
        Peer limitedByTheSession = lane.peer(GREEDY, 1, session);
        Peer free = lane.peer(5_000_000, 1);

        run(20 * SECOND, lane);

        assertThat(limitedItself.moved).isCloseTo(20 * 50_000, Percentage.withPercentage(2));
        assertThat(limitedByItsTorrent.moved).isCloseTo(20 * 250_000, Percentage.withPercentage(2));
        assertThat(limitedByTheSession.moved).isCloseTo(20 * 700_000, Percentage.withPercentage(2));
        assertThat(free.moved).isCloseTo(20 * 5_000_000L, Percentage.withPercentage(1));
    }

    @Test
    void lanesShareALimitByThoseWhoWaitInThem() {
        TokenBucket session = new TokenBucket(1_000_000, 3, now);
        Lane crowded = new Lane();
        Lane lonely = new Lane();
        Lane idle = new Lane();
        for (int i = 0; i < 9; i++) {
            crowded.peer(GREEDY, 1, session.branch(0));
        }
        Peer alone = lonely.peer(GREEDY, 1, session.branch(1));
        idle.peer(0, 1, session.branch(2));

        run(20 * SECOND, crowded, lonely, idle);

        assertThat(moved(crowded.peers) + alone.moved).isCloseTo(20_000_000, Percentage.withPercentage(1));
        assertThat(alone.moved).isCloseTo(2_000_000, Percentage.withPercentage(15));
    }

    @Test
    void noBurstIsLargerThanStated() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long rate = random.nextLong(20_000, 10_000_000);
            Lane lane = new Lane();
            Tokens limit = bucket(rate).branch(0);
            int peers = random.nextInt(1, 5);
            for (int i = 0; i < peers; i++) {
                lane.peer(GREEDY, 1, limit);
            }
            long[] sums = new long[400];
            for (int i = 0; i < sums.length; i++) {
                // A lane that is late, often by much.
                now += random.nextLong(MILLI, random.nextInt(10) == 0 ? 2 * SECOND : 30 * MILLI);
                lane.turn(now);
                sums[i] = moved(lane.peers);
                if (i > 0) {
                    assertThat(sums[i] - sums[i - 1])
                            .as("seed %d, turn %d", seed, i)
                            .isLessThanOrEqualTo(Math.max(rate / 2, BLOCK) + 1);
                }
            }
        }
    }

    @Test
    void anIdleLimitSavesATenthOfASecond() {
        Lane lane = new Lane();
        Tokens limit = bucket(1_000_000).branch(0);
        now += 100 * SECOND;
        Peer peer = lane.peer(GREEDY, 1, limit);

        lane.turn(now);

        assertThat(peer.moved).isEqualTo(100_000);
    }

    @Test
    void aLaneThatIsLateLosesNothing() {
        Lane lane = new Lane();
        Tokens limit = bucket(1_000_000).branch(0);
        Peer peer = lane.peer(GREEDY, 1, limit);

        for (int i = 0; i < 50; i++) {
            now += 300 * MILLI;
            lane.turn(now);
        }

        assertThat(peer.moved).isCloseTo(15_000_000, Percentage.withPercentage(3));
    }

    @Test
    void aChangedLimitHoldsAtOnce() {
        Lane lane = new Lane();
        TokenBucket bucket = bucket(10_000_000);
        Peer peer = lane.peer(GREEDY, 1, bucket.branch(0));
        run(2 * SECOND, lane);

        bucket.setRate(100_000, now);
        long before = peer.moved;
        run(SECOND, lane);
        assertThat(peer.moved - before).isBetween(90_000L, 100_000L + BLOCK);

        bucket.setRate(10_000_000, now);
        lane.throttle.timeout(now);
        before = peer.moved;
        run(SECOND, lane);
        assertThat(peer.moved - before).isCloseTo(10_000_000, Percentage.withPercentage(3));
    }

    @Test
    void limitsComeAndGoWhileAFlowWaits() {
        Lane lane = new Lane();
        TokenBucket first = bucket(1_000);
        Peer peer = lane.peer(GREEDY, 1, first.branch(0));
        run(SECOND, lane);
        assertThat(peer.flow.isWaiting()).isTrue();
        assertThat(first.branch(0).isWaitedFor()).isTrue();

        Tokens second = bucket(1_000_000).branch(0);
        peer.flow.limit(List.of(second), now);
        assertThat(first.branch(0).isWaitedFor()).isFalse();
        long before = peer.moved;
        run(SECOND, lane);
        assertThat(peer.moved - before).isCloseTo(1_000_000, Percentage.withPercentage(3));

        peer.flow.end(now);
        assertThat(second.isWaitedFor()).isFalse();
        assertThat(lane.throttle.waiting()).isZero();
        lane.throttle.timeout(now);
        assertThat(lane.throttle.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoIsGoneIsNotNamed() {
        Lane lane = new Lane();
        Tokens limit = bucket(1_000_000).branch(0);
        Peer gone = lane.peer(GREEDY, 1, limit);
        Peer stays = lane.peer(GREEDY, 1, limit);
        run(10 * MILLI, lane);
        lane.throttle.timeout(now + SECOND);

        gone.flow.end(now + SECOND);

        assertThat(lane.throttle.poll()).isSameAs(stays);
        assertThat(lane.throttle.poll()).isNull();
    }

    /** Small messages are never held back; when they alone exceed the limit, blocks still go now and then. */
    @Test
    void aDebtHasABottom() {
        TokenBucket bucket = bucket(1_000);
        Tokens limit = bucket.branch(0);
        Lane lane = new Lane();
        Peer peer = lane.peer(GREEDY, BLOCK, limit);
        peer.flow.moved(100_000_000, false, now);

        run(70 * SECOND, lane);

        assertThat(peer.moved).isEqualTo(BLOCK);
    }

    @Test
    void whatIsGrantedAndNotUsedIsGivenBack() {
        TokenBucket bucket = bucket(1_000_000);
        now += SECOND;
        Tokens limit = bucket.branch(0);
        Flow<Integer> flow = new Throttle<Integer>().flow(1, List.of(limit));
        assertThat(flow.most(50_000, now)).isEqualTo(50_000);
        assertThat(limit.available(now)).isEqualTo(50_000);

        flow.moved(1_000, true, now);

        assertThat(limit.available(now)).isEqualTo(99_000);
    }

    @Test
    void agreesWithAListOfAllThatWasTaken() {
        for (int seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long rate = random.nextLong(1, 1L << random.nextInt(1, 41));
            int branches = random.nextInt(1, 4);
            TokenBucket bucket = new TokenBucket(rate, branches, now);
            int[] waiting = new int[branches];
            long begin = now;
            double taken = 0;
            for (int i = 0; i < 300; i++) {
                now += random.nextLong(0, 3 * SECOND);
                int number = random.nextInt(branches);
                Tokens branch = bucket.branch(number);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        long most = branch.available(now);
                        branch.take(most, now);
                        taken += most;
                        assertThat(branch.available(now)).as("seed %d", seed).isZero();
                    }
                    case 1 -> {
                        branch.waits(1, now);
                        waiting[number]++;
                    }
                    default -> {
                        if (waiting[number] > 0) {
                            branch.waits(-1, now);
                            waiting[number]--;
                        }
                    }
                }
                assertThat(branch.isWaitedFor()).isEqualTo(waiting[number] > 0);
                long bound = Math.max(rate / 2, BLOCK);
                assertThat(branch.available(now)).as("seed %d", seed).isBetween(0L, bound);
                assertThat(taken).as("seed %d", seed).isLessThanOrEqualTo((now - begin) / 1e9 * rate + 1);
            }
        }
    }

    @Test
    void refusesWhatIsNoRate() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimits(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimits(1, RateLimits.MOST + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBucket(RateLimits.NO_LIMIT, 1, 0));
        assertThat(RateLimits.NONE.withDown(5)).isEqualTo(new RateLimits(5, RateLimits.NO_LIMIT));
        assertThat(RateLimits.NONE.withUp(5)).isEqualTo(new RateLimits(RateLimits.NO_LIMIT, 5));
    }
}
