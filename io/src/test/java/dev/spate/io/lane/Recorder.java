package dev.spate.io.lane;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A handler for tests: keeps what it hears, and does what it is told to do about it. */
class Recorder implements TcpHandler {
    final CompletableFuture<TcpConnection> connected = new CompletableFuture<>();
    /** Completes with the cause, or with nothing after a close of our own. */
    final CompletableFuture<@Nullable IOException> closed = new CompletableFuture<>();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final byte[] toSend;
    private int sent;
    final AtomicInteger gathers = new AtomicInteger();
    Consumer<TcpConnection> onConnected = connection -> {};
    Consumer<TcpConnection> onReceived = connection -> {};
    Consumer<TcpConnection> onGather = connection -> {};

    Recorder() {
        this(new byte[0]);
    }

    Recorder(byte[] toSend) {
        this.toSend = toSend;
    }

    @Override
    public void connected(TcpConnection connection) {
        connected.complete(connection);
        connection.wantWrite();
        onConnected.accept(connection);
    }

    @Override
    public void received(TcpConnection connection, ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        synchronized (bytes) {
            bytes.writeBytes(copy);
            bytes.notifyAll();
        }
        onReceived.accept(connection);
    }

    @Override
    public boolean gather(TcpConnection connection, Outbox out) {
        gathers.incrementAndGet();
        while (sent < toSend.length && out.room() > 0) {
            int part = Math.min(100, toSend.length - sent);
            out.small(part).put(toSend, sent, part);
            sent += part;
        }
        onGather.accept(connection);
        return sent < toSend.length;
    }

    @Override
    public void closed(TcpConnection connection, @Nullable IOException cause) {
        if (!closed.complete(cause)) {
            throw new AssertionError("closed twice");
        }
    }

    @Nullable
    IOException awaitClosed() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }

    TcpConnection awaitConnected() throws Exception {
        return connected.get(20, TimeUnit.SECONDS);
    }

    byte[] received() {
        synchronized (bytes) {
            return bytes.toByteArray();
        }
    }

    byte[] awaitBytes(int count) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        synchronized (bytes) {
            while (bytes.size() < count) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("only " + bytes.size() + " bytes of " + count + " came");
                }
                bytes.wait(left);
            }
            return bytes.toByteArray();
        }
    }
}
