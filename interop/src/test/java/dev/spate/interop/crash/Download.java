package dev.spate.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Sample.Found;
import dev.spate.interop.own.Subject;
import dev.spate.wire.PieceSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One download that lives longer than the processes that carry it: always the same folders, and the memory of every piece that
 * was ever reported as being on disk.
 *
 * <p>At each beginning this must hold: what was reported is there; and no more was read than was written since the resume data
 * was last saved, for which every process that flushes a piece saves it once at its start.
 */
final class Download implements AutoCloseable {
    private final Sample sample;
    private final Path folder;
    private final Path state;
    private final Path errors;
    private final PieceSet reported;

    /** What was there when the last process began that is known to have saved it; what came later may be read again. */
    private PieceSet saved;

    private PieceSet beginning;
    private Map<String, String> environment = Map.of();
    private Optional<Subject> running = Optional.empty();
    private int read;
    private int mostRead;

    Download(Sample sample, Path home) {
        this(sample, home.resolve("download"), home);
    }

    /** @param home where the state and the errors go */
    Download(Sample sample, Path folder, Path home) {
        this.sample = sample;
        this.folder = folder;
        this.state = home.resolve("state");
        this.errors = home.resolve("errors.log");
        this.reported = new PieceSet(sample.pieces());
        this.saved = new PieceSet(sample.pieces());
        this.beginning = new PieceSet(sample.pieces());
    }

    Path folder() {
        return folder;
    }

    Path resumeFile() {
        return state.resolve(sample.metainfo().infoHash().onTheWire() + ".resume");
    }

    PieceSet reported() {
        return reported;
    }

    /** Pieces that were read again at all beginnings together. */
    int read() {
        return read;
    }

    int mostRead() {
        return mostRead;
    }

    /** What is set in the environment of the processes that begin from now on. */
    void setEnvironment(Map<String, String> environment) {
        this.environment = environment;
    }

    /** A new process, which is told of the torrent but not yet waited for. */
    Subject start() throws IOException {
        Subject subject = Subject.start("127.0.0.1", Optional.of(state), errors, environment);
        running = Optional.of(subject);
        return subject;
    }

    /** A new process that has looked at the files and rests; anything may have happened to them. */
    Found look(Subject subject, String... peers) {
        return subject.add(sample, folder, peers);
    }

    /** A new process that found what must be there, and goes on. */
    Subject goOn(String peer) throws IOException {
        boolean first = Files.notExists(resumeFile());
        Subject subject = start();
        Found found = look(subject, peer);
        assertThat(missing(found.pieces())).as("reported, and lost").isEmpty();
        if (!first) {
            assertThat(found.checked()).as("pieces read again").isLessThanOrEqualTo(mayBeRead(found.pieces()));
            read += found.checked();
            mostRead = Math.max(mostRead, found.checked());
        }
        beginning = found.pieces();
        subject.tell("resume", sample.name());
        return subject;
    }

    /** Those written since the last save, and one for each worker that may have been in the middle of another. */
    private int mayBeRead(PieceSet found) {
        return found.countWithout(saved) + Runtime.getRuntime().availableProcessors();
    }

    /** Which of the pieces that were reported are not among these. */
    List<Integer> missing(PieceSet found) {
        return IntStream.range(0, sample.pieces())
                .filter(piece -> reported.contains(piece) && !found.contains(piece))
                .boxed()
                .toList();
    }

    /** After the end of the process: takes note of what it reported. */
    void noteReports(Subject ended) {
        boolean any = false;
        for (String line : ended.lines("flushed ")) {
            int piece = Integer.parseInt(line.split(" ", -1)[2]);
            assertThat(reported.add(piece)).as("downloaded once: " + piece).isTrue();
            any = true;
        }
        if (any) {
            saved = beginning;
        }
        assertThat(ended.errors()).doesNotContain("SEVERE");
    }

    @Override
    public void close() {
        running.ifPresent(Subject::close);
    }
}
