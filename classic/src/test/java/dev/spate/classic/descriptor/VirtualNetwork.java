package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Nodes under virtual time; datagrams take 10 to 60 ms, and a part of them is lost. The same seed gives the same run. */
final class VirtualNetwork {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000_000_000L;
    static final HashKey KEY = HashKey.of("13");

    private record Event(long at, long number, Runnable what) {}

    private final SplittableRandom random;
    private final double loss;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final Map<PeerAddress, Host> hosts = new LinkedHashMap<>();
    private final Map<PeerAddress, OriginalNode> originals = new LinkedHashMap<>();
    private long lastNumber;
    long now;
    long datagrams;
    /** Datagrams that were sent to an address, whoever is there. */
    final Map<PeerAddress, Integer> sentTo = new LinkedHashMap<>();

    VirtualNetwork(double loss, long seed) {
        this.loss = loss;
        this.random = new SplittableRandom(seed);
    }

    /** A node of ours and what it has told. */
    final class Host {
        final PeerAddress address;
        final DescriptorNode node;
        final List<NetworkEvent> told = new ArrayList<>();
        final List<Message> sent = new ArrayList<>();
        private long wakeAt = Long.MAX_VALUE;
        private boolean gone;

        Host(PeerAddress address, DescriptorNode node) {
            this.address = address;
            this.node = node;
        }

        void settle() {
            for (NodeEffect effect = node.poll(); effect != null; effect = node.poll()) {
                switch (effect) {
                    case NodeEffect.Report(NetworkEvent event) -> told.add(event);
                    case NodeEffect.Send(PeerAddress to, Message message) -> {
                        sent.add(message);
                        ByteBuffer bytes = ByteBuffer.allocate(Datagrams.LENGTH);
                        Datagrams.encode(message, bytes);
                        transmit(address, to, bytes.flip());
                    }
                }
            }
            if (node.deadline() != wakeAt) {
                wakeAt = node.deadline();
                long wanted = wakeAt;
                at(Math.max(wanted, now), () -> {
                    if (wakeAt == wanted && !gone) {
                        wakeAt = Long.MAX_VALUE;
                        node.timeout(now);
                        settle();
                    }
                });
            }
        }

        <T extends NetworkEvent> List<T> told(Class<T> kind) {
            return told.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        boolean isJoinedWith(PeerAddress other) {
            return node.peers().stream().anyMatch(peer -> peer.address.equals(other));
        }
    }

    static PeerAddress address(int number) {
        return PeerAddress.of(new byte[] {9, 1, (byte) (number >> 8), (byte) number}, 9000);
    }

    /** @param state null for a node without a file */
    Host add(int number, @Nullable PeerState state, List<PeerAddress> neighbours) {
        Membership membership = state == null ? null : new Membership(KEY, null, 6000 + number % 1000, state);
        return add(number, membership, neighbours, NodeSettings.DEFAULTS);
    }

    Host add(int number, @Nullable Membership membership, List<PeerAddress> neighbours, NodeSettings settings) {
        Host host = new Host(
                address(number),
                new DescriptorNode(settings, membership, address(number), neighbours, random.split(), now));
        hosts.put(host.address, host);
        host.settle();
        return host;
    }

    OriginalNode addOriginal(int number, List<PeerAddress> neighbours) {
        OriginalNode node = new OriginalNode(address(number), "13", neighbours, this::transmit, random.nextLong());
        originals.put(node.address, node);
        return node;
    }

    /** Nobody is there any more. */
    void kill(PeerAddress address) {
        Host host = hosts.remove(address);
        if (host != null) {
            host.gone = true;
        }
        originals.remove(address);
    }

    void transmit(PeerAddress from, PeerAddress to, ByteBuffer datagram) {
        datagrams++;
        sentTo.merge(to, 1, Integer::sum);
        if (random.nextDouble() < loss) {
            return;
        }
        at(now + random.nextLong(10 * MILLI, 60 * MILLI), () -> {
            Host host = hosts.get(to);
            if (host != null) {
                host.node.received(from, datagram, now);
                host.settle();
            }
            OriginalNode original = originals.get(to);
            if (original != null) {
                original.received(from, datagram);
            }
        });
    }

    /** Sends a message from wherever. */
    void forge(PeerAddress from, PeerAddress to, Message message) {
        ByteBuffer bytes = ByteBuffer.allocate(Datagrams.LENGTH);
        Datagrams.encode(message, bytes);
        transmit(from, to, bytes.flip());
    }

    void at(long moment, Runnable what) {
        events.add(new Event(moment, ++lastNumber, what));
    }

    /** Runs until something is so, or the time is over; says whether it is. */
    boolean run(long nanos, BooleanSupplier until) {
        long end = now + nanos;
        while (!until.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.at() > end) {
                now = end;
                return until.getAsBoolean();
            }
            events.remove();
            now = next.at();
            next.what().run();
        }
        return true;
    }

    void run(long nanos) {
        run(nanos, () -> false);
    }
}
