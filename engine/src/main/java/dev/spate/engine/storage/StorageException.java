package dev.spate.engine.storage;

import dev.spate.io.file.CutFileException;
import dev.spate.io.file.SymbolicLinkException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a torrent's files, or on what is remembered about them, that could not be carried out.
 *
 * <p>Each kind says what went wrong as far as a program or a person would act differently; the message names the operation, the
 * subject and the remedy.
 */
public abstract sealed class StorageException extends Exception {
    private static final long serialVersionUID = 1;

    private final String operation;
    private final transient Path subject;

    private StorageException(String operation, Path subject, String trouble, String remedy, @Nullable Throwable cause) {
        super("cannot " + operation + " " + subject + ": " + trouble + "; " + remedy, cause);
        this.operation = operation;
        this.subject = subject;
    }

    /** What was being done, as a verb: {@code write}, {@code read}. */
    public final String operation() {
        return operation;
    }

    /** The file or folder that it was being done to. */
    public final Path subject() {
        return subject;
    }

    /** The file system or the user's share of it has no room left. */
    public static final class DiskFull extends StorageException {
        private static final long serialVersionUID = 1;

        public DiskFull(String operation, Path subject, Throwable cause) {
            super(operation, subject, "no space left", "make room or choose another folder", cause);
        }
    }

    /** The file or folder may not be read or written by this process, or its file system is read-only. */
    public static final class NotPermitted extends StorageException {
        private static final long serialVersionUID = 1;

        public NotPermitted(String operation, Path subject, Throwable cause) {
            super(
                    operation,
                    subject,
                    "not permitted (" + reasonOf(cause) + ")",
                    "change its permissions or choose another folder",
                    cause);
        }
    }

    /** Something that is not this torrent's lies where a file of it belongs. */
    public static final class NameClash extends StorageException {
        private static final long serialVersionUID = 1;

        private final transient List<Path> paths;

        /**
         * Names what is in the way.
         *
         * @param paths all of it, at least one
         */
        public NameClash(List<Path> paths, String trouble, @Nullable Throwable cause) {
            super(
                    "use",
                    paths.getFirst(),
                    trouble + (paths.size() > 1 ? " (and " + (paths.size() - 1) + " more files)" : ""),
                    "move it away, choose another folder, or allow overwriting",
                    cause);
            this.paths = List.copyOf(paths);
        }

        /** Everything that is in the way. */
        public List<Path> paths() {
            return paths;
        }
    }

    /** A file or folder that should be there is not. */
    public static final class Missing extends StorageException {
        private static final long serialVersionUID = 1;

        public Missing(String operation, Path subject, @Nullable Throwable cause) {
            super(operation, subject, "it does not exist", "put it back, or recheck to download it again", cause);
        }
    }

    /** A file was changed by somebody else: it is shorter than what was written to it, or was written to after it was complete. */
    public static final class Changed extends StorageException {
        private static final long serialVersionUID = 1;

        public Changed(String operation, Path subject, String trouble, @Nullable Throwable cause) {
            super(operation, subject, trouble, "recheck to find out what is still good", cause);
        }
    }

    /** A path would leave the download folder, or goes through a symbolic link. */
    public static final class UnsafePath extends StorageException {
        private static final long serialVersionUID = 1;

        public UnsafePath(String operation, Path subject, String trouble, @Nullable Throwable cause) {
            super(operation, subject, trouble, "remove it, or choose another folder", cause);
        }
    }

    /** What a torrent was to be made of cannot be in one, or changed while it was read. */
    public static final class Unsuitable extends StorageException {
        private static final long serialVersionUID = 1;

        public Unsuitable(Path subject, String trouble, String remedy) {
            super("make a torrent of", subject, trouble, remedy, null);
        }
    }

    /** Any other failure of the operating system or the device. */
    public static final class Failed extends StorageException {
        private static final long serialVersionUID = 1;

        public Failed(String operation, Path subject, Throwable cause) {
            super(operation, subject, reasonOf(cause), "check the disk and try again", cause);
        }
    }

    /** The kind that fits a failure at a file. */
    static StorageException of(String operation, Path subject, IOException cause) {
        if (Files.exists(subject, LinkOption.NOFOLLOW_LINKS)
                && !Files.isSymbolicLink(subject)
                && !Files.isRegularFile(subject, LinkOption.NOFOLLOW_LINKS)) {
            return new NameClash(List.of(subject), "it is no ordinary file", cause);
        }
        return ofFolder(operation, subject, cause);
    }

    /** The kind that fits a failure at a folder. */
    static StorageException ofFolder(String operation, Path subject, IOException cause) {
        if (isDiskFull(cause)) {
            return new DiskFull(operation, subject, cause);
        }
        if (cause instanceof AccessDeniedException || isReadOnly(cause)) {
            return new NotPermitted(operation, subject, cause);
        }
        return switch (cause) {
            case SymbolicLinkException link ->
                new UnsafePath(
                        operation, Path.of(link.getFile()), "it is a symbolic link, and none is followed", cause);
            case NotDirectoryException file ->
                new NameClash(List.of(Path.of(file.getFile())), "a file is in the place of a folder", cause);
            case FileAlreadyExistsException file ->
                new NameClash(List.of(Path.of(file.getFile())), "a file is in the place of a folder", cause);
            case NoSuchFileException file -> new Missing(operation, subject, cause);
            case CutFileException cut -> new Changed(operation, subject, "it " + reasonOf(cut), cut);
            default -> new Failed(operation, subject, cause);
        };
    }

    // The JDK passes on the operating system's words and nothing else. Linux and macOS: ENOSPC, EDQUOT; Windows:
    // ERROR_DISK_FULL.
    private static boolean isDiskFull(IOException cause) {
        String reason = reasonOf(cause).toLowerCase(Locale.ROOT);
        return reason.contains("no space left")
                || reason.contains("quota exceeded")
                || reason.contains("not enough space");
    }

    private static boolean isReadOnly(IOException cause) {
        String reason = reasonOf(cause).toLowerCase(Locale.ROOT);
        return reason.contains("read-only file system")
                || reason.contains("permission denied")
                || reason.contains("operation not permitted");
    }

    private static String reasonOf(Throwable cause) {
        String reason = cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }
}
