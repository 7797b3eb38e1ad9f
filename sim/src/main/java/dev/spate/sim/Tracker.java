package dev.spate.sim;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.ScrapeAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Tells hosts of each other: whoever announces is given a random choice of those who have announced before. */
final class Tracker {
    private static final int MOST_PEERS = 50;
    private static final Duration INTERVAL = Duration.ofMinutes(30);

    private final EventQueue events;
    private final Duration delay;
    private final RandomGenerator random;
    private final TreeSet<PeerAddress> known = new TreeSet<>();

    Tracker(EventQueue events, Duration delay, RandomGenerator random) {
        this.events = events;
        this.delay = delay;
        this.random = random;
    }

    void announce(Host host, AnnounceEvent event, int numWant, Consumer<AnnounceAnswer> answer) {
        events.at(events.now() + delay.toNanos(), () -> {
            List<PeerAddress> others = new ArrayList<>(known);
            others.remove(host.address());
            Collections.shuffle(others, random);
            List<PeerAddress> chosen = others.subList(0, Math.min(others.size(), Math.min(numWant, MOST_PEERS)));
            if (event == AnnounceEvent.STOPPED) {
                known.remove(host.address());
            } else {
                known.add(host.address());
            }
            AnnounceAnswer told = new AnnounceAnswer(INTERVAL, ScrapeAnswer.UNKNOWN, List.copyOf(chosen));
            events.at(events.now() + delay.toNanos(), () -> answer.accept(told));
        });
    }
}
