package dev.spate.interop.hostile;

import dev.spate.interop.own.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Strangers that do what they do again and again, each kind from addresses of its own, until it is over. */
final class Storm implements AutoCloseable {

    /** What one stranger does with one connection. Ends when it is done, or with the connection. */
    @FunctionalInterface
    interface Script {
        void play(Stranger stranger) throws IOException;
    }

    private static final Duration REST = Duration.ofMillis(150);

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<Stranger> connected = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> plays = new ConcurrentSkipListMap<>();
    private final Map<String, Throwable> surprises = new ConcurrentSkipListMap<>();
    private volatile boolean over;

    /** @param port of the victim */
    Storm(int port) {
        this.port = port;
    }

    /** Begins so many strangers of one kind, at {@code network} followed by 1, 2 and so on. */
    void begin(String kind, String network, int strangers, Sample sample, Script script) {
        for (int i = 1; i <= strangers; i++) {
            beginAt(kind, network + i, sample, script);
        }
    }

    /** Begins one stranger at this address. */
    void beginAt(String kind, String address, Sample sample, Script script) {
        AtomicInteger count = plays.computeIfAbsent(kind, k -> new AtomicInteger());
        Script counted = stranger -> {
            count.incrementAndGet();
            script.play(stranger);
        };
        threads.add(Thread.ofVirtual().name(kind).start(() -> repeat(kind, address, sample, counted)));
    }

    private void repeat(String kind, String address, Sample sample, Script script) {
        while (!over) {
            try (var stranger = new Stranger(address, port, sample)) {
                play(stranger, script);
            } catch (IOException e) {
                // The victim has had enough, which is as it should be.
                Stranger.rest(REST);
            } catch (RuntimeException | AssertionError e) {
                surprises.putIfAbsent(kind, e);
                return;
            }
            Stranger.rest(REST);
        }
    }

    private void play(Stranger stranger, Script script) throws IOException {
        connected.add(stranger);
        try {
            if (!over) {
                script.play(stranger);
            }
        } finally {
            connected.remove(stranger);
        }
    }

    /** How often each kind was played. */
    Map<String, AtomicInteger> plays() {
        return plays;
    }

    /** Strangers that ended because of something that they did not expect. */
    Map<String, Throwable> surprises() {
        return surprises;
    }

    @Override
    public void close() throws IOException {
        over = true;
        for (Stranger stranger : connected) {
            stranger.close();
        }
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofSeconds(10));
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
