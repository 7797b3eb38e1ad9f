package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcDecoder;
import dev.spate.wire.dht.KrpcEncoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Nodes that send each other real datagrams under virtual time. */
final class MemoryDht {
    private static final long MILLI = 1_000_000L;

    private record Event(long at, long number, Runnable action) {}

    final RandomGenerator random;
    final Map<PeerAddress, Host> hosts = new LinkedHashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>((a, b) -> {
        int order = Long.compare(a.at, b.at);
        return order != 0 ? order : Long.compare(a.number, b.number);
    });
    private long number;
    long now = 1_000_000_000L;

    /** Which datagrams arrive. */
    Predicate<PeerAddress> arrivesAt = to -> true;

    long datagrams;

    MemoryDht(long seed) {
        this.random = new Random(seed);
    }

    /** A node and what it has reported. */
    final class Host {
        final PeerAddress address;
        final DhtNode node;
        final List<DhtEffect> reports = new ArrayList<>();
        private long wakeAt = Long.MAX_VALUE;
        boolean off;

        Host(PeerAddress address, DhtNode node) {
            this.address = address;
            this.node = node;
            settle();
        }

        /** Carries out what the node wants after an input. */
        void settle() {
            for (DhtEffect effect = node.poll(); effect != null; effect = node.poll()) {
                if (effect instanceof DhtEffect.Send(var to, var message)) {
                    ByteBuffer datagram = ByteBuffer.allocate(KrpcDecoder.MAX_LENGTH);
                    KrpcEncoder.encode(message, datagram);
                    transmit(address, to, datagram.flip());
                } else {
                    reports.add(effect);
                }
            }
            long deadline = Math.max(now, node.deadline());
            if (deadline < wakeAt) {
                wakeAt = deadline;
                at(deadline, () -> {
                    if (wakeAt == now) {
                        wakeAt = Long.MAX_VALUE;
                        if (!off) {
                            node.timeout(now);
                            settle();
                        }
                    }
                });
            }
        }

        <T extends DhtEffect> List<T> reports(Class<T> kind) {
            return reports.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        <T extends DhtEffect> T last(Class<T> kind) {
            return reports(kind).getLast();
        }
    }

    Host add(PeerAddress address, DhtSettings settings, DhtState state) {
        DhtNode node = new DhtNode(settings, Set.of(Family.of(address)), state, new Random(random.nextLong()), now);
        Host host = new Host(address, node);
        hosts.put(address, host);
        return host;
    }

    /** A node that knows somebody to begin with. */
    Host add(PeerAddress address, @Nullable Host door) {
        Host host = add(address, DhtSettings.DEFAULTS, DhtState.NEW);
        if (door != null) {
            host.node.doorFound(door.address, now);
            host.settle();
        }
        return host;
    }

    /** So many nodes at addresses of their own, each beginning with one of those before, given time to find each other. */
    List<Host> grow(int nodes) {
        List<Host> all = new ArrayList<>(hosts.values());
        for (int i = 0; i < nodes; i++) {
            Host door = all.isEmpty() ? null : all.get(random.nextInt(all.size()));
            all.add(add(address(all.size()), door));
            run(Duration.ofSeconds(1));
        }
        run(Duration.ofMinutes(2));
        return all;
    }

    /** A public address for each number. */
    static PeerAddress address(int number) {
        int mixed = number * 0x9e3779b1;
        return PeerAddress.of(
                new byte[] {
                    (byte) (11 + (mixed >>> 24) % 100), (byte) (mixed >>> 16), (byte) (mixed >>> 8), (byte) number
                },
                6881);
    }

    private void transmit(PeerAddress from, PeerAddress to, ByteBuffer datagram) {
        datagrams++;
        at(now + (5 + random.nextInt(100)) * MILLI, () -> {
            Host host = hosts.get(to);
            if (host != null && !host.off && arrivesAt.test(to)) {
                host.node.received(from, datagram, now);
                host.settle();
            }
        });
    }

    void at(long moment, Runnable action) {
        events.add(new Event(moment, number++, action));
    }

    void run(Duration duration) {
        long end = now + duration.toNanos();
        while (!events.isEmpty() && events.peek().at <= end) {
            Event event = events.remove();
            now = event.at;
            event.action.run();
        }
        now = end;
    }
}
