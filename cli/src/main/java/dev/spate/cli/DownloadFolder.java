package dev.spate.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that a download goes into. */
final class DownloadFolder {
    private DownloadFolder() {}

    /** Makes the folder if it is missing, so that trouble with it is told before anything is downloaded. */
    static void prepare(Path folder) throws CommandFailure {
        String shown = TorrentSource.shown(folder);
        try {
            Path full = folder.toAbsolutePath();
            Files.createDirectories(full);
            if (!Files.isWritable(full)) {
                throw notPermitted(shown);
            }
        } catch (AccessDeniedException e) {
            throw notPermitted(shown);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    ExitCode.NAME_CLASH,
                    "cannot make the folder " + shown + ": a file of this name is in the way",
                    "Choose another folder with -o.");
        } catch (IOException e) {
            String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
            boolean readOnly = String.valueOf(reason).contains("Read-only file system");
            if (readOnly) {
                throw notPermitted(shown);
            }
            throw new CommandFailure(
                    ExitCode.FILE_TROUBLE,
                    "cannot make the folder " + shown + ": " + (reason == null ? e.toString() : reason),
                    "Choose another folder with -o.");
        }
    }

    private static CommandFailure notPermitted(String shown) {
        return new CommandFailure(
                ExitCode.NOT_PERMITTED,
                "the folder " + shown + " may not be written",
                "Change its permissions or choose another folder with -o.");
    }
}
