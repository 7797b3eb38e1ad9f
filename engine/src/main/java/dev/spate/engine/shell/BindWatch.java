package dev.spate.engine.shell;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks every now and then which addresses a network interface has, and tells when they have changed. The JDK has no other way to
 * know, and a look may take its time, so it has a virtual thread of its own.
 */
public final class BindWatch implements AutoCloseable {

    /** How an interface's name becomes its addresses. */
    @FunctionalInterface
    public interface LookUp {
        /**
         * The addresses that it has at this moment.
         *
         * @throws IOException if there is no such interface, or it has no address
         */
        List<InetAddress> addresses(String interfaceOrAddress) throws IOException;
    }

    private final String name;
    private final LookUp lookUp;
    private final Duration period;
    private final Consumer<List<InetAddress>> changed;
    private final CountDownLatch over = new CountDownLatch(1);
    private List<InetAddress> last;

    /**
     * Begins to look.
     *
     * @param last the addresses that are known
     * @param changed told the new addresses, of which there may be none, on the watch's own thread
     */
    public BindWatch(
            String name, LookUp lookUp, Duration period, List<InetAddress> last, Consumer<List<InetAddress>> changed) {
        this.name = name;
        this.lookUp = lookUp;
        this.period = period;
        this.last = List.copyOf(last);
        this.changed = changed;
        Thread.ofVirtual().name("spate-bind-watch").start(this::run);
    }

    private void run() {
        try {
            while (!over.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        List<InetAddress> present;
        try {
            present = List.copyOf(lookUp.addresses(name));
        } catch (IOException gone) {
            present = List.of();
        }
        if (!present.equals(last)) {
            last = present;
            changed.accept(present);
        }
    }

    /** Looks no more. */
    @Override
    public void close() {
        over.countDown();
    }
}
