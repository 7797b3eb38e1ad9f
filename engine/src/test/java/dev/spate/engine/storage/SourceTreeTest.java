package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spate.wire.PieceLayout;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTreeTest {

    @TempDir
    Path folder;

    private void put(String path, int length) throws Exception {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        byte[] bytes = new byte[length];
        new Random(path.hashCode()).nextBytes(bytes);
        Files.write(file, bytes);
    }

    private static List<String> paths(SourceTree tree) {
        return tree.files().stream().map(file -> String.join("/", file.path())).toList();
    }

    @Test
    void ordersNamesAsBytesAndFoldersByTheirNames() throws Exception {
        for (String path : List.of("b", "a/z", "a.txt", "B", "\u00e9", "a/b/c", "\ud83d\ude00", "\uff5e")) {
            put(path, 1);
        }

        assertThat(paths(SourceTree.scan(folder, false)))
                .containsExactly("B", "a/b/c", "a/z", "a.txt", "b", "\u00e9", "\uff5e", "\ud83d\ude00");
    }

    @Test
    void hashesWhatTheFilesHoldOnAnyNumberOfThreads() throws Exception {
        put("one", 100_000);
        put("two/three", 3);
        put("two/nothing", 0);
        put("zero", 250_001);
        SourceTree tree = SourceTree.scan(folder, false);
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        for (SourceTree.SourceFile file : tree.files()) {
            run.writeBytes(Files.readAllBytes(folder.resolve(String.join("/", file.path()))));
        }
        PieceLayout layout = new PieceLayout(tree.totalLength(), 16_384);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int piece = 0; piece < layout.pieces(); piece++) {
            int begin = (int) layout.offset(piece);
            expected.writeBytes(
                    Samples.sha1(Arrays.copyOfRange(run.toByteArray(), begin, begin + layout.length(piece))));
        }

        for (int threads = 1; threads < 4; threads++) {
            AtomicLong told = new AtomicLong();
            assertThat(tree.hash(layout, threads, told::set)).isEqualTo(expected.toByteArray());
            assertThat(told).hasValue(tree.totalLength());
        }
    }

    @Test
    void takesASingleFileUnderItsName() throws Exception {
        put("alone.bin", 5);

        SourceTree tree = SourceTree.scan(folder.resolve("alone.bin"), false);

        assertThat(tree.isSingleFile()).isTrue();
        assertThat(paths(tree)).containsExactly("alone.bin");
        assertThat(tree.hash(new PieceLayout(5, 16_384), 1, done -> {})).hasSize(20);
    }

    @Test
    void leavesHiddenFilesOutUnlessAskedFor() throws Exception {
        put("seen", 1);
        put(".secret", 1);
        put(".git/config", 1);

        assertThat(paths(SourceTree.scan(folder, false))).containsExactly("seen");
        assertThat(paths(SourceTree.scan(folder, true))).containsExactly(".git/config", ".secret", "seen");
        assertThat(paths(SourceTree.scan(folder.resolve(".git"), false))).containsExactly("config");
    }

    @Test
    void namesASymbolicLink() throws Exception {
        put("file", 1);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));

        assertThatExceptionOfType(StorageException.Unsuitable.class)
                .isThrownBy(() -> SourceTree.scan(folder, false))
                .withMessageContaining("link")
                .withMessageContaining("symbolic");
    }

    @Test
    void refusesWhatIsEmptyOrMissing() {
        assertThatExceptionOfType(StorageException.Unsuitable.class)
                .isThrownBy(() -> SourceTree.scan(folder, false))
                .withMessageContaining("no files");
        assertThatExceptionOfType(StorageException.Missing.class)
                .isThrownBy(() -> SourceTree.scan(folder.resolve("nowhere"), false))
                .withMessageContaining("nowhere");
    }

    @Test
    void noticesAFileThatChangesMeanwhile() throws Exception {
        put("file", 100_000);
        SourceTree tree = SourceTree.scan(folder, false);
        PieceLayout layout = new PieceLayout(tree.totalLength(), 16_384);

        put("file", 99_999);
        assertThatExceptionOfType(StorageException.Unsuitable.class)
                .isThrownBy(() -> tree.hash(layout, 2, done -> {}))
                .withMessageContaining("changed");
        Files.delete(folder.resolve("file"));
        assertThatExceptionOfType(StorageException.Unsuitable.class).isThrownBy(() -> tree.hash(layout, 2, done -> {}));
    }

    @Test
    void anInterruptCancels() throws Exception {
        put("file", 100_000);
        SourceTree tree = SourceTree.scan(folder, false);
        PieceLayout layout = new PieceLayout(tree.totalLength(), 16_384);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> tree.hash(layout, 2, done -> {}));
    }
}
