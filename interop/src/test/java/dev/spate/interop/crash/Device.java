package dev.spate.interop.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small device of its own to which things can happen that nobody wants to happen to a real one. It lies in memory; only root may have one. */
final class Device implements AutoCloseable {
    private final Path folder;

    private Device(Path folder) {
        this.folder = folder;
    }

    /** Mounts one below this folder, or has the test left out where that is not allowed. */
    static Device mount(Path home, String size) throws IOException {
        Path folder = Files.createDirectory(home.resolve("device"));
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=" + size, "spate-test", folder.toString()) == 0,
                "only root may mount a small device");
        return new Device(folder);
    }

    Path folder() {
        return folder;
    }

    /** Lets nobody write to it; false while a file on it is open for writing. */
    boolean tryMakeReadOnly() throws IOException {
        return command("mount", "-o", "remount,ro", folder.toString()) == 0;
    }

    void makeWritable() throws IOException {
        if (command("mount", "-o", "remount,rw", folder.toString()) != 0) {
            throw new IOException(folder + " cannot be mounted for writing again");
        }
    }

    private static int command(String... words) throws IOException {
        try {
            return new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        command("umount", "-l", folder.toString());
    }
}
