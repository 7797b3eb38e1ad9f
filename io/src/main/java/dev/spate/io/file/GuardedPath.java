package dev.spate.io.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A file below a root, reached without following a symbolic link.
 *
 * <h2>Implementation note</h2>
 *
 * The last part is opened with {@code NOFOLLOW_LINKS}; the folders between the root and it are looked at before each opening.
 * Between the look and the opening another program of the same user could still put a link there. That user can write to
 * the target of the link anyway; what is to be kept out are links that were there before, and names from strangers.
 *
 * @param root a folder that is trusted, links included
 * @param relative below it; not empty, without {@code .} and {@code ..}
 */
record GuardedPath(Path root, Path relative) {
    GuardedPath {
        if (relative.isAbsolute()
                || !relative.equals(relative.normalize())
                || relative.toString().isEmpty()
                || relative.startsWith("..")) {
            throw new IllegalArgumentException("not a path below a root: " + relative);
        }
    }

    Path path() {
        return root.resolve(relative);
    }

    /**
     * Looks at the folders on the way, the root among them.
     *
     * @return false if one is missing
     * @throws SymbolicLinkException if one is a link
     * @throws NotDirectoryException if one is something else
     */
    boolean check() throws IOException {
        if (!Files.exists(root)) {
            return false;
        }
        Path folder = root;
        for (int i = 0; i < relative.getNameCount() - 1; i++) {
            folder = folder.resolve(relative.getName(i));
            try {
                requireFolder(folder);
            } catch (NoSuchFileException e) {
                return false;
            }
        }
        return true;
    }

    FileChannel openToRead() throws IOException {
        if (!check()) {
            throw new NoSuchFileException(path().toString());
        }
        return open(Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Makes what is missing below the root. A root that is missing was taken away, and is not made behind somebody's back. */
    FileChannel openToWrite() throws IOException {
        if (!check()) {
            if (!Files.exists(root)) {
                throw new NoSuchFileException(root.toString());
            }
            makeFolders();
        }
        // A file system that makes sparse files only when told so (NTFS) has to be told when the file is made.
        return open(Set.of(
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.SPARSE,
                LinkOption.NOFOLLOW_LINKS));
    }

    Optional<FileStamp> stamp() throws IOException {
        if (!check()) {
            return Optional.empty();
        }
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (attributes.isSymbolicLink()) {
            throw new SymbolicLinkException(path());
        }
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(path().toString(), null, "is not a plain file");
        }
        return Optional.of(
                new FileStamp(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
    }

    private FileChannel open(Set<? extends java.nio.file.OpenOption> options) throws IOException {
        try {
            return FileChannel.open(path(), options);
        } catch (IOException e) {
            // The system's own word for it is "too many levels of symbolic links".
            if (Files.isSymbolicLink(path())) {
                throw new SymbolicLinkException(path());
            }
            throw e;
        }
    }

    void makeFolders() throws IOException {
        Files.createDirectories(root);
        Path folder = root;
        for (int i = 0; i < relative.getNameCount() - 1; i++) {
            folder = folder.resolve(relative.getName(i));
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException e) {
                requireFolder(folder);
            }
        }
    }

    private static void requireFolder(Path folder) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            throw new SymbolicLinkException(folder);
        }
        if (!attributes.isDirectory()) {
            throw new NotDirectoryException(folder.toString());
        }
    }
}
