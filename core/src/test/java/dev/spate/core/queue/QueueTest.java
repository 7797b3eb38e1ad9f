package dev.spate.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QueueTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = -5000 * SECOND;
    private static final List<QueueMove> MOVES = List.of(QueueMove.values());
    private static final QueueLimits TWO = new QueueLimits(2, 1, 10_000);

    private static QueueEntry waiting(int torrent) {
        return new QueueEntry(torrent, false, false, false, 0, false, 0);
    }

    private static QueueEntry running(int torrent, long secondsAgo, long busySecondsAgo) {
        return new QueueEntry(
                torrent, false, false, true, NOW - secondsAgo * SECOND, true, NOW - busySecondsAgo * SECOND);
    }

    private static QueueEntry seed(int torrent) {
        return new QueueEntry(torrent, true, false, false, 0, false, 0);
    }

    private static QueueEntry forced(int torrent) {
        return new QueueEntry(torrent, false, true, false, 0, false, 0);
    }

    private static List<Integer> choose(QueueEntry... order) {
        return Queue.choose(List.of(order), TWO, false, NOW);
    }

    @Test
    void theFirstInTheOrderRun() {
        assertThat(choose(waiting(7), waiting(3), waiting(5))).containsExactly(7, 3);
    }

    @Test
    void seedsAndDownloadsDoNotTakeEachOthersPlaces() {
        assertThat(choose(seed(1), waiting(2), seed(3), waiting(4), waiting(5))).containsExactly(1, 2, 4);
    }

    @Test
    void forcedOnesRunAndAreNotCounted() {
        assertThat(choose(waiting(1), waiting(2), forced(3), waiting(4))).containsExactly(1, 2, 3);
    }

    @Test
    void slowOnesTakeNoPlace() {
        assertThat(choose(running(1, 300, 200), running(2, 300, 0), waiting(3), waiting(4)))
                .containsExactly(1, 2, 3);
    }

    @Test
    void noneIsSlowBeforeAMinute() {
        assertThat(choose(running(1, 50, 2000), running(2, 300, 59), waiting(3)))
                .containsExactly(1, 2);
    }

    @Test
    void whoHasJustBegunIsNotStoppedForWhoComesBefore() {
        assertThat(choose(waiting(1), running(2, 30, 0), running(3, 30, 0))).containsExactly(2, 3);
        assertThat(choose(waiting(1), running(2, 300, 0), running(3, 61, 0))).containsExactly(1, 2);
    }

    @Test
    void whatTheUserChangesCountsAtOnce() {
        List<QueueEntry> order = List.of(waiting(1), running(2, 30, 0), running(3, 30, 0));
        assertThat(Queue.choose(order, TWO, true, NOW)).containsExactly(1, 2);
        assertThat(Queue.choose(order, new QueueLimits(0, 0, 0), true, NOW)).isEmpty();
        assertThat(Queue.choose(order, QueueLimits.NONE, true, NOW)).containsExactly(1, 2, 3);
    }

    @Test
    void movesWithinTheOrder() {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        QueueMove.UP.apply(order, 2);
        assertThat(order).containsExactly(0, 2, 1, 3);
        QueueMove.UP.apply(order, 0);
        QueueMove.DOWN.apply(order, 3);
        assertThat(order).containsExactly(0, 2, 1, 3);
        QueueMove.DOWN.apply(order, 0);
        assertThat(order).containsExactly(2, 0, 1, 3);
        QueueMove.TOP.apply(order, 3);
        assertThat(order).containsExactly(3, 2, 0, 1);
        QueueMove.BOTTOM.apply(order, 1);
        assertThat(order).containsExactly(3, 0, 1, 2);
    }

    @Test
    void refusesNegativeLimits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new QueueLimits(-1, 0, 0));
    }

    /**
     * A queue of torrents whose rates come and go, for some hours: against a naive model when the user changes something, and
     * otherwise that nothing changes twice in a minute and limits are exceeded only by those who were slow.
     */
    @Test
    void agreesWithANaiveModelAndNeverFlaps() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            QueueLimits limits = new QueueLimits(random.nextInt(4), random.nextInt(4), random.nextInt(2) * 1000L);
            List<QueueEntry> order = new ArrayList<>();
            for (int i = 0; i < random.nextInt(1, 12); i++) {
                order.add(new QueueEntry(i, random.nextBoolean(), random.nextInt(6) == 0, false, 0, false, 0));
            }
            long now = NOW;
            for (int round = 0; round < 300; round++) {
                now += random.nextLong(30 * SECOND);
                boolean byUser = random.nextInt(20) == 0;
                if (byUser) {
                    MOVES.get(random.nextInt(4)).apply(order, random.nextInt(order.size()));
                }
                for (int i = 0; i < order.size(); i++) {
                    QueueEntry each = order.get(i);
                    if (each.running() && random.nextInt(4) == 0) {
                        order.set(i, with(each, true, each.changedAt(), each.changed(), now));
                    }
                }
                List<Integer> chosen = Queue.choose(order, limits, byUser, now);
                if (byUser) {
                    assertThat(chosen).as("seed %d", seed).isEqualTo(naive(order, limits, now));
                }
                for (boolean complete : new boolean[] {false, true}) {
                    long starts = order.stream()
                            .filter(each -> each.complete() == complete && !each.forced() && !each.running())
                            .filter(each -> chosen.contains(each.torrent()))
                            .count();
                    if (starts > 0) {
                        assertThat(counted(order, chosen, complete, limits, now))
                                .as("seed %d: started beyond the limit", seed)
                                .isLessThanOrEqualTo(complete ? limits.seeds() : limits.downloads());
                    }
                }
                for (int i = 0; i < order.size(); i++) {
                    QueueEntry each = order.get(i);
                    boolean runs = chosen.contains(each.torrent());
                    if (each.forced()) {
                        assertThat(runs).isTrue();
                    }
                    if (runs != each.running()) {
                        if (!byUser && each.changed()) {
                            assertThat(now - each.changedAt())
                                    .as("seed %d", seed)
                                    .isGreaterThanOrEqualTo(Queue.SETTLE_NANOS);
                        }
                        order.set(i, with(each, runs, now, true, now));
                    }
                }
            }
        }
    }

    private static QueueEntry with(QueueEntry each, boolean running, long changedAt, boolean changed, long busyAt) {
        return new QueueEntry(each.torrent(), each.complete(), each.forced(), running, changedAt, changed, busyAt);
    }

    private static boolean slow(QueueEntry each, QueueLimits limits, long now) {
        long since = each.changed() ? Math.max(each.changedAt(), each.busyAt()) : each.busyAt();
        return limits.slowRate() > 0 && each.running() && now - since >= 60 * SECOND;
    }

    private static long counted(
            List<QueueEntry> order, List<Integer> chosen, boolean complete, QueueLimits limits, long now) {
        return order.stream()
                .filter(each -> each.complete() == complete && !each.forced() && !slow(each, limits, now))
                .filter(each -> chosen.contains(each.torrent()))
                .count();
    }

    /** Everybody in turn: may it, given those before it? */
    private static List<Integer> naive(List<QueueEntry> order, QueueLimits limits, long now) {
        List<Integer> runs = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            QueueEntry each = order.get(i);
            long before = order.subList(0, i).stream()
                    .filter(other -> other.complete() == each.complete())
                    .filter(other -> !other.forced() && !slow(other, limits, now))
                    .count();
            if (each.forced()
                    || slow(each, limits, now)
                    || before < (each.complete() ? limits.seeds() : limits.downloads())) {
                runs.add(each.torrent());
            }
        }
        return runs;
    }
}
