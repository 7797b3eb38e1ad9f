package dev.spate.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Relay;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A download to which something happens while it runs. Each ends with the same: what was reported is there, everything
 * comes in the end and no piece twice, and whoever is served then gets no wrong byte.
 */
class FaultTest {
    private static final String HERE = "127.0.0.1";
    private static final int PIECE = 32 << 10;
    private static final int ENOUGH = 200;

    /** Slow enough for something to happen before it is over: some five seconds. */
    private static final long RATE = 5_000_000;

    private static final List<Integer> FILES = List.of(9_000_001, 0, 8_000_000, 40_000, 9_500_000);

    /** How long a process is suspended; beyond a minute its peers have given it up. */
    private static final Duration SUSPENSION = Duration.ofSeconds(Integer.getInteger("spate.suspension", 3));

    @TempDir
    private Path home;

    private Sample sample;
    private Subject seed;
    private Relay road;
    private Download download;

    @BeforeEach
    void begin() throws IOException {
        sample = Sample.make(home, "lake", PIECE, FILES);
        seed = Subject.start(HERE, Optional.empty(), home.resolve("seed.log"));
        road = new Relay(seed.port(), RATE);
        download = new Download(sample, home);
        seed.run(sample, sample.source());
    }

    @AfterEach
    void end() throws IOException {
        download.close();
        road.close();
        seed.close();
    }

    @Test
    void aFolderThatIsMovedAwayIsToldOfAndComesBackWithoutALoss() throws Exception {
        Subject subject = middle();
        Path away = home.resolve("away");
        Files.move(download.folder(), away);
        String told = subject.await("failed ");
        assertThat(told).contains("MISSING");
        String why = subject.awaitDiagnosis(sample.name(), "it has failed");
        assertThat(Files.exists(download.folder().resolve(sample.name()))).isFalse();
        Files.move(away, download.folder());
        subject.tell("resume", sample.name());
        completeOnce(subject);
        Figures.show("folder moved away under a run, and back: reported pieces lost", 1, "0", "0; " + why, true);
    }

    @Test
    void aProcessThatIsSuspendedGoesOnWhereItWas() throws Exception {
        Subject subject = middle();
        subject.suspend();
        LockSupport.parkNanos(SUSPENSION.toNanos());
        subject.wake();
        completeOnce(subject);
        Figures.show(
                "suspended for " + SUSPENSION.toSeconds() + " s: reported pieces lost, peers banned",
                1,
                "0, 0",
                "0, " + subject.lines("banned ").size(),
                subject.lines("banned ").isEmpty());
    }

    // ------------------------------------------------------------------ what all have in common

    /** A download of which a good part is there, and which goes on. */
    private Subject middle() throws IOException {
        Subject subject = download.goOn(road.address());
        subject.awaitCount("flushed ", ENOUGH, "completed ");
        assertThat(subject.lines("completed ")).isEmpty();
        return subject;
    }

    /** It completes without fetching anything twice, and has served nothing wrong. */
    private void completeOnce(Subject subject) throws Exception {
        subject.await("completed ");
        assertThat(serveNewcomer(subject)).as("wrong pieces served").isZero();
        subject.kill();
        download.noteReports(subject);
        assertThat(download.reported().isFull()).isTrue();
        assertThat(sample.isWhole(download.folder())).isTrue();
    }

    /** Somebody gets everything from the subject alone; returns how many pieces of it were wrong. */
    private int serveNewcomer(Subject subject) throws IOException {
        Path folder = home.resolve("newcomer");
        try (Subject newcomer = Subject.start(HERE, Optional.empty(), home.resolve("newcomer.log"))) {
            newcomer.run(sample, folder, HERE + ":" + subject.port());
            newcomer.await("completed ");
            assertThat(sample.isWhole(folder)).isTrue();
            return newcomer.lines("corrupt ").size();
        }
    }
}
