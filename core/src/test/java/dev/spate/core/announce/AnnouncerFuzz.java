package dev.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.AnnounceRefusal.Retry;
import dev.spate.wire.tracker.ScrapeAnswer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Trackers that say anything, or nothing, and a user who cannot decide: the input tells who, what and when. */
public final class AnnouncerFuzz {
    private AnnouncerFuzz() {}

    private static final long SECOND = 1_000_000_000L;
    private static final int MAX_ORDERS = 1000;

    public static void fuzzerTestOneInput(byte[] input) {
        new Trackers(ByteBuffer.wrap(input)).run();
    }

    private static final class Trackers {
        private final ByteBuffer script;
        private final Announcer announcer = new Announcer(tiers(0x1b), AnnounceSettings.DEFAULT, new Random(1));
        private final List<AnnounceOrder> asked = new ArrayList<>();
        private final Map<String, Long> answeredAt = new HashMap<>();

        /** Orders of which nobody wants to know any more. */
        private final Set<Integer> overtaken = new HashSet<>();

        private final Set<String> saidNever = new HashSet<>();
        private long now = 1000 * SECOND;

        Trackers(ByteBuffer script) {
            this.script = script;
        }

        void run() {
            while (script.remaining() >= 2) {
                int step = script.get();
                int argument = script.get() & 0xff;
                switch (step & 7) {
                    case 0 -> now += argument * (step < 0 ? 60 * SECOND : SECOND);
                    case 1 -> report(argument);
                    case 2 -> answer(argument);
                    case 3 -> user((step >> 3) & 3);
                    case 4 -> setTrackers(argument);
                    case 5 -> announcer.setPartialSeed(argument % 2 == 0);
                    default -> answer(argument & 7);
                }
                if (announcer.deadline() <= now) {
                    announcer.timeout(now);
                    assertThat(announcer.deadline()).as("the deadline moves on").isGreaterThan(now);
                }
                settle();
            }
            end();
        }

        private void user(int wish) {
            switch (wish) {
                case 0 -> announcer.start(now);
                case 1 -> announcer.complete(now);
                case 2 -> stop();
                default -> announcer.announceNow(now);
            }
        }

        private void stop() {
            asked.forEach(order -> overtaken.add(order.order()));
            announcer.stop(now);
        }

        /** Each two bits say in which of three tiers a tracker is, or that it is in none. */
        private static List<List<String>> tiers(int where) {
            List<List<String>> tiers = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int tracker = 0; tracker < 4; tracker++) {
                int tier = (where >> (2 * tracker)) & 3;
                if (tier < 3) {
                    tiers.get(tier).add((tracker == 0 ? "udp" : "http") + "://tracker" + tracker + "/announce");
                }
            }
            return tiers;
        }

        private void setTrackers(int where) {
            List<List<String>> tiers = tiers(where);
            // Who comes back after it was gone is as new.
            List<String> listed = tiers.stream().flatMap(List::stream).toList();
            answeredAt.keySet().removeIf(place -> listed.stream().noneMatch(place::startsWith));
            saidNever.removeIf(place -> listed.stream().noneMatch(place::startsWith));
            asked.stream()
                    .filter(order -> !listed.contains(order.url()))
                    .forEach(order -> overtaken.add(order.order()));
            announcer.setTrackers(tiers, now);
        }

        private static String place(AnnounceOrder order) {
            return order.url() + " " + order.route();
        }

        private void settle() {
            int orders = 0;
            for (AnnounceOrder order = announcer.poll(); order != null; order = announcer.poll()) {
                assertThat(++orders).as("orders at once").isLessThan(MAX_ORDERS);
                String place = place(order);
                assertThat(saidNever).as("said never to come again").doesNotContain(place);
                Long answered = answeredAt.get(place);
                if (order.event() == AnnounceEvent.NONE && answered != null) {
                    assertThat(now - answered)
                            .as("nanoseconds since the last answer of " + place)
                            .isGreaterThanOrEqualTo(
                                    AnnounceSettings.DEFAULT.shortestInterval().toNanos());
                }
                asked.add(order);
            }
            assertThat(asked.stream().filter(order -> order.event() != AnnounceEvent.STOPPED))
                    .as("under way")
                    .hasSizeLessThanOrEqualTo(MAX_ORDERS);
        }

        private void answer(int argument) {
            if (asked.isEmpty()) {
                return;
            }
            AnnounceOrder order = asked.remove(argument % asked.size());
            int seconds = argument < 128 ? argument : argument * argument * argument;
            announcer.answered(
                    order.order(),
                    new AnnounceAnswer(
                            Duration.ofSeconds(seconds),
                            argument % 3 == 0 ? Duration.ofSeconds(seconds / 2) : null,
                            ScrapeAnswer.UNKNOWN,
                            List.of(),
                            null,
                            argument % 5 == 0 ? "id" + argument : null,
                            argument % 7 == 0 ? "careful" : null),
                    now);
            if (order.event() != AnnounceEvent.STOPPED && !overtaken.contains(order.order())) {
                answeredAt.put(place(order), now);
            }
        }

        private void report(int argument) {
            if (asked.isEmpty()) {
                return;
            }
            AnnounceOrder order = asked.remove(argument % asked.size());
            switch (argument % 4) {
                case 0 -> announcer.failed(order.order(), "silent", now);
                case 1 -> announcer.refused(order.order(), new AnnounceRefusal("no"), now);
                case 2 ->
                    announcer.refused(
                            order.order(),
                            new AnnounceRefusal("later", new Retry.In(Duration.ofMinutes(argument))),
                            now);
                default -> {
                    announcer.refused(order.order(), new AnnounceRefusal("never", new Retry.Never()), now);
                    if (order.event() != AnnounceEvent.STOPPED && !overtaken.contains(order.order())) {
                        saidNever.add(place(order));
                    }
                }
            }
        }

        /** Once it is stopped and all is reported on there is nothing left to do. */
        private void end() {
            stop();
            settle();
            for (int rounds = 0; !asked.isEmpty(); rounds++) {
                assertThat(rounds).as("goodbyes").isLessThan(MAX_ORDERS);
                announcer.failed(asked.removeFirst().order(), "silent", now);
                settle();
            }
            assertThat(announcer.isQuiet()).isTrue();
            assertThat(announcer.deadline()).isEqualTo(TrackerStatus.NEVER);
        }
    }
}
