package dev.spate.io.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.spate.io.memory.BufferPool;
import dev.spate.io.memory.Lease;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections between two lanes, and between a lane and a plain blocking socket. */
@Timeout(60)
class TcpConnectionTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final LinkedBlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
    private final Lane here;
    private final Lane there;

    TcpConnectionTest() throws IOException {
        here = Lane.start("here", bugs::add);
        there = Lane.start("there", bugs::add);
    }

    @AfterEach
    void noBugIsLeft() {
        here.close();
        there.close();
        assertThat(bugs).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void bytesArriveInOrderBothWays(String address) throws Exception {
        byte[] up = bytes(3_000_000, 1);
        byte[] down = bytes(5_000_000, 2);
        var server = new Recorder(down);
        var client = new Recorder(up);
        TcpListener listener = there.listen(
                new InetSocketAddress(InetAddress.ofLiteral(address), 0),
                10,
                channel -> there.adopt(channel, server).wantWrite());
        connect(listener.localAddress(), client);
        assertThat(Arrays.equals(client.awaitBytes(down.length), down)).isTrue();
        assertThat(Arrays.equals(server.awaitBytes(up.length), up)).isTrue();
        TcpConnection connection = client.awaitConnected();
        assertThat(on(here, connection::bytesIn)).isEqualTo(down.length);
        assertThat(on(here, connection::bytesOut)).isEqualTo(up.length);
        assertThat(connection.remoteAddress()).isEqualTo(listener.localAddress());
        assertThat(connection.localAddress()).isNotNull();
    }

    /** Our half is closed behind the last byte, and what the other side still says is heard. */
    @Test
    void endsItsOutputBehindAllThatWasToBeSent() throws Exception {
        byte[] up = bytes(3_000_000, 1);
        var client = new Recorder(up);
        client.onConnected = TcpConnection::endOutput;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            connect((InetSocketAddress) server.getLocalSocketAddress(), client);
            try (Socket there = server.accept()) {
                assertThat(there.getInputStream().readAllBytes()).isEqualTo(up);
                there.getOutputStream().write(new byte[] {1, 2, 3});
            }
        }
        assertThat(client.awaitClosed()).isInstanceOf(EOFException.class);
        assertThat(client.received()).containsExactly(1, 2, 3);
    }

    /** Payload goes out from where it lies; each lease comes back when its bytes are written or the connection ends. */
    @Test
    void leasedPayloadComesBack() throws Exception {
        var pool = BufferPool.strict(4 << 20);
        byte[] block = bytes(16_384, 3);
        int blocks = 2_000;
        var server = new Recorder() {
            private int sent;

            @Override
            public boolean gather(TcpConnection connection, Outbox out) {
                while (sent < blocks && out.room() > 0) {
                    Lease lease = pool.tryLease(block.length);
                    if (lease == null) {
                        pool.whenReturned(() -> there.execute(connection::wantWrite));
                        return false;
                    }
                    out.small(4).putInt(sent++);
                    out.add(lease.buffer().put(block).flip(), lease);
                }
                return sent < blocks;
            }
        };
        var client = new Recorder();
        connect(listen(server).localAddress(), client);
        byte[] all = client.awaitBytes(blocks * (4 + block.length));
        for (int i = 0; i < blocks; i++) {
            int at = i * (4 + block.length);
            assertThat(ByteBuffer.wrap(all).getInt(at)).isEqualTo(i);
            assertThat(Arrays.equals(all, at + 4, at + 4 + block.length, block, 0, block.length))
                    .isTrue();
        }
        on(there, () -> 1);
        pool.close();
    }

    @Test
    void leasesComeBackWhenAStalledConnectionIsClosed() throws Exception {
        var pool = BufferPool.strict(64 << 20);
        var server = new Recorder() {
            @Override
            public boolean gather(TcpConnection connection, Outbox out) {
                Lease lease = pool.tryLease(100_000);
                if (lease != null) {
                    out.add(lease.buffer(), lease);
                }
                return true;
            }
        };
        var serverSide = new CompletableFuture<TcpConnection>();
        TcpListener listener = there.listen(loopback(), 10, channel -> {
            TcpConnection connection = there.adopt(channel, server);
            connection.wantWrite();
            serverSide.complete(connection);
        });
        var client = new Recorder();
        client.onConnected = TcpConnection::pauseReading;
        connect(listener.localAddress(), client);
        TcpConnection connection = serverSide.get(20, TimeUnit.SECONDS);
        awaitStill(() -> ask(there, connection::bytesOut));
        assertThat(on(there, connection::bytesPending)).isPositive();
        there.execute(connection::close);
        assertThat(server.awaitClosed()).isNull();
        on(there, () -> 1);
        pool.close();
    }

    @Test
    void refusedConnectionIsClosedWithItsCause() throws Exception {
        InetSocketAddress nobody;
        try (var freed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(freed.getInetAddress(), freed.getLocalPort());
        }
        var client = new Recorder();
        connect(nobody, client);
        assertThat(client.awaitClosed()).isInstanceOf(ConnectException.class);
        assertThat(client.connected).isNotDone();
    }

    @Test
    void whatCannotWorkIsClosedWithItsCauseToo() throws Exception {
        var unresolved = new Recorder();
        connect(InetSocketAddress.createUnresolved("name.invalid", 1), unresolved);
        assertThat(unresolved.awaitClosed()).isInstanceOf(UnknownHostException.class);
        var wrongFamily = new Recorder();
        here.execute(() -> here.connect(
                new InetSocketAddress(InetAddress.ofLiteral("::1"), 1),
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                LIMIT,
                wrongFamily));
        assertThat(wrongFamily.awaitClosed()).isNotNull();
        var notOurs = new Recorder();
        here.execute(() -> here.connect(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.200"), 0),
                LIMIT,
                notOurs));
        assertThat(notOurs.awaitClosed()).isNotNull();
    }

    /** Linux answers no more callers once the backlog is full, so they wait as for a host that is away. */
    @Test
    void givesUpConnectingInTime() throws Exception {
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress(deaf.getInetAddress(), deaf.getLocalPort());
            Recorder late = null;
            for (int i = 0; i < 10 && late == null; i++) {
                var caller = new Recorder();
                here.execute(() -> here.connect(address, null, Duration.ofMillis(200), caller));
                CompletableFuture.anyOf(caller.connected, caller.closed).get(20, TimeUnit.SECONDS);
                late = caller.closed.isDone() ? caller : null;
            }
            assertThat(late).isNotNull();
            assertThat(late.awaitClosed()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void leavesFromTheAddressItIsGiven() throws Exception {
        var from = new CompletableFuture<InetSocketAddress>();
        TcpListener listener = there.listen(
                loopback(),
                10,
                channel -> from.complete(there.adopt(channel, new Recorder()).remoteAddress()));
        var client = new Recorder();
        here.execute(() -> here.connect(
                listener.localAddress(), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0), LIMIT, client));
        assertThat(from.get(20, TimeUnit.SECONDS).getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.2"));
        assertThat(client.awaitConnected().localAddress()).isEqualTo(from.get());
    }

    @Test
    void everythingSentBeforeTheEndArrives() throws Exception {
        byte[] last = bytes(700_000, 4);
        var server = new Recorder();
        TcpListener listener = listen(server);
        try (var socket = new Socket(
                listener.localAddress().getAddress(), listener.localAddress().getPort())) {
            socket.getOutputStream().write(last);
            // Half closed: they could still read, but a peer that will say nothing more is of no use.
            socket.shutdownOutput();
            assertThat(server.awaitClosed()).isInstanceOf(EOFException.class);
            assertThat(Arrays.equals(server.received(), last)).isTrue();
        }
    }

    @Test
    void aResetIsACause() throws Exception {
        var server = new Recorder(new byte[] {1});
        TcpListener listener = listen(server);
        try (var socket = new Socket(
                listener.localAddress().getAddress(), listener.localAddress().getPort())) {
            assertThat(socket.getInputStream().read()).isOne();
            socket.setSoLinger(true, 0);
        }
        assertThat(server.awaitClosed()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connected", "received", "gather"})
    void closingWithinACallEndsThere(String where) throws Exception {
        var client = new Recorder(new byte[10]);
        switch (where) {
            case "connected" -> client.onConnected = TcpConnection::close;
            case "received" -> client.onReceived = TcpConnection::close;
            default -> client.onGather = TcpConnection::close;
        }
        var server = new Recorder(bytes(1_000_000, 5));
        connect(listen(server).localAddress(), client);
        assertThat(client.awaitClosed()).isNull();
        if (!where.equals("received")) {
            assertThat(client.received()).isEmpty();
        }
        assertThat(server.awaitClosed()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connected", "received", "gather"})
    void aHandlerThatThrowsLosesItsConnectionOnly(String where) throws Exception {
        var client = new Recorder(new byte[10]);
        switch (where) {
            case "connected" -> client.onConnected = TcpConnectionTest::fail;
            case "received" -> client.onReceived = TcpConnectionTest::fail;
            default -> client.onGather = TcpConnectionTest::fail;
        }
        connect(listen(new Recorder(new byte[10])).localAddress(), client);
        assertThat(client.awaitClosed()).hasRootCauseMessage("on purpose");
        assertThat(bugs.poll(20, TimeUnit.SECONDS)).hasMessage("on purpose");
        assertThat(on(here, () -> 1)).isOne();
    }

    @Test
    void aPausedReaderHoldsTheSenderBack() throws Exception {
        byte[] much = bytes(30_000_000, 6);
        var server = new Recorder(much);
        var client = new Recorder();
        client.onReceived = TcpConnection::pauseReading;
        var serverSide = new CompletableFuture<TcpConnection>();
        TcpListener listener = there.listen(loopback(), 10, channel -> {
            TcpConnection connection = there.adopt(channel, server);
            connection.wantWrite();
            serverSide.complete(connection);
        });
        connect(listener.localAddress(), client);
        client.awaitBytes(1);
        TcpConnection sender = serverSide.get(20, TimeUnit.SECONDS);
        awaitStill(() -> ask(there, sender::bytesOut));
        assertThat(on(there, sender::bytesOut)).isLessThan(much.length);
        assertThat(on(there, sender::bytesPending)).isPositive();
        int before = client.received().length;
        assertThat(on(here, client.awaitConnected()::isReadingPaused)).isTrue();

        client.onReceived = connection -> {};
        here.execute(client.awaitConnected()::resumeReading);
        assertThat(before).isLessThan(much.length);
        assertThat(Arrays.equals(client.awaitBytes(much.length), much)).isTrue();
    }

    @Test
    void aBoundSaysHowMuchIsRead() throws Exception {
        byte[] much = bytes(3_000_000, 7);
        var server = new Recorder(much);
        var client = new Recorder();
        var bound = new ReadBound() {
            private int left = 100_000;
            private int asked;
            private boolean exceeded;

            @Override
            public int most(int wanted) {
                asked = Math.min(wanted, left);
                return asked;
            }

            @Override
            public void took(int bytes, boolean drained) {
                exceeded |= bytes > asked || (bytes == asked && drained);
                left -= bytes;
            }
        };
        client.onConnected = connection -> connection.boundReading(bound);
        TcpListener listener = there.listen(
                loopback(), 10, channel -> there.adopt(channel, server).wantWrite());
        connect(listener.localAddress(), client);
        client.awaitBytes(100_000);
        awaitStill(() -> (long) client.received().length);
        assertThat(client.received()).hasSize(100_000);

        TcpConnection connection = client.awaitConnected();
        here.execute(() -> {
            bound.left = 50_000;
            // The owner's own pause holds, whatever the bound says.
            connection.pauseReading();
            connection.readAgain();
        });
        awaitStill(() -> (long) client.received().length);
        assertThat(client.received()).hasSize(100_000);

        here.execute(connection::resumeReading);
        client.awaitBytes(150_000);
        awaitStill(() -> (long) client.received().length);
        assertThat(client.received()).hasSize(150_000);

        here.execute(() -> connection.boundReading(null));
        assertThat(Arrays.equals(client.awaitBytes(much.length), much)).isTrue();
        assertThat(on(here, () -> bound.exceeded)).isFalse();
    }

    @Test
    void aHandlerThatCannotSayWhatItWantsIsNotAskedAgain() throws Exception {
        var server = new Recorder() {
            @Override
            public boolean gather(TcpConnection connection, Outbox out) {
                super.gather(connection, out);
                return true;
            }
        };
        var client = new Recorder();
        connect(listen(server).localAddress(), client);
        client.awaitConnected();
        for (int i = 0; i < 20; i++) {
            on(there, () -> 1);
        }
        assertThat(server.gathers.get()).isLessThanOrEqualTo(1);
    }

    @Test
    void manyWishesInOneTurnAreOneGather() throws Exception {
        var client = new Recorder();
        connect(listen(new Recorder()).localAddress(), client);
        TcpConnection connection = client.awaitConnected();
        on(here, () -> 1);
        on(here, () -> 1);
        int before = client.gathers.get();
        on(here, () -> {
            for (int i = 0; i < 100; i++) {
                connection.wantWrite();
            }
            return 1;
        });
        on(here, () -> 1);
        assertThat(client.gathers.get()).isEqualTo(before + 1);
    }

    @Test
    void anotherHandlerGetsTheRestOfTheData() throws Exception {
        var second = new Recorder();
        var first = new Recorder() {
            @Override
            public void received(TcpConnection connection, ByteBuffer data) {
                data.position(data.position() + 3);
                connection.handOver(second);
            }
        };
        connectPlain(listen(first).localAddress(), "abcdef", "ghi", second);
        assertThat(first.closed).isNotDone();
        assertThat(second.awaitClosed()).isInstanceOf(EOFException.class);
    }

    @Test
    void anotherLaneGetsTheConnectionWithWhatWasUnread() throws Exception {
        var second = new Recorder();
        second.onReceived = connection -> assertThat(here.isCurrent()).isTrue();
        var first = new Recorder() {
            @Override
            public void received(TcpConnection connection, ByteBuffer data) {
                data.position(data.position() + 3);
                Detached detached = connection.detach();
                assertThat(connection.isOpen()).isFalse();
                here.execute(() -> here.adopt(detached, second));
            }
        };
        connectPlain(listen(first).localAddress(), "abcdef", "ghi", second);
        assertThat(second.awaitClosed()).isInstanceOf(EOFException.class);
        assertThat(first.closed).isNotDone();
    }

    @Test
    void cannotBeDetachedWithUnsentBytesOrWhenClosed() throws Exception {
        var server = new Recorder(new byte[50_000_000]);
        var serverSide = new CompletableFuture<TcpConnection>();
        TcpListener listener = there.listen(loopback(), 10, channel -> {
            TcpConnection connection = there.adopt(channel, server);
            connection.wantWrite();
            serverSide.complete(connection);
        });
        var client = new Recorder();
        client.onConnected = TcpConnection::pauseReading;
        connect(listener.localAddress(), client);
        TcpConnection connection = serverSide.get(20, TimeUnit.SECONDS);
        awaitStill(() -> ask(there, connection::bytesOut));
        on(there, () -> {
            assertThatIllegalStateException().isThrownBy(connection::detach);
            connection.close();
            assertThatIllegalStateException().isThrownBy(connection::detach);
            return 1;
        });
    }

    @Test
    void adoptingADeadChannelIsAClose() throws Exception {
        SocketChannel dead = SocketChannel.open();
        dead.close();
        var handler = new Recorder();
        here.execute(() -> here.adopt(dead, handler));
        assertThat(handler.awaitClosed()).isNotNull();
    }

    private static void fail(TcpConnection connection) {
        throw new IllegalStateException("on purpose");
    }

    /** Sends one text, waits until the rest behind its third letter has come, sends another, and ends. */
    private static void connectPlain(InetSocketAddress to, String first, String second, Recorder receiver)
            throws Exception {
        try (var socket = new Socket(to.getAddress(), to.getPort())) {
            socket.getOutputStream().write(first.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            receiver.awaitBytes(first.length() - 3);
            socket.getOutputStream().write(second.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(receiver.awaitBytes(first.length() - 3 + second.length()))
                    .asString()
                    .isEqualTo(first.substring(3) + second);
        }
    }

    private void connect(InetSocketAddress to, TcpHandler handler) {
        here.execute(() -> here.connect(to, null, LIMIT, handler));
    }

    private TcpListener listen(TcpHandler handler) throws IOException {
        return there.listen(
                loopback(), 10, channel -> there.adopt(channel, handler).wantWrite());
    }

    /** Waits until a count has stopped changing over many turns. */
    private static void awaitStill(Supplier<Long> count) {
        long last = -1;
        for (int same = 0; same < 500; ) {
            long next = count.get();
            same = next == last ? same + 1 : 0;
            last = next;
        }
    }

    private static <T> T on(Lane lane, Supplier<T> question) throws Exception {
        return CompletableFuture.supplyAsync(question, lane).get(20, TimeUnit.SECONDS);
    }

    private static <T> T ask(Lane lane, Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, lane).join();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
