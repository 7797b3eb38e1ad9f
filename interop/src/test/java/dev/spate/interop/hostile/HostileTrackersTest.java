package dev.spate.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose every torrent has a tracker that is up to no good, each in its own way. */
class HostileTrackersTest {
    private static final String HERE = "127.0.0.1";
    private static final long MEBIBYTE = 1 << 20;

    /** How much may be taken from a tracker that says endless things, what lies in sockets included. */
    private static final long TAKEN = 2 * MEBIBYTE;

    /** By how much memory may grow. */
    private static final long FLAT = 16 * MEBIBYTE;

    /** So often may one be asked that wants to be asked all the time. */
    private static final int PATIENT = 4;

    private static final Duration MEETING = Duration.ofSeconds(10);

    private static final Duration SIEGE = Duration.ofSeconds(40);

    @TempDir
    private Path home;

    /** A tracker, and what is wanted from the peers that it should know. */
    private record Bait(BadTracker tracker, Sample wanted) {}

    @Test
    void takesLittleFromBadTrackersAndGoesOn() throws Exception {
        List<Bait> baits = new ArrayList<>();
        Sample pond = Sample.make(home, "pond", 64 << 10, List.of(8 << 20));
        try (Subject seed = start("seed");
                Subject victim = start("victim");
                var honest = new BadTracker(BadTracker.Trick.NONE);
                var impatient = new BadTracker(BadTracker.Trick.IMPATIENT)) {
            seed.run(pond, pond.source());
            for (BadTracker.Trick trick : BadTracker.Trick.values()) {
                BadTracker tracker = switch (trick) {
                    case NONE -> honest;
                    case IMPATIENT -> impatient;
                    default -> new BadTracker(trick);
                };
                baits.add(new Bait(tracker, Sample.make(home, "wanted-" + baits.size(), 16 << 10, List.of(100_000))));
            }
            hunt(victim, baits.removeFirst());
            victim.await("tracked ");
            Memory calmly = Memory.of(victim);
            for (Bait bait : baits) {
                hunt(victim, bait);
            }
            // What the first meeting made the machine compile and allocate once is not taken for a leak.
            Stranger.rest(MEETING);
            Memory before = Memory.of(victim);
            try (var watch = new Watch(victim.handle().pid())) {
                victim.run(pond, home.resolve("victim"), HERE + ":" + seed.port());
                victim.await("completed " + pond.name());
                Stranger.rest(SIEGE);
                assertThat(victim.isAlive()).isTrue();
                print(baits, victim, List.of(calmly, before, Memory.of(victim)), watch);

                assertThat(baits).allMatch(bait -> bait.tracker().asked() > 0);
                assertThat(victim.errors()).as("bugs").doesNotContain("SEVERE").doesNotContain("Exception in");
                show(baits, watch.most() - before.resident(), impatient.asked());
            }
        } finally {
            for (Bait bait : baits) {
                bait.tracker().close();
            }
        }
    }

    /** @param grown bytes of memory above what it was before, at most */
    private static void show(List<Bait> baits, long grown, int askedByTheImpatient) {
        long most =
                baits.stream().mapToLong(bait -> bait.tracker().most()).max().orElseThrow();
        Figures.show(
                "bad trackers: bytes taken from one, at most",
                baits.size(),
                "2 MiB",
                "%.2f MiB".formatted(Memory.mebibytes(most)),
                most <= TAKEN);
        Figures.show(
                "bad trackers: memory above what it was before, at most",
                baits.size(),
                "16 MiB",
                "%.1f MiB".formatted(Memory.mebibytes(grown)),
                grown < FLAT);
        Figures.show(
                "a tracker that wants to be asked at once, again and again: times asked in "
                        + SIEGE.plus(MEETING).toSeconds() + " s",
                1,
                "at most " + PATIENT,
                Integer.toString(askedByTheImpatient),
                askedByTheImpatient <= PATIENT);
    }

    /** Lets the victim want a torrent that nobody has, and ask the tracker for peers. */
    private void hunt(Subject victim, Bait bait) throws IOException {
        victim.add(bait.wanted(), home.resolve("victim"));
        victim.ask("track", bait.wanted().name(), bait.tracker().url());
        victim.tell("resume", bait.wanted().name());
    }

    private Subject start(String name) throws IOException {
        return Subject.start(HERE, Optional.empty(), home.resolve(name + ".log"));
    }

    private static void print(List<Bait> baits, Subject victim, List<Memory> memory, Watch watch) {
        var out = new StringBuilder("trackers:\n");
        for (Bait bait : baits) {
            BadTracker tracker = bait.tracker();
            out.append("  %-32s asked %2d x, took %8d bytes, %5.1f s%n"
                    .formatted(
                            tracker.trick(),
                            tracker.asked(),
                            tracker.most(),
                            tracker.longest().toMillis() / 1000.0));
        }
        for (Memory one : memory) {
            out.append("  memory: ").append(one).append('\n');
        }
        out.append("  resident at most %.1f MiB%n".formatted(Memory.mebibytes(watch.most())));
        victim.lines("untracked ").forEach(line -> out.append("  ").append(line).append('\n'));
        System.out.println(out);
    }
}
