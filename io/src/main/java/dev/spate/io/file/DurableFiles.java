package dev.spate.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Small files that are replaced as a whole: whoever reads one sees the old bytes or the new ones, also after a power cut. */
public final class DurableFiles {
    /** The JDK keeps a hidden direct buffer as large as the largest heap buffer that a thread has written. */
    private static final int CHUNK = 64 * 1024;

    private DurableFiles() {}

    /**
     * Replaces the file at {@code path}, or makes it. When this returns, the new bytes and the name that leads to them are on the
     * disk; when it throws, the old file stands. Two writers of one path at a time are not supported.
     *
     * @param path in a folder that exists; a neighbour with {@code .tmp} appended to its name is used on the way
     */
    public static void replace(Path path, byte[] bytes) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("not a file: " + path);
        }
        Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
        // Left behind by a crash; deleted first, so that a link put there is not written through.
        Files.deleteIfExists(fresh);
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS)) {
                for (int done = 0; done < bytes.length; ) {
                    done += channel.write(ByteBuffer.wrap(bytes, done, Math.min(CHUNK, bytes.length - done)));
                }
                channel.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(fresh);
            } catch (IOException cleaning) {
                e.addSuppressed(cleaning);
            }
            throw e;
        }
        forceFolder(folder);
    }

    /** Returns when the names in {@code folder} are on the disk, as far as the system lets one ask for that. */
    public static void forceFolder(Path folder) throws IOException {
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }
}
