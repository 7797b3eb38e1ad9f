package dev.spate.core.announce;

import static dev.spate.wire.tracker.AnnounceEvent.COMPLETED;
import static dev.spate.wire.tracker.AnnounceEvent.NONE;
import static dev.spate.wire.tracker.AnnounceEvent.PAUSED;
import static dev.spate.wire.tracker.AnnounceEvent.STARTED;
import static dev.spate.wire.tracker.AnnounceEvent.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.ScrapeAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Time begins at a thousand seconds; {@link #at} moves it. */
class AnnouncerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private static final AnnounceSettings ONE_ROUTE =
            AnnounceSettings.DEFAULT.withRoutes(List.of(Route.ANY), List.of(Route.ANY));

    private Announcer announcer = announcer(ONE_ROUTE, "http://a/announce");
    private long now = 1000 * SECOND;

    @Test
    void announcesTheStartOnceAndThenAtTheTrackersInterval() {
        announcer.start(now);
        AnnounceOrder first = ordered("http://a/announce", STARTED);
        assertThat(first.numWant()).isEqualTo(200);
        answer(first, 30);
        assertThat(announcer.deadline()).isBetween(now + 30 * MINUTE, now + 30 * MINUTE * 21 / 20);
        announcer.timeout(now + 29 * MINUTE);
        nothingOrdered();
        now = announcer.deadline();
        announcer.timeout(now);
        assertThat(ordered("http://a/announce", NONE).key()).isEqualTo(first.key());
    }

    @Test
    void isSilentUntilStarted() {
        assertThat(announcer.deadline()).isEqualTo(TrackerStatus.NEVER);
        announcer.timeout(now);
        announcer.announceNow(now);
        announcer.complete(now);
        announcer.stop(now);
        nothingOrdered();
    }

    @Test
    void repeatsTheStartUntilItIsHeard() {
        announcer.start(now);
        fail(ordered("http://a/announce", STARTED));
        atDeadline();
        fail(ordered("http://a/announce", STARTED));
        atDeadline();
        answer(ordered("http://a/announce", STARTED), 30);
        atDeadline();
        ordered("http://a/announce", NONE);
    }

    @Test
    void tellsCompletionAtOnce() {
        announcer.start(now);
        answer(ordered("http://a/announce", STARTED), 30);
        announcer.complete(now);
        answer(ordered("http://a/announce", COMPLETED), 30);
        nothingOrdered();
        atDeadline();
        ordered("http://a/announce", NONE);
    }

    @Test
    void tellsCompletionAfterTheAnnounceThatIsUnderWay() {
        announcer.start(now);
        AnnounceOrder start = ordered("http://a/announce", STARTED);
        announcer.complete(now);
        nothingOrdered();
        answer(start, 30);
        ordered("http://a/announce", COMPLETED);
    }

    @Test
    void tellsCompletionAgainWhenItDidNotGetThrough() {
        announcer.start(now);
        answer(ordered("http://a/announce", STARTED), 30);
        announcer.complete(now);
        fail(ordered("http://a/announce", COMPLETED));
        atDeadline();
        answer(ordered("http://a/announce", COMPLETED), 30);
        atDeadline();
        ordered("http://a/announce", NONE);
    }

    /** BEP 21, "tracker announces". */
    @Test
    void aPartialSeedSaysSoInEachAnnounceUntilItWantsMore() {
        announcer.start(now);
        answer(ordered("http://a/announce", STARTED), 30);
        announcer.setPartialSeed(true);
        nothingOrdered();
        atDeadline();
        answer(ordered("http://a/announce", PAUSED), 30);
        announcer.setPartialSeed(false);
        atDeadline();
        answer(ordered("http://a/announce", NONE), 30);
        announcer.complete(now);
        ordered("http://a/announce", COMPLETED);
    }

    @Test
    void aPartialSeedIsStartedForAUdpTrackerAndSaysGoodByeToAll() {
        announcer = announcer(ONE_ROUTE, "udp://a:1");
        announcer.setPartialSeed(true);
        announcer.start(now);
        answer(ordered("udp://a:1", STARTED), 30);
        announcer = announcer(ONE_ROUTE, "http://a/announce");
        announcer.setPartialSeed(true);
        announcer.start(now);
        answer(ordered("http://a/announce", PAUSED), 30);
        announcer.stop(now);
        ordered("http://a/announce", STOPPED);
    }

    /** Who has not seen the download begin is told of a seed that starts, and not of a completion. */
    @Test
    void tellsNoCompletionToWhoHasNotHeardOfTheStart() {
        announcer.start(now);
        fail(ordered("http://a/announce", STARTED));
        announcer.complete(now);
        nothingOrdered();
        atDeadline();
        answer(ordered("http://a/announce", STARTED), 30);
        nothingOrdered();
    }

    @Test
    void saysGoodbyeToWhoKnowsUs() {
        announcer.start(now);
        answer(ordered("http://a/announce", STARTED), 30);
        announcer.stop(now);
        AnnounceOrder goodbye = ordered("http://a/announce", STOPPED);
        assertThat(goodbye.numWant()).isZero();
        assertThat(announcer.isQuiet()).isFalse();
        fail(goodbye);
        assertThat(announcer.isQuiet()).isTrue();
        assertThat(announcer.deadline()).isEqualTo(TrackerStatus.NEVER);
        nothingOrdered();
    }

    @Test
    void saysGoodbyeToWhoMayHaveHeardOfUs() {
        announcer.start(now);
        AnnounceOrder start = ordered("http://a/announce", STARTED);
        announcer.stop(now);
        AnnounceOrder goodbye = ordered("http://a/announce", STOPPED);
        answer(start, 30);
        assertThat(announcer.isQuiet()).isFalse();
        answer(goodbye, 30);
        assertThat(announcer.isQuiet()).isTrue();
        nothingOrdered();
    }

    @Test
    void saysNoGoodbyeToWhoNeverHeardOfUs() {
        announcer.start(now);
        announcer.stop(now); // the order was never polled
        nothingOrdered();
        assertThat(announcer.isQuiet()).isTrue();
        announcer.start(now);
        fail(ordered("http://a/announce", STARTED));
        announcer.stop(now);
        nothingOrdered();
    }

    @Test
    void waitsForTheGoodbyeBeforeItStartsAgain() {
        announcer.start(now);
        answer(ordered("http://a/announce", STARTED), 30);
        announcer.stop(now);
        AnnounceOrder goodbye = ordered("http://a/announce", STOPPED);
        at(2 * MINUTE);
        announcer.start(now);
        nothingOrdered();
        answer(goodbye, 30);
        ordered("http://a/announce", STARTED);
    }

    @Test
    void startsAgainAfterAPause() {
        announcer.start(now);
        answer(ordered("http://a/announce", STARTED), 30);
        announcer.stop(now);
        answer(ordered("http://a/announce", STOPPED), 30);
        at(2 * MINUTE);
        announcer.start(now);
        ordered("http://a/announce", STARTED);
    }

    @Test
    void holdsIntervalsToItsBounds() {
        announcer.start(now);
        answer(ordered("http://a/announce", STARTED), 0);
        assertThat(announcer.deadline()).isBetween(now + MINUTE, now + MINUTE * 21 / 20);
        atDeadline();
        answer(ordered("http://a/announce", NONE), 60 * 24 * 400);
        assertThat(announcer.deadline()).isBetween(now + 24 * 60 * MINUTE, now + 24 * 60 * MINUTE * 21 / 20);
    }

    @Test
    void announcesOnDemandAsSoonAsTheTrackerAllows() {
        announcer.start(now);
        AnnounceOrder start = ordered("http://a/announce", STARTED);
        announcer.answered(start.order(), answer(Duration.ofMinutes(30), Duration.ofMinutes(10)), now);
        at(MINUTE);
        announcer.announceNow(now);
        nothingOrdered();
        assertThat(announcer.deadline()).isEqualTo(now + 9 * MINUTE);
        at(11 * MINUTE);
        announcer.announceNow(now);
        ordered("http://a/announce", NONE);
        announcer.announceNow(now);
        nothingOrdered();
    }

    @Test
    void backsOffFurtherWithEachFailureUpToAnHour() {
        announcer.start(now);
        long expected = 15 * SECOND;
        for (int failures = 1; failures < 80; failures++) {
            fail(ordered("http://a/announce", STARTED));
            long wait = announcer.deadline() - now;
            assertThat(wait).isBetween(expected * 3 / 4, expected * 5 / 4);
            expected = Math.min(2 * expected, 60 * MINUTE);
            atDeadline();
        }
        answer(ordered("http://a/announce", STARTED), 30);
        atDeadline();
        fail(ordered("http://a/announce", NONE));
        assertThat(announcer.deadline() - now).isLessThanOrEqualTo(19 * SECOND);
    }

    @Test
    void retriesAFailingTrackerOnDemand() {
        announcer.start(now);
        for (int i = 0; i < 10; i++) {
            fail(ordered("http://a/announce", STARTED));
            announcer.announceNow(now);
        }
        ordered("http://a/announce", STARTED);
    }

    @Test
    void waitsLongerAfterARefusal() {
        announcer.start(now);
        refuse(ordered("http://a/announce", STARTED), new AnnounceRefusal.Retry.Unsaid());
        assertThat(announcer.deadline()).isEqualTo(now + 5 * MINUTE);
    }

    /** BEP 31. */
    @Test
    void leavesATrackerAloneForAsLongAsItSays() {
        announcer.start(now);
        refuse(ordered("http://a/announce", STARTED), new AnnounceRefusal.Retry.In(Duration.ofMinutes(90)));
        assertThat(announcer.deadline()).isEqualTo(now + 90 * MINUTE);
        announcer.announceNow(now);
        nothingOrdered();
        atDeadline();
        ordered("http://a/announce", STARTED);
    }

    /** BEP 31: "the client should never send this query again". */
    @Test
    void neverAsksAgainWhoSaysNever() {
        announcer.start(now);
        refuse(ordered("http://a/announce", STARTED), new AnnounceRefusal.Retry.Never());
        assertThat(announcer.deadline()).isEqualTo(TrackerStatus.NEVER);
        announcer.announceNow(now);
        announcer.stop(now);
        announcer.start(now);
        nothingOrdered();
        TrackerStatus status = announcer.statuses().getFirst();
        assertThat(status.state()).isEqualTo(TrackerStatus.State.GIVEN_UP);
        assertThat(status.message()).isEqualTo("no");
    }

    /** BEP 12's first example: backups are tried in order, on each announce anew from the first. */
    @Test
    void goesOnToTheNextTierOnlyWhenTheOneBeforeFails() {
        announcer = announcer(ONE_ROUTE, "http://a", "http://b", "http://c");
        announcer.start(now);
        fail(ordered("http://a", STARTED));
        fail(ordered("http://b", STARTED));
        answer(ordered("http://c", STARTED), 30);
        nothingOrdered();
        atDeadline();
        fail(ordered("http://a", STARTED));
        answer(ordered("http://b", STARTED), 30);
        atDeadline();
        answer(ordered("http://a", STARTED), 30);
        nothingOrdered();
        announcer.stop(now);
        assertThat(drain())
                .extracting(AnnounceOrder::url)
                .containsExactlyInAnyOrder("http://a", "http://b", "http://c");
    }

    /** BEP 12's second example: who answers moves to the front of its tier. */
    @Test
    void promotesWhoAnswers() {
        announcer = announcer(ONE_ROUTE, "http://1 http://2 http://3");
        announcer.start(now);
        AnnounceOrder first = polled();
        fail(first);
        AnnounceOrder second = polled();
        answer(second, 30);
        atDeadline();
        AnnounceOrder again = polled();
        assertThat(again.url()).isEqualTo(second.url());
        fail(again);
        AnnounceOrder old = polled();
        assertThat(old.url()).isEqualTo(first.url());
        fail(old);
        AnnounceOrder third = polled();
        assertThat(third.url()).isNotIn(first.url(), second.url());
        answer(third, 30);
        atDeadline();
        assertThat(polled().url()).isEqualTo(third.url());
    }

    @Test
    void shufflesWithinATierAndNeverAcross() {
        Set<String> firsts = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            announcer = new Announcer(
                    List.of(List.of("http://1", "http://2", "http://3"), List.of("http://x")),
                    ONE_ROUTE,
                    new SplittableRandom(seed));
            announcer.start(now);
            firsts.add(polled().url());
        }
        assertThat(firsts).containsExactlyInAnyOrder("http://1", "http://2", "http://3");
    }

    @Test
    void asksOneTrackerOfEveryTierIfToldTo() {
        announcer = announcer(ONE_ROUTE.withEveryTier(true), "http://a http://b", "http://c");
        announcer.start(now);
        List<AnnounceOrder> orders = drain();
        assertThat(orders).hasSize(2);
        assertThat(orders.get(0).url()).isIn("http://a", "http://b");
        assertThat(orders.get(1).url()).isEqualTo("http://c");
        answer(orders.get(1), 30);
        fail(orders.get(0));
        assertThat(polled().url())
                .isIn("http://a", "http://b")
                .isNotEqualTo(orders.get(0).url());
    }

    @Test
    void announcesToUdpTrackersByBothFamiliesWithOneKey() {
        announcer = announcer(AnnounceSettings.DEFAULT, "udp://a:1", "http://b");
        announcer.start(now);
        List<AnnounceOrder> orders = drain();
        assertThat(orders).extracting(AnnounceOrder::url).containsExactly("udp://a:1", "udp://a:1");
        assertThat(orders).extracting(AnnounceOrder::route).containsExactly(Route.IPV4, Route.IPV6);
        assertThat(orders.get(0).key()).isEqualTo(orders.get(1).key());
        // What leaves the family open is a fallback once, not twice.
        fail(orders.get(1));
        nothingOrdered();
        fail(orders.get(0));
        assertThat(drain()).extracting(AnnounceOrder::url).containsExactly("http://b");
    }

    @Test
    void sendsTheTrackerIdBack() {
        announcer.start(now);
        AnnounceOrder start = ordered("http://a/announce", STARTED);
        assertThat(start.trackerId()).isNull();
        announcer.answered(
                start.order(),
                new AnnounceAnswer(Duration.ofMinutes(30), null, ScrapeAnswer.UNKNOWN, List.of(), null, "x", null),
                now);
        atDeadline();
        assertThat(ordered("http://a/announce", NONE).trackerId()).isEqualTo("x");
    }

    @Test
    void leavesOutWhatItCannotSpeak() {
        announcer = announcer(ONE_ROUTE, "wss://a", "HTTP://b", "HTTP://b");
        announcer.start(now);
        ordered("HTTP://b", STARTED);
        assertThat(announcer.statuses())
                .extracting(TrackerStatus::state)
                .containsExactly(TrackerStatus.State.GIVEN_UP, TrackerStatus.State.ASKED);
    }

    @Test
    void keepsNoMoreTrackersThanItsBound() {
        List<String> tier = new ArrayList<>();
        for (int i = 0; i < 2 * Announcer.MAX_TRACKERS; i++) {
            tier.add("http://" + i);
        }
        announcer = announcer(ONE_ROUTE, String.join(" ", tier));
        assertThat(announcer.statuses()).hasSize(Announcer.MAX_TRACKERS);
    }

    @Test
    void keepsWhatItKnowsWhenTheListChanges() {
        announcer = announcer(ONE_ROUTE, "http://a", "http://b");
        announcer.start(now);
        answer(ordered("http://a", STARTED), 30);
        long due = announcer.deadline();
        announcer.setTrackers(List.of(List.of("http://a")), now);
        nothingOrdered();
        assertThat(announcer.deadline()).isEqualTo(due);
        atDeadline();
        ordered("http://a", NONE);
    }

    @Test
    void asksWhomTheUserAddsAtOnceOneAfterTheOther() {
        announcer = announcer(ONE_ROUTE, "http://a");
        announcer.start(now);
        answer(ordered("http://a", STARTED), 30);
        announcer.setTrackers(List.of(List.of("http://a"), List.of("http://b"), List.of("http://c")), now);
        AnnounceOrder b = ordered("http://b", STARTED);
        nothingOrdered();
        fail(b);
        answer(ordered("http://c", STARTED), 30);
        nothingOrdered();
        assertThat(announcer.statuses())
                .extracting(TrackerStatus::state)
                .containsExactly(TrackerStatus.State.WORKING, TrackerStatus.State.FAILING, TrackerStatus.State.WORKING);
        atDeadline();
        ordered("http://a", NONE);
    }

    @Test
    void tellsEachTrackerOnceThatItIsCompleteAlsoOneThatWasAddedMeanwhile() {
        announcer = announcer(ONE_ROUTE, "http://a");
        announcer.start(now);
        answer(ordered("http://a", STARTED), 30);
        announcer.setTrackers(List.of(List.of("http://a"), List.of("http://b")), now);
        answer(ordered("http://b", STARTED), 30);
        announcer.complete(now);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            AnnounceOrder order = polled();
            assertThat(order.event()).isEqualTo(COMPLETED);
            told.add(order.url());
            answer(order, 30);
        }
        assertThat(told).containsExactlyInAnyOrder("http://a", "http://b");
        // One that is added when all is there was never told that it began.
        announcer.setTrackers(List.of(List.of("http://a", "http://c"), List.of("http://b")), now);
        answer(ordered("http://c", STARTED), 30);
        nothingOrdered();
        announcer.stop(now);
        assertThat(drain())
                .extracting(AnnounceOrder::url, AnnounceOrder::event)
                .containsExactlyInAnyOrder(
                        tuple("http://a", STOPPED), tuple("http://b", STOPPED), tuple("http://c", STOPPED));
    }

    @Test
    void whoIsAddedWhileItRestsIsAskedInItsTurn() {
        announcer = announcer(ONE_ROUTE, "http://a");
        announcer.setTrackers(List.of(List.of("http://a"), List.of("http://b")), now);
        nothingOrdered();
        announcer.start(now);
        answer(ordered("http://a", STARTED), 30);
        nothingOrdered();
    }

    @Test
    void whoIsTakenOffBeforeItWasAskedHearsNothing() {
        announcer = announcer(ONE_ROUTE, "http://a");
        announcer.start(now);
        AnnounceOrder start = ordered("http://a", STARTED);
        announcer.setTrackers(List.of(List.of("http://a"), List.of("http://b")), now);
        announcer.setTrackers(List.of(List.of("http://a")), now);
        answer(start, 30);
        nothingOrdered();
    }

    @Test
    void saysGoodbyeToATrackerThatIsTakenOffTheList() {
        announcer.start(now);
        AnnounceOrder start = ordered("http://a/announce", STARTED);
        announcer.setTrackers(List.of(List.of("http://b")), now);
        AnnounceOrder goodbye = ordered("http://a/announce", STOPPED);
        AnnounceOrder other = ordered("http://b", STARTED);
        answer(start, 30);
        answer(goodbye, 30);
        answer(other, 30);
        nothingOrdered();
        assertThat(announcer.statuses()).extracting(TrackerStatus::url).containsExactly("http://b");
    }

    @Test
    void goesOnWaitingForWhomItAskedWhenTheListGrows() {
        announcer.start(now);
        AnnounceOrder start = ordered("http://a/announce", STARTED);
        announcer.setTrackers(List.of(List.of("http://a/announce"), List.of("http://b")), now);
        nothingOrdered();
        fail(start);
        ordered("http://b", STARTED);
        nothingOrdered();
    }

    @Test
    void tellsHowThingsStand() {
        announcer = announcer(ONE_ROUTE, "http://a", "http://b", "http://c");
        announcer.start(now);
        fail(ordered("http://a", STARTED));
        announcer.answered(
                ordered("http://b", STARTED).order(),
                new AnnounceAnswer(
                        Duration.ofMinutes(30),
                        null,
                        new ScrapeAnswer(7, 8, 9),
                        List.of(PeerAddress.of(new byte[] {10, 0, 0, 1}, 1)),
                        null,
                        null,
                        "careful"),
                now);
        List<TrackerStatus> statuses = announcer.statuses();
        assertThat(statuses)
                .extracting(TrackerStatus::state)
                .containsExactly(TrackerStatus.State.FAILING, TrackerStatus.State.WORKING, TrackerStatus.State.IDLE);
        assertThat(statuses.get(0).message()).isEqualTo("silence");
        assertThat(statuses.get(0).failures()).isEqualTo(1);
        assertThat(statuses.get(1).message()).isEqualTo("careful");
        assertThat(statuses.get(1).counts()).isEqualTo(new ScrapeAnswer(7, 8, 9));
        assertThat(statuses.get(1).peers()).isEqualTo(1);
        assertThat(statuses.get(1).lastAnswer()).isEqualTo(now);
        assertThat(statuses.get(1).nextAnnounce()).isEqualTo(announcer.deadline());
        assertThat(statuses.get(2).tier()).isEqualTo(2);
    }

    /**
     * Property: whatever happens, one announce is under way in a walk at most, goodbyes excepted; the first that a tracker
     * hears is the start, completion is told at most once each time it is heard, and nothing but a goodbye comes after a stop.
     */
    @Test
    void keepsItsRulesInEveryOrderOfEvents() {
        for (int seed = 0; seed < 500; seed++) {
            new Story(seed).run();
        }
    }

    /** A random life of an announcer and its trackers. */
    private static final class Story {
        private final SplittableRandom dice;
        private final String seed;
        private final Announcer announcer;
        private final List<AnnounceOrder> underWay = new ArrayList<>();
        private final Set<String> started = new HashSet<>();
        private boolean running;
        private boolean completed;
        private long now = 0;

        Story(int seed) {
            this.dice = new SplittableRandom(seed);
            this.seed = "seed " + seed;
            this.announcer = new Announcer(
                    tiers(), AnnounceSettings.DEFAULT.withEveryTier(dice.nextBoolean()), new SplittableRandom(seed));
        }

        void run() {
            for (int step = 0; step < 300; step++) {
                act();
                for (AnnounceOrder order = announcer.poll(); order != null; order = announcer.poll()) {
                    check(order);
                    underWay.add(order);
                }
                assertThat(underWay.size()).as(seed).isLessThan(40);
            }
        }

        private void act() {
            switch (dice.nextInt(12)) {
                case 0 -> {
                    if (!running) {
                        started.clear();
                        completed = false;
                    }
                    running = true;
                    announcer.start(now);
                }
                case 1 -> {
                    if (dice.nextInt(4) == 0) {
                        running = false;
                        announcer.stop(now);
                    }
                }
                case 2 -> {
                    if (running && !completed) {
                        completed = true;
                        announcer.complete(now);
                    }
                }
                case 3 -> announcer.announceNow(now);
                case 4 -> {
                    if (dice.nextInt(5) == 0) {
                        announcer.setTrackers(tiers(), now);
                    }
                }
                case 5, 6, 7 -> {
                    long deadline = announcer.deadline();
                    if (deadline != TrackerStatus.NEVER) {
                        now = Math.max(now, deadline);
                        announcer.timeout(now);
                    }
                }
                default -> report();
            }
        }

        private void report() {
            if (underWay.isEmpty()) {
                return;
            }
            AnnounceOrder order = underWay.remove(dice.nextInt(underWay.size()));
            switch (dice.nextInt(6)) {
                case 0, 1 -> announcer.failed(order.order(), "silence", now);
                case 2 ->
                    announcer.refused(
                            order.order(),
                            new AnnounceRefusal(
                                    "no",
                                    dice.nextBoolean()
                                            ? new AnnounceRefusal.Retry.Unsaid()
                                            : new AnnounceRefusal.Retry.In(Duration.ofMinutes(7))),
                            now);
                default -> {
                    if (order.event() == STARTED) {
                        started.add(order.url() + order.route());
                    }
                    announcer.answered(order.order(), AnnouncerTest.answer(Duration.ofMinutes(30), null), now);
                }
            }
        }

        private void check(AnnounceOrder order) {
            if (order.event() == STOPPED) {
                return;
            }
            assertThat(running).as(seed).isTrue();
            if (order.event() == COMPLETED) {
                assertThat(completed).as(seed).isTrue();
            }
            if (order.event() != STARTED) {
                assertThat(started).as(seed).contains(order.url() + order.route());
            }
        }

        private List<List<String>> tiers() {
            List<List<String>> tiers = new ArrayList<>();
            for (int i = dice.nextInt(4); i > 0; i--) {
                List<String> tier = new ArrayList<>();
                for (int j = dice.nextInt(4); j > 0; j--) {
                    tier.add((dice.nextBoolean() ? "udp://" : "http://") + dice.nextInt(6));
                }
                tiers.add(tier);
            }
            return tiers;
        }
    }

    /** Each tier's URLs are divided by spaces. */
    private static Announcer announcer(AnnounceSettings settings, String... tiers) {
        List<List<String>> lists =
                Arrays.stream(tiers).map(tier -> List.of(tier.split(" "))).toList();
        return new Announcer(lists, settings, new SplittableRandom(5));
    }

    private static AnnounceAnswer answer(Duration interval, @Nullable Duration least) {
        return new AnnounceAnswer(interval, least, ScrapeAnswer.UNKNOWN, List.of(), null, null, null);
    }

    private void at(long later) {
        now += later;
        announcer.timeout(now);
    }

    private void atDeadline() {
        assertThat(announcer.deadline()).isGreaterThan(now).isNotEqualTo(TrackerStatus.NEVER);
        now = announcer.deadline();
        announcer.timeout(now);
    }

    private void answer(AnnounceOrder order, int minutes) {
        announcer.answered(order.order(), answer(Duration.ofMinutes(minutes), null), now);
    }

    private void fail(AnnounceOrder order) {
        announcer.failed(order.order(), "silence", now);
    }

    private void refuse(AnnounceOrder order, AnnounceRefusal.Retry retry) {
        announcer.refused(order.order(), new AnnounceRefusal("no", retry), now);
    }

    private AnnounceOrder polled() {
        AnnounceOrder order = announcer.poll();
        assertThat(order).isNotNull();
        assert order != null;
        return order;
    }

    private AnnounceOrder ordered(String url, AnnounceEvent event) {
        AnnounceOrder order = polled();
        assertThat(order.url()).isEqualTo(url);
        assertThat(order.event()).isEqualTo(event);
        return order;
    }

    private List<AnnounceOrder> drain() {
        List<AnnounceOrder> orders = new ArrayList<>();
        for (AnnounceOrder order = announcer.poll(); order != null; order = announcer.poll()) {
            orders.add(order);
        }
        return orders;
    }

    private void nothingOrdered() {
        assertThat(announcer.poll()).isNull();
    }
}
