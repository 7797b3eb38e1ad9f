package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.core.stream.ReadAhead;
import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are read while they arrive, in real sessions on loopback. */
@Timeout(120)
class TorrentFileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("film.bin", 3_000_001, 1 << 15);

    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    }

    private static AddOptions from(Path folder, Session seed) {
        InetSocketAddress address = seed.listenAddresses().getFirst();
        return AddOptions.into(folder)
                .withoutTrackers()
                .withPeers(List.of(PeerAddress.of(address.getAddress().getAddress(), address.getPort())));
    }

    private Torrent seed(Session session) throws IOException {
        Torrent torrent = session.add(
                payload.metainfo(),
                AddOptions.into(payload.writeTo(folder.resolve("seed"))).withoutTrackers());
        // A peer that came before it knows what it has would be turned away.
        torrent.completion().join();
        return torrent;
    }

    /** A torrent of which nothing is there and nothing comes. */
    private Torrent lonely(Session session) {
        return session.add(
                payload.metainfo(), AddOptions.into(folder.resolve("leech")).withoutTrackers());
    }

    private static TorrentFile film(Torrent torrent) {
        return torrent.file(Path.of("film.bin")).orElseThrow();
    }

    private static byte[] read(SeekableByteChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        channel.position(position);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            assertThat(channel.position()).isEqualTo(position + bytes.position());
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private byte[] expected(long position, int length) {
        return Arrays.copyOfRange(
                payload.content(), (int) position, (int) Math.min(payload.content().length, position + length));
    }

    @Test
    void threeReadersThatSeekAtRandomGetEveryByteRightFromASlowSeed() throws Exception {
        try (Session seed = session();
                Session leech = session();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            seed(seed);
            try (SlowLine line = new SlowLine(seed.listenAddresses().getFirst(), 1_500_000)) {
                Torrent torrent = leech.add(
                        payload.metainfo(),
                        AddOptions.into(folder.resolve("leech"))
                                .withoutTrackers()
                                .withPeers(List.of(line.address())));
                List<Future<Integer>> readers = new ArrayList<>();
                for (int reader = 0; reader < 3; reader++) {
                    Random random = new Random(reader);
                    readers.add(threads.submit(() -> readAtRandom(film(torrent), random)));
                }
                for (Future<Integer> reader : readers) {
                    assertThat(reader.get()).isEqualTo(40);
                }
                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
                assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
                assertThat(torrent.stats().downloaded())
                        .as("what was asked for twice")
                        .isLessThan(2L * payload.content().length);
            }
        }
    }

    private int readAtRandom(TorrentFile file, Random random) throws IOException {
        int reads = 0;
        try (SeekableByteChannel channel = file.openChannel()) {
            for (; reads < 40; reads++) {
                long position = random.nextLong(channel.size());
                int length = 1 + random.nextInt(100_000);
                assertThat(read(channel, position, length)).isEqualTo(expected(position, length));
            }
        }
        return reads;
    }

    @Test
    void aStreamReadsFromBeginningToEndWhileTheFileArrives() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            seed(seed);
            Torrent torrent = leech.add(payload.metainfo(), from(folder.resolve("leech"), seed));
            TorrentFile film = film(torrent);

            try (InputStream stream = film.openStream()) {
                assertThat(stream.readAllBytes()).isEqualTo(payload.content());
                assertThat(stream.read()).isEqualTo(-1);
            }
            try (InputStream stream = film.openStream()) {
                stream.skipNBytes(2_999_999);
                assertThat(stream.readAllBytes()).isEqualTo(expected(2_999_999, 2));
            }
            assertThat(film.size()).isEqualTo(3_000_001);
            assertThat(film.flushedBytes()).isEqualTo(3_000_001);
            assertThat(film.isComplete()).isTrue();
            assertThat(film.path()).isEqualTo(Path.of("film.bin"));
        }
    }

    @Test
    void knowsFilesByPathAndByIndex() throws Exception {
        Payload many = Payload.folder("top", List.of(0, 5, 100_000), 1 << 15);
        try (Session session = session()) {
            Torrent torrent = session.add(
                    many.metainfo(),
                    AddOptions.into(many.writeTo(folder.resolve("many"))).withoutTrackers());

            assertThat(torrent.file(Path.of("top", "d", "1")).orElseThrow().index())
                    .isEqualTo(1);
            assertThat(torrent.file(2).orElseThrow().path()).isEqualTo(Path.of("top", "d", "2"));
            assertThat(torrent.file(Path.of("d", "1"))).isEmpty();
            assertThat(torrent.file(3)).isEmpty();
            assertThat(torrent.file(-1)).isEmpty();
            try (InputStream empty = torrent.file(0).orElseThrow().openStream()) {
                assertThat(empty.read()).isEqualTo(-1);
            }
            try (InputStream second = torrent.file(1).orElseThrow().openStream()) {
                assertThat(second.readAllBytes()).isEqualTo(Arrays.copyOf(many.content(), 5));
            }
        }
    }

    @Test
    void aChannelOnlyReads() throws Exception {
        try (Session session = session()) {
            SeekableByteChannel channel = film(seed(session)).openChannel();

            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
            assertThat(channel.position(1L << 40).position()).isEqualTo(1L << 40);
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            ByteBuffer direct = ByteBuffer.allocateDirect(10);
            channel.position(100).read(direct);
            assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(expected(100, 10)));
            channel.close();
            assertThat(channel.isOpen()).isFalse();
            assertThatThrownBy(() -> channel.read(direct)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void channelsOfATorrentAreBounded() throws Exception {
        try (Session session = session()) {
            TorrentFile film = film(lonely(session));
            List<SeekableByteChannel> channels = new ArrayList<>();
            for (int i = 0; i < ReadAhead.MAX_READERS; i++) {
                channels.add(film.openChannel());
            }
            assertThatThrownBy(film::openChannel)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("close some of them");
            channels.getFirst().close();
            film.openChannel().close();
        }
    }

    // ------------------------------------------------------------------ waits that end otherwise

    private static final class Waiter implements AutoCloseable {
        final SeekableByteChannel channel;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final Future<Integer> read;
        private volatile Thread thread = Thread.currentThread();

        Waiter(TorrentFile file) throws Exception {
            channel = file.openChannel();
            Callable<Integer> task = () -> {
                thread = Thread.currentThread();
                return channel.read(ByteBuffer.allocate(10));
            };
            read = threads.submit(task);
            while (thread.getState() != Thread.State.TIMED_WAITING || thread.equals(Thread.currentThread())) {
                Thread.onSpinWait();
            }
        }

        Throwable failure() throws InterruptedException {
            try {
                throw new AssertionError("it read " + read.get());
            } catch (ExecutionException e) {
                return Objects.requireNonNull(e.getCause());
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            threads.close();
        }
    }

    @Test
    void anotherThreadEndsTheWaitByClosing() throws Exception {
        try (Session session = session();
                Waiter waiter = new Waiter(film(lonely(session)))) {
            waiter.channel.close();

            assertThat(waiter.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void anInterruptEndsTheWaitAndClosesTheChannelAndNoOther() throws Exception {
        try (Session session = session()) {
            TorrentFile film = film(lonely(session));
            try (Waiter waiter = new Waiter(film);
                    SeekableByteChannel other = film.openChannel()) {
                waiter.thread.interrupt();

                assertThat(waiter.failure()).isInstanceOf(ClosedByInterruptException.class);
                assertThat(waiter.channel.isOpen()).isFalse();
                assertThat(other.isOpen()).isTrue();
            }
        }
    }

    @Test
    void aPausedTorrentSaysSoAndGoesOnAfterItIsResumed() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            Torrent torrent = lonely(leech);
            try (Waiter waiter = new Waiter(film(torrent))) {
                torrent.pause();

                assertThat(waiter.failure()).isInstanceOf(IOException.class).hasMessageContaining("resume it");
                assertThatThrownBy(() -> waiter.channel.read(ByteBuffer.allocate(1)))
                        .hasMessageContaining("cannot read film.bin of film.bin from byte 0 on: the torrent is paused");
                seed(seed);
                InetSocketAddress address = seed.listenAddresses().getFirst();
                torrent.addPeers(List.of(PeerAddress.of(address.getAddress().getAddress(), address.getPort())));
                torrent.resume();
                assertThat(read(waiter.channel, 1_000_000, 500)).isEqualTo(expected(1_000_000, 500));

                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
                torrent.pause();
                assertThat(read(waiter.channel, 10, 500)).as("what is there").isEqualTo(expected(10, 500));
            }
        }
    }

    @Test
    void aRemovedTorrentSaysSo() throws Exception {
        try (Session session = session()) {
            Torrent torrent = lonely(session);
            try (Waiter waiter = new Waiter(film(torrent))) {
                session.remove(torrent, false).join();

                assertThat(waiter.failure()).isInstanceOf(IOException.class).hasMessageContaining("add it again");
                assertThatThrownBy(() -> film(torrent).openChannel())
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("was removed");
            }
        }
    }

    @Test
    void aClosedSessionSaysSo() throws Exception {
        Session session = session();
        try (session;
                Waiter waiter = new Waiter(film(lonely(session)))) {
            session.close();

            assertThat(waiter.failure()).isInstanceOf(IOException.class).hasMessageContaining("session closed");
            assertThatThrownBy(() -> waiter.channel.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("session closed");
        }
    }

    @Test
    void aFailedTorrentSaysWhy() throws Exception {
        Path data = Files.createDirectory(folder.resolve("leech"));
        Files.writeString(data.resolve("film.bin"), "somebody else's diary");
        try (Session session = session()) {
            Torrent torrent = lonely(session);
            assertThatThrownBy(() -> torrent.awaitCompletion(PATIENCE)).isInstanceOf(SpateException.Storage.class);
            try (SeekableByteChannel channel = film(torrent).openChannel()) {
                assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("the torrent has failed (")
                        .hasCauseInstanceOf(SpateException.Storage.class);
            }
        }
    }

    @Test
    void aReaderOutlivesARecheck() throws Exception {
        try (Session session = session()) {
            Torrent torrent = seed(session);
            try (SeekableByteChannel channel = film(torrent).openChannel()) {
                assertThat(read(channel, 5, 100)).isEqualTo(expected(5, 100));
                for (int i = 0; i < 5; i++) {
                    torrent.recheck();
                    assertThat(read(channel, 300_000L * i, 200_000)).isEqualTo(expected(300_000L * i, 200_000));
                }
            }
        }
    }
}
