package dev.spate.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Sample.Found;
import dev.spate.interop.own.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A torrent that is moved to another file system, whose process is killed again and again while it moves. */
class MoveTest {
    private static final int KILLS = Integer.getInteger("spate.moves", 20);
    private static final int PIECE = 64 << 10;
    private static final List<Integer> FILES = List.of(9_000_001, 1, 65_535, 0, 30_000_000, 3_000_003, 20_000_000);

    /** About as long as the copying takes. */
    private static final Duration WHILE = Duration.ofMillis(150);

    @TempDir
    private Path home;

    private final Path memory =
            Path.of("/dev/shm/spate-move-" + ProcessHandle.current().pid());

    @AfterEach
    void clean() throws IOException {
        if (Files.exists(memory)) {
            try (Stream<Path> all = Files.walk(memory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void losesNothingHoweverOftenTheMoveIsKilled() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/shm")), "no file system in memory");
        Files.createDirectories(memory);
        assumeTrue(!Files.getFileStore(memory).equals(Files.getFileStore(home)), "both folders are on one file system");
        long randomSeed = Long.getLong("spate.seed", System.nanoTime());
        System.out.println("move: -Dspate.seed=" + randomSeed);
        var random = new SplittableRandom(randomSeed);
        Sample sample = Sample.make(home, "lake", PIECE, FILES);
        // The source stays, to compare with.
        Path from = copy(sample.source(), home.resolve("from"));
        Path to = memory.resolve("moved");
        int between = 0;
        try (Subject first = start()) {
            var _ = first.add(sample, from);
            assertThat(first.terminate()).isNotEqualTo(1);
        }
        for (int i = 0; i < KILLS; i++) {
            try (Subject subject = start()) {
                assertIsWhole(subject.add(sample, from), sample);
                Path now = whereItIs(from, to);
                subject.tell("move", sample.name(), (now.equals(from) ? to : from).toString());
                subject.await("moving ");
                LockSupport.parkNanos(random.nextLong(WHILE.toNanos()));
                between += subject.lines("moved ").isEmpty() ? 1 : 0;
                subject.kill();
            }
        }
        try (Subject last = start()) {
            assertIsWhole(last.add(sample, from), sample);
            Path now = whereItIs(from, to);
            assertThat(sample.isWhole(now)).isTrue();
            // Nothing of it is in the other folder.
            assertThat(files(now.equals(from) ? to : from)).isEmpty();
            assertThat(files(now)).hasSize(FILES.size());
            assertThat(last.errors()).doesNotContain("SEVERE");
        }
        Figures.show(
                "kill -9 while files move to another device: pieces lost",
                KILLS,
                "0",
                "0; " + between + " kills came before the move had ended",
                true);
    }

    private static Path copy(Path folder, Path to) throws IOException {
        for (Path file : files(folder)) {
            Path target = to.resolve(folder.relativize(file).toString());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.copy(file, target);
        }
        return to;
    }

    private Subject start() throws IOException {
        return Subject.start("127.0.0.1", Optional.of(home.resolve("state")), home.resolve("errors.log"));
    }

    private static void assertIsWhole(Found found, Sample sample) {
        assertThat(found.pieces().count()).isEqualTo(sample.pieces());
        assertThat(found.checked()).as("pieces read again").isZero();
    }

    /** After a start every move has come to its end, whichever that is. */
    private static Path whereItIs(Path from, Path to) throws IOException {
        return files(from).isEmpty() ? to : from;
    }

    private static List<Path> files(Path below) throws IOException {
        if (Files.notExists(below)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
