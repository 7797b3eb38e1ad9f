package dev.spate.io.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneTest {
    private final LinkedBlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
    private final Lane lane;

    LaneTest() throws IOException {
        lane = Lane.start("test-lane", bugs::add);
    }

    @AfterEach
    void noBugIsLeft() {
        lane.close();
        assertThat(bugs).isEmpty();
    }

    @Test
    void runsTasksInOrderOnItsOwnThread() throws Exception {
        var seen = new ArrayList<Integer>();
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            lane.execute(() -> {
                assert lane.isCurrent();
                seen.add(number);
            });
        }
        assertThat(on(() -> List.copyOf(seen))).hasSize(10_000).isSorted();
        assertThat(lane.isCurrent()).isFalse();
    }

    @Test
    void outlivesATaskThatThrows() throws Exception {
        lane.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        lane.execute(() -> {
            throw new AssertionError("on purpose");
        });
        assertThat(on(() -> 1)).isOne();
        assertThat(bugs.poll()).hasMessage("on purpose");
        assertThat(bugs.poll()).isInstanceOf(AssertionError.class);
    }

    @Test
    void countsTurnsInWhichNoSocketWasServedForLong() throws Exception {
        long before = lane.stalls();
        lane.execute(() -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(60);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        });
        // The first of these may still be of the same turn.
        on(() -> 1);
        on(() -> 1);
        assertThat(lane.stalls()).isGreaterThan(before);
    }

    @Test
    void refusesTasksWhenTooManyWait() throws Exception {
        var busy = new CountDownLatch(1);
        var done = new AtomicInteger();
        lane.execute(() -> awaitQuietly(busy));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> {
            for (int i = 0; i <= Mailbox.CAPACITY; i++) {
                lane.execute(done::incrementAndGet);
            }
        });
        busy.countDown();
        while (true) {
            try {
                on(() -> 1);
                break;
            } catch (RejectedExecutionException stillFull) {
                Thread.onSpinWait();
            }
        }
        assertThat(done.get()).isGreaterThanOrEqualTo(Mailbox.CAPACITY - 1);
    }

    @Test
    void timersRingInOrder() throws Exception {
        var rung = new LinkedBlockingQueue<String>();
        lane.execute(() -> {
            long now = lane.now();
            lane.timer(() -> rung.add("second")).set(now + TimeUnit.MILLISECONDS.toNanos(20));
            lane.timer(() -> rung.add("first")).set(now - 1);
            LaneTimer cancelled = lane.timer(() -> rung.add("never"));
            cancelled.set(now);
            cancelled.cancel();
            LaneTimer moved = lane.timer(() -> rung.add("third"));
            moved.set(now);
            moved.set(now + TimeUnit.MILLISECONDS.toNanos(40));
        });
        assertThat(rung.poll(20, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(rung.poll(20, TimeUnit.SECONDS)).isEqualTo("second");
        assertThat(rung.poll(20, TimeUnit.SECONDS)).isEqualTo("third");
    }

    /** A timer that sets itself into the past must not starve the rest. */
    @Test
    void aTimerMaySetItselfAgainWhileItRings() throws Exception {
        var rings = new AtomicInteger();
        var enough = new CountDownLatch(100);
        LaneTimer[] timer = new LaneTimer[1];
        lane.execute(() -> {
            timer[0] = lane.timer(() -> {
                rings.incrementAndGet();
                enough.countDown();
                timer[0].set(lane.now() - 1_000_000);
            });
            timer[0].set(lane.now());
        });
        assertThat(enough.await(20, TimeUnit.SECONDS)).isTrue();
        on(() -> {
            timer[0].cancel();
            return 1;
        });
        int then = rings.get();
        on(() -> 1);
        assertThat(rings.get()).isEqualTo(then);
    }

    @Test
    void timeGoesOn() throws Exception {
        long first = on(lane::now);
        long second = on(lane::now);
        assertThat(second).isGreaterThanOrEqualTo(first);
        assertThat(System.nanoTime() - second).isNotNegative();
    }

    @Test
    void lateTasksRunAfterTheTasksOfTheTurn() throws Exception {
        var order = new ArrayList<String>();
        var busy = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        lane.execute(() -> {
            busy.countDown();
            awaitQuietly(gate);
        });
        busy.await(); // What comes from now on waits, and is one turn.
        lane.execute(() -> lane.beforeFlush(() -> {
            order.add("late");
            lane.beforeFlush(() -> order.add("later"));
        }));
        lane.execute(() -> order.add("task"));
        gate.countDown();
        on(() -> 1);
        on(() -> 1);
        assertThat(on(() -> List.copyOf(order))).containsExactly("task", "late", "later");
    }

    @Test
    void closingRunsWhatWaitsAndRefusesTheRest() throws Exception {
        var busy = new CountDownLatch(1);
        var ran = new AtomicInteger();
        lane.execute(() -> awaitQuietly(busy));
        lane.execute(ran::incrementAndGet);
        busy.countDown();
        lane.close();
        lane.close();
        assertThat(ran).hasValue(1);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> lane.execute(() -> {}));
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> lane.listen(loopback(), 1, channel -> {}));
    }

    @Test
    void canCloseItself() throws Exception {
        var thread = on(Thread::currentThread);
        lane.execute(lane::close);
        assertThat(thread.join(java.time.Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void closingTellsEveryHandlerAndFreesThePort() throws Exception {
        var incoming = new Recorder();
        TcpListener listener = lane.listen(loopback(), 10, channel -> lane.adopt(channel, incoming));
        // Who connects during the closing must hear of it too.
        var late = new Recorder();
        var outgoing = new Recorder(new byte[] {1}) {
            @Override
            public void closed(TcpConnection connection, IOException cause) {
                super.closed(connection, cause);
                lane.connect(listener.localAddress(), null, java.time.Duration.ofSeconds(5), late);
            }
        };
        lane.execute(() -> lane.connect(listener.localAddress(), null, java.time.Duration.ofSeconds(5), outgoing));
        incoming.awaitBytes(1);
        lane.close();
        assertThat(incoming.closed).isCompleted();
        assertThat(outgoing.closed).isCompletedWithValue(null);
        assertThat(late.awaitClosed()).isNotNull();
        assertThat(late.connected).isNotDone();
        try (Lane second = Lane.start("second")) {
            second.listen(listener.localAddress(), 1, channel -> {}).close();
        }
    }

    @Test
    void sendsAndReceivesDatagrams() throws Exception {
        var echoed = new CompletableFuture<String>();
        UdpSocket echo = lane.openUdp(loopback(), (socket, from, datagram) -> {
            ByteBuffer copy = ByteBuffer.allocateDirect(datagram.remaining()).put(datagram);
            assertThat(socket.send(copy.flip(), from)).isTrue();
        });
        UdpSocket asking = lane.openUdp(loopback(), (socket, from, datagram) -> {
            byte[] bytes = new byte[datagram.remaining()];
            datagram.get(bytes);
            echoed.complete(
                    new String(bytes, java.nio.charset.StandardCharsets.US_ASCII) + from.equals(echo.localAddress()));
        });
        lane.execute(() -> {
            ByteBuffer hello = ByteBuffer.allocateDirect(5).put(new byte[] {'h', 'e', 'l', 'l', 'o'});
            assertThat(asking.send(hello.flip(), echo.localAddress())).isTrue();
            assertThat(asking.send(hello, new InetSocketAddress(InetAddress.ofLiteral("::1"), 9)))
                    .isFalse();
            assertThat(asking.send(hello, InetSocketAddress.createUnresolved("name.invalid", 9)))
                    .isFalse();
        });
        assertThat(echoed.get(20, TimeUnit.SECONDS)).isEqualTo("hellotrue");
        echo.close();
        asking.close();
    }

    @Test
    void knowsTheAddressesOfInterfaces() throws IOException {
        assertThat(LocalAddresses.of("127.0.0.5")).containsExactly(InetAddress.ofLiteral("127.0.0.5"));
        assertThat(LocalAddresses.of("::1")).containsExactly(InetAddress.ofLiteral("::1"));
        String loopback = java.net.NetworkInterface.networkInterfaces()
                .filter(LaneTest::isLoopback)
                .findFirst()
                .orElseThrow()
                .getName();
        assertThat(LocalAddresses.of(loopback)).contains(InetAddress.ofLiteral("127.0.0.1"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> LocalAddresses.of("nowhere0"))
                .withMessageContaining(loopback);
    }

    private static boolean isLoopback(java.net.NetworkInterface each) {
        try {
            return each.isLoopback();
        } catch (java.net.SocketException e) {
            return false;
        }
    }

    private <T> T on(Supplier<T> question) throws Exception {
        return CompletableFuture.supplyAsync(question, lane).get(20, TimeUnit.SECONDS);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
