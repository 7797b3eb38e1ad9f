package dev.spate.cli.demo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of the demonstration. */
final class DemoData {

    private static final int CHUNK = 1 << 16;

    private DemoData() {}

    /** Makes a folder with files of all kinds that together have so many bytes of random content. */
    static void make(Path folder, long size) throws IOException {
        SplittableRandom random = new SplittableRandom(size);
        Files.createDirectories(folder.resolve("more"));
        write(folder.resolve("large.bin"), size - size / 3, random);
        write(folder.resolve("more").resolve("small.bin"), size / 3, random);
        write(folder.resolve("more").resolve("nothing.txt"), 0, random);
    }

    private static void write(Path file, long size, SplittableRandom random) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (long left = size; left > 0; left -= CHUNK) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(CHUNK, left));
            }
        }
    }

    /** Whether both folders have the same files with the same bytes, and no others. */
    static boolean isSame(Path one, Path other) throws IOException {
        List<Path> files = files(one);
        if (!files.equals(files(other))) {
            return false;
        }
        for (Path file : files) {
            if (Files.mismatch(one.resolve(file), other.resolve(file)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(Files::isRegularFile)
                        .map(folder::relativize)
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    /** Deletes a folder and all that is in it. */
    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
