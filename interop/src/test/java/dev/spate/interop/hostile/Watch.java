package dev.spate.interop.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Looks at the resident memory of a process from outside, some times a second. */
final class Watch implements AutoCloseable {
    private static final Duration GLANCE = Duration.ofMillis(200);

    private final Path status;
    private volatile boolean over;
    private volatile long most;

    Watch(long pid) {
        status = Path.of("/proc/" + pid + "/status");
        Thread.ofPlatform().daemon().name("memory-watch").start(this::look);
    }

    private void look() {
        while (!over) {
            try {
                long kibibytes = Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
                most = Math.max(most, kibibytes << 10);
            } catch (IOException e) {
                // The process has ended, which the test will notice.
                over = true;
            }
            Stranger.rest(GLANCE);
        }
    }

    /** The most bytes that were seen. */
    long most() {
        return most;
    }

    @Override
    public void close() {
        over = true;
    }
}
