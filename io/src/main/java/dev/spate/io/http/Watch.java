package dev.spate.io.http;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request when its time is up or it is no longer wanted, whatever it is doing: by closing its socket under it. A time
 * limit a read would let a server that drips byte after byte go on for ever.
 */
final class Watch implements AutoCloseable {
    private final long end;
    private final Thread alarm;
    private @Nullable Socket socket;
    private boolean expired;
    private boolean cancelled;

    Watch(Duration time) {
        end = System.nanoTime() + time.toNanos();
        alarm = Thread.ofVirtual().name("http-watch").start(() -> {
            try {
                Thread.sleep(Duration.ofNanos(Math.max(0, leftNanos())));
                end(true);
            } catch (InterruptedException done) {
                // The request has ended before its time.
            }
        });
    }

    long leftNanos() {
        return end - System.nanoTime();
    }

    /** What is left, for calls that take milliseconds and mean "for ever" by 0. */
    int leftMillis() {
        return Math.clamp(leftNanos() / 1_000_000, 1, Integer.MAX_VALUE);
    }

    /** Closes {@code fresh} when the time is up; at once, if it is up already. */
    synchronized void guard(Socket fresh) throws IOException {
        socket = fresh;
        if (expired || cancelled) {
            fresh.close();
        }
    }

    synchronized boolean isExpired() {
        return expired || leftNanos() <= 0;
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    void cancel() {
        end(false);
        alarm.interrupt();
    }

    /** The request has ended, well or not; its socket is closed in any case. */
    @Override
    public void close() {
        alarm.interrupt();
        closeSocket();
    }

    private synchronized void end(boolean timeIsUp) {
        if (timeIsUp) {
            expired = true;
        } else {
            cancelled = true;
        }
        closeSocket();
    }

    private synchronized void closeSocket() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is being given up anyway.
            }
        }
    }
}
