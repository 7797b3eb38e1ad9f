package dev.spate.cli;

import dev.spate.io.file.DurableFiles;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Torrent files and descriptors that we write. */
final class TorrentFiles {
    private TorrentFiles() {}

    /**
     * Writes all of it or nothing.
     *
     * @param overwrite whether another file of this name may be replaced
     * @param remedy what the user can do if it may not
     */
    static void write(Path file, Metainfo metainfo, boolean overwrite, String remedy) throws CommandFailure {
        write(file, metainfo.toBytes(), overwrite, remedy);
    }

    /** As {@link #write(Path, Metainfo, boolean, String)}, for a file of any kind. */
    static void write(Path file, byte[] bytes, boolean overwrite, String remedy) throws CommandFailure {
        String shown = TorrentSource.shown(file);
        try {
            if (Files.exists(file) && !overwrite) {
                if (Files.isRegularFile(file) && isSame(file, bytes)) {
                    return;
                }
                throw new CommandFailure(ExitCode.NAME_CLASH, shown + " exists and is another file", remedy);
            }
            DurableFiles.replace(file.toAbsolutePath(), bytes);
        } catch (AccessDeniedException e) {
            throw new CommandFailure(ExitCode.NOT_PERMITTED, shown + " may not be written", "Choose another folder.");
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "there is no folder for " + shown, "Make it first.");
        } catch (IOException e) {
            boolean full =
                    String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("no space left");
            throw new CommandFailure(
                    full ? ExitCode.DISK_FULL : ExitCode.FILE_TROUBLE,
                    "cannot write " + shown + ": " + e.getMessage(),
                    "Choose another folder.");
        }
    }

    private static boolean isSame(Path file, byte[] bytes) throws IOException {
        return Files.size(file) == bytes.length && Arrays.equals(Files.readAllBytes(file), bytes);
    }
}
