package dev.spate.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Relay;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads whose processes are killed again and again; {@code -Dspate.kills} says how often in all. */
class KillTest {
    private static final int KILLS = Integer.getInteger("spate.kills", 30);

    /** Kills of one download; then another begins, from nothing. */
    private static final int MOST_KILLS = 50;

    private static final int PIECE = 64 << 10;

    /** 320 MiB, in files whose borders lie within pieces. */
    private static final List<Integer> FILES =
            List.of(100_000_001, 1, 65_535, 0, 90_000_000, 3_000_003, 70_000_000, 72_478_772);

    /** Slow enough that the download lasts for all the kills. */
    private static final long RATE = 24_000_000;

    /** Pieces that one life flushes at most before it is killed. */
    private static final int MOST_PIECES = 140;

    private static final Duration STARTING = Duration.ofMillis(1200);
    private static final Duration AFTERWARDS = Duration.ofMillis(30);

    @TempDir
    private Path home;

    @Test
    void losesNothingThatItReportedHoweverOftenItIsKilled() throws Exception {
        long randomSeed = Long.getLong("spate.seed", System.nanoTime());
        System.out.println("kill: -Dspate.seed=" + randomSeed);
        var random = new SplittableRandom(randomSeed);
        Sample sample = Sample.make(home, "ocean", PIECE, FILES);
        long begun = System.nanoTime();
        var sum = new Sum();
        try (Subject seed = Subject.start("127.0.0.1", Optional.empty(), home.resolve("seed.log"));
                var road = new Relay(seed.port(), RATE)) {
            seed.run(sample, sample.source());
            for (int left = KILLS; left > 0; left -= MOST_KILLS) {
                Path place = Files.createDirectory(home.resolve("download-" + left));
                download(sample, place, seed, road, Math.min(left, MOST_KILLS), random, sum);
                Sample.delete(place);
            }
            System.out.printf(
                    "kill: %d kills in %d s; received %.1f MB for %.1f MB reported%n",
                    KILLS,
                    Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                    road.carried() / 1e6,
                    (double) sum.reported * PIECE / 1e6);
        }
        Figures.show("kill -9: reported pieces lost", KILLS, "0", "0 of " + sum.reported, true);
        Figures.show(
                "kill -9: pieces read again at a start",
                KILLS,
                "what one life wrote",
                "%.1f of %d, %d at most".formatted((double) sum.read / KILLS, sample.pieces(), sum.mostRead),
                sum.mostRead < sample.pieces() / 2);
    }

    /** What came of all downloads together. */
    private static final class Sum {
        int reported;
        int read;
        int mostRead;
    }

    /** One download, through all its lives to its end. */
    private static void download(
            Sample sample, Path place, Subject seed, Relay road, int kills, SplittableRandom random, Sum sum)
            throws Exception {
        try (var download = new Download(sample, place)) {
            for (int i = 0; i < kills; i++) {
                live(download, road.address(), sample, random);
            }
            sum.reported += download.reported().count();
            sum.read += download.read();
            sum.mostRead = Math.max(sum.mostRead, download.mostRead());
            Subject last = download.goOn("127.0.0.1:" + seed.port());
            last.await("completed ");
            last.kill();
            download.noteReports(last);

            assertThat(sample.isWhole(download.folder())).isTrue();
            Subject again = download.goOn("127.0.0.1:" + seed.port());
            again.await("state ocean SEEDING");
            again.kill();
        }
    }

    /** One life, from its start to its violent end. */
    private static void live(Download download, String peer, Sample sample, SplittableRandom random) throws Exception {
        Subject subject;
        if (random.nextInt(5) == 0) {
            subject = download.start();
            subject.tell("add", sample.file().toString(), download.folder().toString(), peer);
            subject.tell("resume", sample.name());
            rest(random, STARTING);
        } else {
            subject = download.goOn(peer);
            subject.awaitCount("flushed ", 1 + random.nextInt(MOST_PIECES), "completed ");
            if (random.nextInt(4) == 0) {
                // Then it is saving when it is killed.
                subject.tell("pause", sample.name());
            }
            rest(random, AFTERWARDS);
        }
        assertThat(subject.isAlive()).isTrue();
        subject.kill();
        download.noteReports(subject);
    }

    private static void rest(SplittableRandom random, Duration atMost) {
        LockSupport.parkNanos(random.nextLong(atMost.toNanos()));
    }
}
