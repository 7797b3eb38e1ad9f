package dev.spate.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a torrent of a test carries.
 *
 * @param name the torrent's name: a file if {@code files} is one entry with an empty path, else a folder
 * @param pieceLength in bytes
 */
record Payload(String title, String name, int pieceLength, List<Part> files) {

    /** A file below the folder, its path joined by slashes, and its length in bytes. */
    record Part(String path, int length) {}

    private static final int KIB = 1024;

    static final Payload SINGLE_FILE = single("a single file", "ocean.bin", 256 * KIB, 8 * 1024 * KIB);

    static final Payload SHORT_LAST_PIECE = single("a last piece of one byte", "tail.bin", 32 * KIB, 40 * 32 * KIB + 1);

    static final Payload ODD_PIECES = single("pieces of three blocks", "odd.bin", 48 * KIB, 3_000_000);

    static final Payload LARGE_PIECES = single("pieces of 4 MiB", "large.bin", 4096 * KIB, 20_000_000);

    static final Payload MULTI_FILE = new Payload(
            "several files",
            "album",
            64 * KIB,
            List.of(
                    new Part("notes.txt", 1),
                    new Part("one/first.bin", 1_000_000),
                    new Part("one/two/second.bin", 64 * KIB),
                    new Part("third.bin", 2_345_678)));

    static final Payload EMPTY_FILES = new Payload(
            "empty files",
            "gaps",
            16 * KIB,
            List.of(
                    new Part("a/empty", 0),
                    new Part("b.bin", 50_000),
                    new Part("c/empty", 0),
                    new Part("c/empty too", 0),
                    new Part("d.bin", 70_000),
                    new Part("z", 0)));

    static final Payload UNICODE_NAMES = new Payload(
            "names beyond ASCII",
            "Übung – 練習",
            32 * KIB,
            List.of(
                    new Part("Ærø/naïve café.txt", 12_345),
                    new Part("данные/файл.bin", 200_000),
                    new Part("日本語/🎵 音楽.bin", 300_000),
                    new Part("with 'quotes' & $igns.bin", 4_096)));

    static final Payload MANY_SMALL_FILES = new Payload(
            "10,000 small files",
            "crumbs",
            128 * KIB,
            IntStream.range(0, 10_000)
                    .mapToObj(i -> new Part("d%02d/f%04d".formatted(i / 100, i), 100 + i % 1900))
                    .toList());

    static List<Payload> all() {
        return List.of(
                SINGLE_FILE,
                SHORT_LAST_PIECE,
                ODD_PIECES,
                LARGE_PIECES,
                MULTI_FILE,
                EMPTY_FILES,
                UNICODE_NAMES,
                MANY_SMALL_FILES);
    }

    /** A file of the given length, for tests that need time to interfere. */
    static Payload single(String title, String name, int pieceLength, int length) {
        return new Payload(title, name, pieceLength, List.of(new Part("", length)));
    }

    boolean isSingleFile() {
        return files.size() == 1 && files.getFirst().path().isEmpty();
    }

    long length() {
        return files.stream().mapToLong(Part::length).sum();
    }

    /** The paths of all files below the folder that holds the payload. */
    Stream<Path> paths(Path folder) {
        return files.stream().map(part -> path(folder, part));
    }

    Path path(Path folder, Part part) {
        return part.path().isEmpty()
                ? folder.resolve(name)
                : folder.resolve(name).resolve(part.path());
    }

    /** Writes the files below {@code folder}: bytes that do not compress and are the same each time. */
    void write(Path folder) throws IOException {
        var random = new SplittableRandom(name.hashCode());
        for (Part part : files) {
            var bytes = new byte[part.length()];
            random.nextBytes(bytes);
            Path file = path(folder, part);
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.write(file, bytes);
        }
    }

    /** The same payload to one who leaves out files without bytes. */
    Payload withoutEmptyFiles() {
        return new Payload(
                title,
                name,
                pieceLength,
                files.stream().filter(part -> part.length() > 0).toList());
    }

    /** Whether every file of the payload below the one folder has the bytes of that below the other. */
    boolean isSame(Path source, Path copy) throws IOException {
        for (Part part : files) {
            Path ours = path(copy, part);
            if (!Files.isRegularFile(ours)
                    || Files.size(ours) != part.length()
                    || Files.mismatch(path(source, part), ours) >= 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return title;
    }
}
