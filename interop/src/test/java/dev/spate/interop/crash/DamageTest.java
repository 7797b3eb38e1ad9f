package dev.spate.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Relay;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Sample.Found;
import dev.spate.interop.own.Subject;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.FileEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A download that was interrupted, and whose files are not what they were when it goes on. */
class DamageTest {
    private static final int PIECE = 32 << 10;
    private static final int ENOUGH = 400;

    /** Bits flipped in a resume file, and ends cut off it, one after the other. */
    private static final int DAMAGES = Integer.getInteger("spate.damages", 6);

    private static final long RATE = 24_000_000;
    private static final List<Integer> FILES = List.of(9_000_001, 0, 8_000_000, 40_000, 9_500_000);

    // The parts of a resume file: head with the length of the body, body, checksum, records.
    private static final int RESUME_HEAD = 16;
    private static final int RESUME_LENGTH_AT = 12;
    private static final int RESUME_CHECKSUM = 32;
    private static final int RECORD = 8;

    /** Exit code of a JVM that ended in good order because of SIGTERM. */
    private static final int TERMINATED = 143;

    @TempDir
    private Path home;

    private Sample sample;
    private Subject seed;
    private Relay road;
    private Download download;

    @BeforeEach
    void begin() throws IOException {
        sample = Sample.make(home, "lake", PIECE, FILES);
        seed = Subject.start("127.0.0.1", Optional.empty(), home.resolve("seed.log"));
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
    void readsNothingAgainAfterAnOrderlyEnd() throws Exception {
        Subject ended = terminateInTheMiddle();
        assertThat(ended.lines("closed")).hasSize(1);

        Subject next = download.start();
        Found found = download.look(next, "127.0.0.1:" + seed.port());

        assertThat(found.checked()).isZero();
        assertThat(download.missing(found.pieces())).isEmpty();
        complete(next);
    }

    @Test
    void looksAtEverythingWithoutTheResumeFile() throws Exception {
        terminateInTheMiddle();
        Files.delete(download.resumeFile());

        Subject next = download.start();
        Found found = download.look(next, "127.0.0.1:" + seed.port());

        assertThat(found.checked()).isEqualTo(sample.pieces());
        assertThat(download.missing(found.pieces())).isEmpty();
        complete(next);
    }

    @Test
    void believesNoDamagedResumeFileAfterAnOrderlyEnd() throws Exception {
        terminateInTheMiddle();
        doubtsEachDamage("after an orderly end");
    }

    @Test
    void believesNoDamagedResumeFileAfterAKill() throws Exception {
        killInTheMiddle();
        doubtsEachDamage("after a kill");
    }

    private void doubtsEachDamage(String when) throws IOException {
        byte[] good = Files.readAllBytes(download.resumeFile());
        var random = new SplittableRandom(5);
        int records = RESUME_HEAD + ByteBuffer.wrap(good).getInt(RESUME_LENGTH_AT) + RESUME_CHECKSUM;
        int lost = 0;
        int unlisted = 0;
        int wrong = 0;
        for (int i = 0; i < DAMAGES; i++) {
            byte[] damaged = good.clone();
            // What was begun after the last save is on the list at the end, and nowhere else.
            int off = 0;
            if (i % 3 == 2) {
                damaged = Arrays.copyOf(good, random.nextInt(good.length));
                off = damaged.length < records ? 0 : (good.length - damaged.length + RECORD - 1) / RECORD;
            } else {
                damaged[i == 0 ? good.length - 1 : random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(download.resumeFile(), damaged);
            try (Subject next = download.start()) {
                Found found = download.look(next, "127.0.0.1:" + seed.port());
                int missing = download.missing(found.pieces()).size();
                unlisted += Math.min(missing, off);
                lost += Math.max(0, missing - off);
                wrong += wrong(found.pieces()).size();
            }
        }
        Figures.show(
                "resume file " + when + ", bits flipped or end cut off: pieces lost, or believed without being there",
                DAMAGES,
                "0, 0",
                lost + ", " + wrong
                        + (unlisted == 0 ? "" : "; of the list that was cut off " + unlisted + " were fetched again"),
                lost + wrong == 0);
    }

    private List<Integer> wrong(PieceSet claimed) throws IOException {
        var wrong = new ArrayList<Integer>();
        for (int piece = claimed.next(0); piece >= 0; piece = claimed.next(piece + 1)) {
            if (!sample.isRight(download.folder(), piece)) {
                wrong.add(piece);
            }
        }
        return wrong;
    }

    @Test
    void readsOneTruncatedFileAgainAfterAnOrderlyEnd() throws Exception {
        terminateInTheMiddle();
        readsOnlyTheTruncatedFileAgain(0);
    }

    @Test
    void readsOneTruncatedFileAgainAfterAKill() throws Exception {
        int flushed = killInTheMiddle();
        readsOnlyTheTruncatedFileAgain(flushed + Runtime.getRuntime().availableProcessors());
    }

    private void readsOnlyTheTruncatedFileAgain(int unsaved) throws Exception {
        FileEntry victim = sample.metainfo().files().stream()
                .max(Comparator.comparingLong(FileEntry::length))
                .orElseThrow();
        long keep = victim.length() / 3;
        try (FileChannel file = FileChannel.open(sample.path(download.folder(), victim), StandardOpenOption.WRITE)) {
            file.truncate(keep);
        }

        Subject next = download.start();
        Found found = download.look(next, "127.0.0.1:" + seed.port());

        int firstGone = sample.layout().pieceAt(victim.offset() + keep);
        int last = sample.layout().pieceAt(victim.offset() + victim.length() - 1);
        int first = sample.layout().pieceAt(victim.offset());
        assertThat(download.missing(found.pieces())).allMatch(piece -> piece >= firstGone && piece <= last);
        assertThat(wrong(found.pieces())).isEmpty();
        assertThat(found.checked()).isLessThanOrEqualTo(last - first + 1 + unsaved);
        complete(next);
    }

    private Subject terminateInTheMiddle() throws IOException {
        Subject subject = download.goOn(road.address());
        subject.awaitCount("flushed ", ENOUGH, "completed ");
        assertThat(subject.terminate()).isEqualTo(TERMINATED);
        download.noteReports(subject);
        assertThat(download.reported().isFull()).isFalse();
        return subject;
    }

    /** Returns how many pieces the last of two processes reported. */
    private int killInTheMiddle() throws IOException {
        Subject first = download.goOn(road.address());
        first.awaitCount("flushed ", ENOUGH, "completed ");
        first.kill();
        download.noteReports(first);
        Subject second = download.goOn(road.address());
        second.awaitCount("flushed ", ENOUGH / 4, "completed ");
        second.kill();
        download.noteReports(second);
        assertThat(download.reported().isFull()).isFalse();
        return second.lines("flushed ").size();
    }

    private void complete(Subject subject) throws IOException {
        subject.tell("resume", sample.name());
        subject.await("completed ");
        subject.kill();
        assertThat(sample.isWhole(download.folder())).isTrue();
    }
}
