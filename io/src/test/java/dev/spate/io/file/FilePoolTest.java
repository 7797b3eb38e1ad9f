package dev.spate.io.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FilePoolTest {
    @TempDir
    Path root;

    private final FilePool pool = new FilePool(3);

    @AfterEach
    void everythingIsClosed() {
        pool.close();
        assertThat(pool.openFiles()).isZero();
    }

    @Test
    void writesAndReadsAtPositions() throws IOException {
        PooledFile file = file("a/b/c.bin");
        file.write(direct("world"), 1_000_000);
        file.write(direct("hello"), 0);
        assertThat(read(file, 0, 5)).isEqualTo("hello");
        assertThat(read(file, 1_000_000, 5)).isEqualTo("world");
        assertThat(read(file, 999_999, 1)).isEqualTo("\0");
        assertThat(file.stamp().orElseThrow().length()).isEqualTo(1_000_005);
        file.force();
        assertThat(file.delete()).isTrue();
        assertThat(file.delete()).isFalse();
        assertThat(file.stamp()).isEmpty();
    }

    @Test
    void doesNotWriteOverACut() throws IOException {
        try (PooledFile file = pool.file(root, Path.of("cut"))) {
            file.write(direct("0123456789"), 10);
            file.write(direct("abc"), 0);
            try (var other = FileChannel.open(root.resolve("cut"), StandardOpenOption.WRITE)) {
                other.truncate(15);
            }
            assertThatExceptionOfType(CutFileException.class)
                    .isThrownBy(() -> file.write(direct("9"), 19))
                    .withMessageContaining("from 20 to 15 bytes");
            assertThat(Files.size(root.resolve("cut"))).isEqualTo(15);
            file.setLength(12);
            file.write(direct("z"), 11);
            assertThat(Files.size(root.resolve("cut"))).isEqualTo(12);
        }
    }

    @Test
    void doesNotTakeOneWriterForTheCutOfAnother() throws Exception {
        PooledFile file = file("growing");
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int place = next.getAndIncrement(); place < 20_000; place = next.getAndIncrement()) {
                        file.write(direct("x"), place);
                    }
                } catch (IOException e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(Files.size(root.resolve("growing"))).isEqualTo(20_000);
        file.close();
    }

    @Test
    void readsTheRangeBetweenPositionAndLimit() throws IOException {
        PooledFile file = file("f");
        ByteBuffer from = direct("abcdef").position(2).limit(4);
        file.write(from, 0);
        assertThat(from.hasRemaining()).isFalse();
        ByteBuffer into = ByteBuffer.allocateDirect(10).position(3).limit(5);
        file.readFully(into, 0);
        assertThat(into.position()).isEqualTo(5);
        assertThat((char) into.get(3)).isEqualTo('c');
    }

    @Test
    void tellsWhereAShortFileEnds() throws IOException {
        PooledFile file = file("short");
        file.write(direct("abc"), 0);
        assertThat(file.read(ByteBuffer.allocateDirect(10), 1)).isEqualTo(2);
        assertThat(file.read(ByteBuffer.allocateDirect(10), 99)).isZero();
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> file.readFully(ByteBuffer.allocateDirect(10), 1))
                .withMessageContaining("short ends at 3, before 11");
    }

    @Test
    void readingMakesNothing() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> read(file("no/such"), 0, 1));
        assertThat(root.resolve("no")).doesNotExist();
    }

    @Test
    void makesEmptyFilesAndLengths() throws IOException {
        PooledFile file = file("d/empty");
        file.create();
        assertThat(file.stamp().orElseThrow().length()).isZero();
        file.setLength(5_000_000_000L);
        assertThat(file.stamp().orElseThrow().length()).isEqualTo(5_000_000_000L);
        file.setLength(10);
        assertThat(file.stamp().orElseThrow().length()).isEqualTo(10);
        file.create();
        assertThat(file.stamp().orElseThrow().length()).isEqualTo(10);
    }

    @Test
    void readsWhatCannotBeWritten() throws IOException {
        Path path = Files.writeString(root.resolve("fixed"), "seed");
        assertThat(path.toFile().setWritable(false)).isTrue();
        assertThat(read(file("fixed"), 0, 4)).isEqualTo("seed");
    }

    @Test
    void wantsDirectBuffersAndPathsBelowTheRoot() {
        assertThatIllegalArgumentException().isThrownBy(() -> file("x").write(ByteBuffer.allocate(1), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> file("x").read(ByteBuffer.allocate(1), 0));
        for (String bad : List.of("", "..", "../x", "a/../../x", "./x", "/x")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> file(bad));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "linked/f", "plain/linked/f"})
    void followsNoLinkBelowTheRoot(String name) throws IOException {
        Path outside = Files.createDirectory(root.resolve("outside"));
        Files.writeString(outside.resolve("f"), "secret");
        Path inside = Files.createDirectory(root.resolve("inside"));
        Files.createDirectory(inside.resolve("plain"));
        Files.createSymbolicLink(inside.resolve("link"), outside.resolve("f"));
        Files.createSymbolicLink(inside.resolve("linked"), outside);
        Files.createSymbolicLink(inside.resolve("plain/linked"), outside);
        PooledFile file = pool.file(inside, Path.of(name));
        assertThatExceptionOfType(SymbolicLinkException.class).isThrownBy(() -> read(file, 0, 1));
        assertThatExceptionOfType(SymbolicLinkException.class).isThrownBy(() -> file.write(direct("x"), 0));
        assertThatExceptionOfType(SymbolicLinkException.class).isThrownBy(file::stamp);
        assertThat(outside.resolve("f")).hasContent("secret");
        assertThat(pool.openFiles()).isZero();
    }

    @Test
    void followsLinksOnTheWayToTheRoot() throws IOException {
        Path real = Files.createDirectory(root.resolve("real"));
        Path link = Files.createSymbolicLink(root.resolve("link"), real);
        pool.file(link, Path.of("f")).write(direct("x"), 0);
        assertThat(real.resolve("f")).hasContent("x");
    }

    @Test
    void saysWhatStandsInTheWay() throws IOException {
        Files.createDirectory(root.resolve("folder"));
        Files.writeString(root.resolve("file"), "");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> file("folder").write(direct("x"), 0));
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> file("folder").stamp());
        assertThatExceptionOfType(NotDirectoryException.class)
                .isThrownBy(() -> file("file/below").write(direct("x"), 0));
        assertThat(pool.openFiles()).isZero();
    }

    @Test
    void keepsTheFilesOpenThatWereUsedLast() throws IOException {
        List<PooledFile> files = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            PooledFile file = file("f" + i);
            file.write(direct("x" + i), 0);
            files.add(file);
            assertThat(pool.openFiles()).isEqualTo(Math.min(i + 1, 3));
        }
        assertThat(files.get(9).open).isNotNull();
        assertThat(files.get(7).open).isNotNull();
        assertThat(files.get(6).open).isNull();
        read(files.get(7), 0, 2);
        read(files.get(0), 0, 2);
        assertThat(files.get(7).open).isNotNull();
        assertThat(files.get(8).open).isNull();
        assertThat(read(files.get(1), 0, 2)).isEqualTo("x1");
    }

    @Test
    void oneDescriptorServesReadingAndThenWriting() throws IOException {
        PooledFile file = file("f");
        file.write(direct("a"), 0);
        file.close();
        PooledFile again = file("f");
        assertThat(read(again, 0, 1)).isEqualTo("a");
        again.write(direct("b"), 0);
        assertThat(read(again, 0, 1)).isEqualTo("b");
        assertThat(pool.openFiles()).isOne();
        again.close();
        again.close();
        assertThat(pool.openFiles()).isZero();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> read(again, 0, 1));
    }

    @Test
    void opensAgainWhatAnInterruptHasClosed() throws IOException {
        PooledFile file = file("f");
        file.write(direct("abc"), 0);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> read(file, 0, 3));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(read(file, 0, 3)).isEqualTo("abc");
        assertThat(pool.openFiles()).isOne();
    }

    /** Many threads, many files, few descriptors: no operation ever meets a closed channel or another file's bytes. */
    @Test
    void closingNeverBreaksAReadOrWriteInProgress() throws Exception {
        int files = 20;
        List<PooledFile> all = new ArrayList<>();
        var versions = new AtomicIntegerArray(files);
        for (int i = 0; i < files; i++) {
            all.add(file("d" + i % 3 + "/f" + i));
            all.get(i).write(filled(i), 0);
        }
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            var random = new Random(t);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
                    for (int i = 0; i < 3_000; i++) {
                        int which = random.nextInt(files);
                        if (random.nextInt(4) == 0) {
                            all.get(which).write(filled(which), random.nextInt(3) * 4096L);
                            versions.incrementAndGet(which);
                        } else {
                            all.get(which).readFully(buffer.clear(), 0);
                            assertThat(buffer.get(random.nextInt(4096))).isEqualTo((byte) which);
                        }
                        most.accumulateAndGet(pool.openFiles(), Math::max);
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(most.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void replacesAFileAsAWhole() throws IOException {
        Path path = root.resolve("resume");
        DurableFiles.replace(path, "one".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(path).hasContent("one");
        byte[] large = new byte[300_001];
        new Random(1).nextBytes(large);
        DurableFiles.replace(path, large);
        assertThat(path).hasBinaryContent(large);
        assertThat(root.resolve("resume.tmp")).doesNotExist();
    }

    @Test
    void aFailedReplacementLeavesTheOldFile() throws IOException {
        Path folder = Files.createDirectory(root.resolve("taken"));
        Files.writeString(folder.resolve("inside"), "x");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> DurableFiles.replace(folder, new byte[1]));
        assertThat(folder.resolve("inside")).hasContent("x");
        assertThat(root.resolve("taken.tmp")).doesNotExist();
    }

    @Test
    void aReplacementDoesNotWriteThroughALinkLeftInItsWay() throws IOException {
        Path victim = Files.writeString(root.resolve("victim"), "safe");
        Files.createSymbolicLink(root.resolve("resume.tmp"), victim);
        DurableFiles.replace(root.resolve("resume"), new byte[] {'n'});
        assertThat(victim).hasContent("safe");
        assertThat(root.resolve("resume")).hasContent("n");
    }

    private PooledFile file(String name) {
        return pool.file(root, Path.of(name));
    }

    private static ByteBuffer filled(int value) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        while (buffer.hasRemaining()) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static String read(PooledFile file, long position, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(length);
        file.readFully(into, position);
        byte[] bytes = new byte[length];
        into.flip().get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.US_ASCII);
    }
}
