package dev.spate.interop.own;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * The time of day as a process is made to believe it, by Debian's {@code libfaketime}, which stands between it and the system's clock.
 * The clock that measures durations runs on, as it does when somebody sets a computer's time.
 */
public final class FalseClock {
    private static final String LIBRARY = "libfaketimeMT.so.1";

    private final Path library;
    private final Path offset;

    private FalseClock(Path library, Path offset) {
        this.library = library;
        this.offset = offset;
    }

    /** One that goes right until it is set; it is kept in a file in this folder. */
    public static FalseClock make(Path folder) throws IOException {
        FalseClock clock = new FalseClock(library(), folder.resolve("clock"));
        clock.set("+0");
        return clock;
    }

    private static Path library() throws IOException {
        try (var folders = Files.newDirectoryStream(Path.of("/usr/lib"))) {
            for (Path folder : folders) {
                Path library = folder.resolve("faketime").resolve(LIBRARY);
                if (Files.exists(library)) {
                    return library;
                }
            }
        }
        throw new IOException("there is no " + LIBRARY + "; interop/install installs it");
    }

    /** The environment of a process that is to go by this clock. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                "FAKETIME_NO_CACHE", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "NO_FAKE_STAT", "1");
    }

    /** Sets it by so much from the right time, as {@code +3d} or {@code -2h}. */
    public void set(String offset) throws IOException {
        Path next = this.offset.resolveSibling("clock.next");
        Files.writeString(next, offset + "\n");
        Files.move(next, this.offset, StandardCopyOption.ATOMIC_MOVE);
    }
}
