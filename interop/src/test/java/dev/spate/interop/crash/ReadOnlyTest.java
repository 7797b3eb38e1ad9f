package dev.spate.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Relay;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Sample.Found;
import dev.spate.interop.own.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A torrent on a device that cannot be written to any more. Its resume data is elsewhere. */
class ReadOnlyTest {
    private static final int PIECE = 32 << 10;
    private static final List<Integer> FILES = List.of(9_000_001, 40_000, 9_500_000);
    private static final long RATE = 5_000_000;
    private static final int ENOUGH = 100;
    private static final int ATTEMPTS = 100;

    @TempDir
    private Path home;

    private Device device;
    private Sample sample;
    private Subject seed;
    private Relay road;
    private Download download;

    @BeforeEach
    void begin() throws IOException {
        device = Device.mount(home, "32m");
        sample = Sample.make(home, "glacier", PIECE, FILES);
        seed = Subject.start("127.0.0.1", Optional.empty(), home.resolve("seed.log"));
        seed.run(sample, sample.source());
        road = new Relay(seed.port(), RATE);
        download = new Download(sample, device.folder().resolve("download"), home);
    }

    @AfterEach
    void end() throws IOException {
        if (device != null) {
            download.close();
            road.close();
            seed.close();
            device.close();
        }
    }

    @Test
    void aDownloadSaysSoAndGoesOnWhenItMay() throws Exception {
        Subject subject = download.goOn(road.address());
        subject.awaitCount("flushed ", ENOUGH, "completed ");
        subject.tell("pause", sample.name());
        makeReadOnly();

        subject.tell("resume", sample.name());
        String told = subject.await("failed ");
        assertThat(told).contains("NOT_PERMITTED").contains(device.folder().toString());
        String why = subject.awaitDiagnosis(sample.name(), "it has failed");

        device.makeWritable();
        subject.tell("resume", sample.name());
        subject.await("completed ");
        subject.terminate();
        download.noteReports(subject);
        assertThat(download.reported().isFull()).isTrue();
        assertThat(sample.isWhole(download.folder())).isTrue();
        Figures.show(
                "device read-only under a download, then writable: reported pieces lost", 1, "0", "0; " + why, true);
    }

    @Test
    void aSeedServesAllTheSame() throws Exception {
        Subject first = download.goOn("127.0.0.1:" + seed.port());
        first.await("completed ");
        first.terminate();
        download.noteReports(first);
        makeReadOnly();

        Subject subject = download.start();
        Found found = download.look(subject);
        assertThat(found.pieces().isFull()).isTrue();
        subject.tell("resume", sample.name());
        Path folder = home.resolve("newcomer");
        try (Subject newcomer = Subject.start("127.0.0.1", Optional.empty(), home.resolve("newcomer.log"))) {
            newcomer.run(sample, folder, "127.0.0.1:" + subject.port());
            newcomer.await("completed ");
        }
        assertThat(sample.isWhole(folder)).isTrue();
        assertThat(subject.lines("failed ")).isEmpty();
        Figures.show(
                "a seed on a read-only device: pieces read again at its start; served",
                1,
                "0; all",
                found.checked() + "; all",
                found.checked() == 0);
    }

    /** As soon as nobody has anything open there. */
    private void makeReadOnly() throws IOException {
        for (int attempt = 0; !device.tryMakeReadOnly(); attempt++) {
            assertThat(attempt).as("attempts until no file is open for writing").isLessThan(ATTEMPTS);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }
}
