package dev.spate.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.FalseClock;
import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Relay;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

    private static final int DESCRIPTORS = 4096;

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

    @Test
    void aClockThatIsSetForwardAndBackChangesNothing() throws Exception {
        FalseClock clock = FalseClock.make(home);
        download.setEnvironment(clock.environment());
        Subject subject = download.goOn(road.address());
        for (String offset : List.of("+3d", "-400d", "+0")) {
            int written = subject.lines("flushed ").size();
            clock.set(offset);
            subject.awaitCount("flushed ", written + ENOUGH / 3, "completed ");
        }
        clock.set("-400d");
        assertThat(hoursOff(subject)).isEqualTo(-400 * 24);
        subject.kill();
        download.noteReports(subject);

        clock.set("+3d");
        complete(download.goOn(road.address()));
        Figures.show(
                "clock set 3 days forward and 400 back under a download, and killed: reported pieces lost",
                1,
                "0",
                "0",
                true);
    }

    private static long hoursOff(Subject subject) {
        Instant told = Instant.parse(subject.ask("time").split(" ", -1)[1]);
        return Math.round(Duration.between(Instant.now(), told).toSeconds() / 3600.0);
    }

    @Test
    void aFileThatIsDeletedUnderARunIsToldOfAndFetchedAgain() throws Exception {
        Subject subject = middle();
        Files.delete(largest());
        String told = completeAgain(subject);
        Figures.show("file deleted under a download: wrong bytes kept or served", 1, "0", "0; " + told, true);
    }

    @Test
    void aFileThatIsCutUnderARunIsToldOfAndFetchedAgain() throws Exception {
        Subject subject = middle();
        try (var channel = FileChannel.open(largest(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 3);
        }
        String told = completeAgain(subject);
        Figures.show("file cut under a download: wrong bytes kept or served", 1, "0", "0; " + told, true);
    }

    @Test
    void aFileThatIsChangedUnderASeedIsNotServedAndFetchedAgain() throws Exception {
        Subject subject = download.goOn(HERE + ":" + seed.port());
        subject.await("completed ");
        // The times of files have grains of some milliseconds.
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        try (var channel = FileChannel.open(largest(), StandardOpenOption.WRITE)) {
            for (int at = 0; at < channel.size(); at += 10 * PIECE) {
                channel.write(ByteBuffer.wrap("scribble".getBytes(StandardCharsets.UTF_8)), at);
            }
        }
        String told = completeAgain(subject);
        Figures.show("file changed in place under a seed: wrong bytes kept or served", 1, "0", "0; " + told, true);
    }

    @Test
    void withoutDescriptorsItWaits() throws Exception {
        Subject subject = middle();
        subject.limitDescriptors(0);
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        List<Socket> knocking = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                knocking.add(new Socket(InetAddress.getLoopbackAddress(), subject.port()));
            }
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        } finally {
            for (Socket socket : knocking) {
                socket.close();
            }
        }
        double busy = subject.processorShare(Duration.ofSeconds(2));
        subject.limitDescriptors(DESCRIPTORS);
        if (!subject.lines("failed ").isEmpty()) {
            subject.tell("resume", sample.name());
        }
        completeOnce(subject);
        Figures.show(
                "no descriptor left for 6 s: reported pieces lost; processors kept busy meanwhile",
                1,
                "0; below 0.5",
                "0; %.2f".formatted(busy),
                busy < 0.5);
    }

    // ------------------------------------------------------------------ what all have in common

    /** The file of which most is there. */
    private Path largest() {
        return sample.metainfo().files().stream()
                .map(entry -> sample.path(download.folder(), entry))
                .filter(Files::exists)
                .max(Comparator.comparingLong(path -> path.toFile().length()))
                .orElseThrow();
    }

    /** Somebody wants what was lost, and it is told of and fetched again; nobody is given anything wrong. Returns the words. */
    private String completeAgain(Subject subject) throws Exception {
        String found;
        try (Subject first = Subject.start(HERE, Optional.empty(), home.resolve("first.log"))) {
            first.run(sample, home.resolve("first"), HERE + ":" + subject.port());
            found = subject.await("lost ");
            assertThat(first.lines("corrupt ")).as("wrong pieces served").isEmpty();
        }
        subject.awaitDiagnosis(sample.name(), "SEEDING");
        assertThat(serveNewcomer(subject)).as("wrong pieces served").isZero();
        assertThat(sample.isWhole(download.folder())).isTrue();
        assertThat(subject.lines("failed ")).isEmpty();
        return found.substring(0, Math.min(found.length(), 60));
    }

    /** A download of which a good part is there, and which goes on. */
    private Subject middle() throws IOException {
        Subject subject = download.goOn(road.address());
        subject.awaitCount("flushed ", ENOUGH, "completed ");
        assertThat(subject.lines("completed ")).isEmpty();
        return subject;
    }

    /** It has reported every piece, and the rest holds too. */
    private void completeOnce(Subject subject) throws Exception {
        complete(subject);
        assertThat(download.reported().isFull()).isTrue();
    }

    /** It completes without fetching anything twice, and has served nothing wrong. */
    private void complete(Subject subject) throws Exception {
        subject.await("completed ");
        assertThat(serveNewcomer(subject)).as("wrong pieces served").isZero();
        subject.kill();
        download.noteReports(subject);
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
