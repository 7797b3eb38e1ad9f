package dev.spate.interop.hostile;

import dev.spate.interop.own.Subject;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process held after a collection of garbage, in bytes.
 *
 * @param resident all memory
 * @param direct off-heap buffers
 * @param heap live objects
 * @param descriptors open files and sockets
 * @param threads of the system, those of the virtual machine included
 * @param leased memory of pieces that is in use
 */
record Memory(long resident, long direct, long heap, int descriptors, int threads, long leased) {
    private static final Duration SETTLING = Duration.ofSeconds(20);
    private static final Duration GLANCE = Duration.ofMillis(500);

    static Memory of(Subject subject) {
        String line = subject.ask("memory");
        return new Memory(
                figure(line, "rss"),
                figure(line, "direct"),
                figure(line, "heap"),
                Math.toIntExact(figure(line, "descriptors")),
                Math.toIntExact(figure(line, "threads")),
                figure(line, "leased"));
    }

    /** Waits until the sockets of strangers who have left are closed, but no longer than that should take. */
    static Memory settled(Subject subject, Memory before) {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        Memory now = of(subject);
        while (now.descriptors() > before.descriptors() && System.nanoTime() < deadline) {
            Stranger.rest(GLANCE);
            now = of(subject);
        }
        return now;
    }

    private static long figure(String line, String name) {
        Matcher figure = Pattern.compile(name + "=(\\d+)").matcher(line);
        if (!figure.find()) {
            throw new AssertionError(line);
        }
        return Long.parseLong(figure.group(1));
    }

    static double mebibytes(long bytes) {
        return bytes / 1048576.0;
    }

    @Override
    public String toString() {
        return "resident %.1f MiB, direct %.1f MiB, heap %.1f MiB, leased %.1f MiB, %d descriptors, %d threads"
                .formatted(
                        mebibytes(resident),
                        mebibytes(direct),
                        mebibytes(heap),
                        mebibytes(leased),
                        descriptors,
                        threads);
    }
}
