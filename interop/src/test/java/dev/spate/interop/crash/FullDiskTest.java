package dev.spate.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Sample.Found;
import dev.spate.interop.own.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A download onto a device that has no room for it. */
class FullDiskTest {
    private static final int PIECE = 64 << 10;
    private static final List<Integer> FILES = List.of(10_000_000, 10_000_000, 4_000_001);
    private static final int BALLAST = 20_000_000;

    @TempDir
    private Path home;

    private Device device;
    private Path ballast;
    private Sample sample;
    private Subject seed;
    private Download download;

    @BeforeEach
    void begin() throws Exception {
        device = Device.mount(home, "32m");
        ballast = Files.write(device.folder().resolve("ballast"), new byte[BALLAST]);
        sample = Sample.make(home, "puddle", PIECE, FILES);
        seed = Subject.start("127.0.0.1", Optional.empty(), home.resolve("seed.log"));
        seed.run(sample, sample.source());
        download = new Download(sample, device.folder());
    }

    @AfterEach
    void end() throws Exception {
        if (device != null) {
            download.close();
            seed.close();
            device.close();
        }
    }

    @Test
    void saysSoAndGoesOnWhenThereIsRoom() throws Exception {
        Subject subject = fillTheDisk();

        Files.delete(ballast);
        subject.tell("resume", sample.name());

        subject.await("completed ");
        assertThat(sample.isWhole(download.folder())).isTrue();
        subject.terminate();
        download.noteReports(subject);
        assertThat(download.reported().isFull()).isTrue();
        Figures.show("disk full, then room again: pieces lost", 1, "0", "0; told as DISK_FULL", true);
    }

    @Test
    void losesNothingWhenItIsStartedAgain() throws Exception {
        Subject subject = fillTheDisk();
        subject.terminate();
        download.noteReports(subject);
        Files.delete(ballast);

        Subject next = download.start();
        Found found = download.look(next, "127.0.0.1:" + seed.port());
        assertThat(download.missing(found.pieces())).isEmpty();
        assertThat(found.checked()).isLessThan(sample.pieces());
        next.tell("resume", sample.name());
        next.await("completed ");

        assertThat(sample.isWhole(download.folder())).isTrue();
        Figures.show(
                "disk full, then started again: pieces read again",
                1,
                "not all " + sample.pieces(),
                Integer.toString(found.checked()),
                true);
    }

    private Subject fillTheDisk() throws IOException {
        Subject subject = download.goOn("127.0.0.1:" + seed.port());
        String failure = subject.await("failed ");
        assertThat(failure).contains("DISK_FULL").contains(device.folder().toString());
        assertThat(subject.isAlive()).isTrue();
        assertThat(subject.ask("stats", sample.name())).contains("state=FAILED");
        return subject;
    }
}
