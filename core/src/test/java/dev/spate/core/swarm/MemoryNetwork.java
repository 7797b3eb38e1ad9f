package dev.spate.core.swarm;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A handful of swarms that pass their effects to each other under a virtual clock. */
final class MemoryNetwork {
    static final Digest INFO_HASH = Digest.ofHex("00112233445566778899aabbccddeeff00112233");
    static final long MILLIS = 1_000_000L;
    static final long SECONDS = 1000 * MILLIS;

    private record Event(long at, long order, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int order = Long.compare(at, other.at);
            return order != 0 ? order : Long.compare(this.order, other.order);
        }
    }

    final PieceLayout layout;
    final List<MemoryNode> nodes = new ArrayList<>();
    final Random random;
    SwarmSettings settings = SwarmSettings.DEFAULTS;
    long latency = 5 * MILLIS;
    long now = 1_000 * SECONDS;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long lastOrder;

    MemoryNetwork(PieceLayout layout, long seed) {
        this.layout = layout;
        this.random = new Random(seed);
    }

    MemoryNode seed() {
        return node(PieceSet.full(layout.pieces()));
    }

    MemoryNode leech() {
        return node(new PieceSet(layout.pieces()));
    }

    MemoryNode node(PieceSet flushed) {
        return node(flushed, PeerAddress.of(new byte[] {10, 0, (byte) nodes.size(), 1}, 6881));
    }

    MemoryNode node(PieceSet flushed, PeerAddress address) {
        MemoryNode node = new MemoryNode(this, address, PeerId.random("-Sp0100-", random), flushed);
        nodes.add(node);
        return node;
    }

    @Nullable
    MemoryNode at(PeerAddress address) {
        for (MemoryNode node : nodes) {
            if (node.address.equals(address)) {
                return node;
            }
        }
        return null;
    }

    /** Everybody knows everybody. */
    void introduceAll() {
        for (MemoryNode node : nodes) {
            introduceAllTo(node);
        }
    }

    void introduceAllTo(MemoryNode node) {
        List<PeerAddress> others = new ArrayList<>();
        for (MemoryNode other : nodes) {
            if (other != node) {
                others.add(other.address);
            }
        }
        node.swarm.addPeers(PeerSource.TRACKER, others, now);
        node.drain();
    }

    void startAll() {
        for (MemoryNode node : nodes) {
            node.swarm.start(now);
            node.drain();
        }
    }

    void after(long nanos, Runnable run) {
        events.add(new Event(now + nanos, ++lastOrder, run));
    }

    /** Runs until it holds; false if it does not within so much virtual time. */
    boolean runUntil(BooleanSupplier holds, long limit) {
        long end = now + limit;
        while (!holds.getAsBoolean()) {
            if (!step(end)) {
                return false;
            }
        }
        return true;
    }

    void run(long nanos) {
        long end = now + nanos;
        boolean more = true;
        while (more) {
            more = step(end);
        }
        now = end;
    }

    /** One event or one timer; false when there is none until then. */
    private boolean step(long end) {
        long timer = Long.MAX_VALUE;
        MemoryNode due = null;
        for (MemoryNode node : nodes) {
            long deadline = node.swarm.deadline();
            if (deadline < timer) {
                timer = deadline;
                due = node;
            }
        }
        Event event = events.peek();
        if (event != null && event.at <= timer) {
            if (event.at > end) {
                return false;
            }
            events.remove();
            now = Math.max(now, event.at);
            event.run.run();
            return true;
        }
        if (due == null || timer > end) {
            return false;
        }
        now = Math.max(now, timer);
        due.timers++;
        due.swarm.timeout(now);
        due.drain();
        return true;
    }
}
