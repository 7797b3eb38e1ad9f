package dev.spate.sim;

import dev.spate.core.dht.DhtEffect;
import dev.spate.core.dht.DhtNode;
import dev.spate.core.dht.DhtSettings;
import dev.spate.core.dht.DhtState;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcDecoder;
import dev.spate.wire.dht.KrpcEncoder;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.SecureIds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A whole DHT of IPv4 under virtual time: nodes come and go, a part of them stands behind NATs or lies, datagrams take their time
 * and get lost. The same options and seed give the same run.
 *
 * <p>{@code java -cp ... dev.spate.sim.DhtWorld [nodes] [seed]} runs one and prints what came of it.
 */
public final class DhtWorld {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    /** How long a NAT lets answers in after a datagram went out; the shortest that is common. */
    private static final long NAT_NANOS = 60 * SECOND;

    /** How often a liar greets somebody; more often than any honest node asks one. */
    private static final long GREETING_NANOS = 2 * SECOND;

    private static final Duration SETTLING = Duration.ofMinutes(10);
    private static final Duration AFTERWARDS = Duration.ofMinutes(2);

    private final DhtWorldOptions options;
    private final SplittableRandom random;
    private final EventQueue events = new EventQueue(SECOND);
    private final Map<PeerAddress, Host> hosts = new LinkedHashMap<>();
    private final Set<PeerAddress> left = new HashSet<>();
    private final List<Host> present = new ArrayList<>();
    private final List<PeerAddress> reachable = new ArrayList<>();
    private final Map<NodeId, PeerAddress> announced = new LinkedHashMap<>();
    private int lastAddress;
    private long datagrams;
    private int succeeded;
    private long hops;
    private long queries;
    private int ended;

    private DhtWorld(DhtWorldOptions options, long seed) {
        this.options = options;
        this.random = new SplittableRandom(seed);
    }

    /** One machine: with an honest node or a liar. */
    private final class Host {
        final PeerAddress address;
        final boolean natted;
        final @Nullable DhtNode node;
        final @Nullable DhtLiar liar;
        /** When it last wrote to whom; only kept behind a NAT. */
        final Map<PeerAddress, Long> wroteAt = new LinkedHashMap<>();
        /** What each search looks for. */
        final Map<Integer, PeerAddress> wanted = new LinkedHashMap<>();

        boolean stays;
        boolean gone;
        private long wakeAt = Long.MAX_VALUE;

        Host(PeerAddress address, boolean natted, boolean lies) {
            this.address = address;
            this.natted = natted;
            SplittableRandom own = random.split();
            this.liar = lies ? new DhtLiar(SecureIds.make(address.ip(), own), own) : null;
            this.node = lies
                    ? null
                    : new DhtNode(DhtSettings.DEFAULTS, Set.of(Family.IPV4), DhtState.NEW, own, events.now());
        }

        void received(PeerAddress from, ByteBuffer datagram) {
            if (gone || (natted && events.now() - wroteAt.getOrDefault(from, -NAT_NANOS) >= NAT_NANOS)) {
                return;
            }
            if (node != null) {
                node.received(from, datagram, events.now());
                settle(node);
            } else if (liar != null
                    && KrpcDecoder.decode(datagram) instanceof Decoding.Decoded<KrpcMessage>(KrpcMessage.Query query)) {
                send(from, liar.answer(query, reachable));
            }
        }

        void send(PeerAddress to, KrpcMessage message) {
            if (natted) {
                if (wroteAt.size() > 1000) {
                    wroteAt.values().removeIf(at -> events.now() - at >= NAT_NANOS);
                }
                wroteAt.put(to, events.now());
            }
            ByteBuffer datagram = ByteBuffer.allocate(KrpcDecoder.MAX_LENGTH);
            KrpcEncoder.encode(message, datagram);
            transmit(address, to, datagram.flip());
        }

        /** Carries out what the node wants after an input. */
        void settle(DhtNode it) {
            for (DhtEffect effect = it.poll(); effect != null; effect = it.poll()) {
                switch (effect) {
                    case DhtEffect.Send(PeerAddress to, KrpcMessage message) -> send(to, message);
                    case DhtEffect.PeersFound found -> {
                        PeerAddress peer = wanted.get(found.operation());
                        if (peer != null && found.peers().contains(peer)) {
                            wanted.remove(found.operation());
                            succeeded++;
                        }
                    }
                    case DhtEffect.PeersSearched searched -> {
                        wanted.remove(searched.operation());
                        ended++;
                        hops += searched.report().hops();
                        queries += searched.report().queries();
                    }
                    case DhtEffect.Announced _,
                            DhtEffect.Scraped _,
                            DhtEffect.ItemFound _,
                            DhtEffect.ItemStored _,
                            DhtEffect.Sampled _,
                            DhtEffect.Pinged _,
                            DhtEffect.Joined _,
                            DhtEffect.AddressLearnt _ -> {}
                }
            }
            long deadline = Math.max(events.now(), it.deadline());
            if (deadline < wakeAt) {
                wakeAt = deadline;
                events.at(deadline, () -> wake(it, deadline));
            }
        }

        /** Makes a liar known to one node after the other. */
        void prowl(DhtLiar it) {
            if (!reachable.isEmpty()) {
                send(reachable.get(random.nextInt(reachable.size())), it.greeting());
            }
            events.at(events.now() + GREETING_NANOS, () -> prowl(it));
        }

        private void wake(DhtNode it, long planned) {
            if (planned != wakeAt || gone) {
                // A later plan has taken the place of this one.
                return;
            }
            wakeAt = Long.MAX_VALUE;
            it.timeout(events.now());
            settle(it);
        }
    }

    /** Runs a DHT and tells what came of it. */
    public static DhtWorldReport run(DhtWorldOptions options, long seed) {
        return new DhtWorld(options, seed).run();
    }

    /** Runs one with the number of nodes and the seed that are given, 10,000 and 1 if none are, and prints the report. */
    public static void main(String[] arguments) {
        int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        System.out.println(run(DhtWorldOptions.of(nodes), seed));
    }

    private DhtWorldReport run() {
        // A hundredth each second, so that those who come find a net.
        long pauseNanos = 100 * SECOND / options.nodes();
        for (int i = 0; i < options.nodes(); i++) {
            join();
            pass(pauseNanos);
        }
        pass(SETTLING.toNanos());
        announce();
        pass(SETTLING.toNanos() / 10);
        search();
        pass(AFTERWARDS.toNanos());
        return report();
    }

    private void pass(long nanos) {
        long end = events.now() + nanos;
        while (events.next(end)) {
            // Until nothing more happens before the end.
        }
    }

    private void join() {
        boolean first = present.isEmpty();
        boolean lies = !first && random.nextDouble() < options.liars();
        boolean natted = !first && !lies && random.nextDouble() < options.natted();
        int number = ++lastAddress;
        // Spread over the networks, as BEP 42 ties ids to these.
        int mixed = number * 0x9e3779b1;
        PeerAddress address = PeerAddress.of(
                new byte[] {
                    (byte) (100 + (number & 0x3f) % 20), (byte) (mixed >>> 24), (byte) (number >>> 8), (byte) number
                },
                6881);
        Host host = new Host(address, natted, lies);
        hosts.put(address, host);
        present.add(host);
        DhtNode node = host.node;
        if (node != null) {
            for (int i = 0; i < 3 && !reachable.isEmpty(); i++) {
                node.doorFound(reachable.get(random.nextInt(reachable.size())), events.now());
            }
            host.settle(node);
            planLeave(host);
        }
        DhtLiar liar = host.liar;
        if (liar != null) {
            host.prowl(liar);
        }
        if (!natted && !lies) {
            reachable.add(address);
        }
    }

    /** Nodes that have stayed long stay longer, but a share leaves at any time: exponentially distributed lifetimes. */
    private void planLeave(Host host) {
        double lifetime =
                -Math.log(1 - random.nextDouble()) * options.meanLifetime().toNanos();
        events.at(events.now() + (long) lifetime, () -> {
            if (!host.stays && present.size() > 2) {
                host.gone = true;
                hosts.remove(host.address);
                left.add(host.address);
                present.remove(host);
                reachable.remove(host.address);
                join();
            }
        });
    }

    private void announce() {
        while (announced.size() < options.announces()) {
            Host host = anyHonest();
            DhtNode node = host.node;
            assert node != null;
            NodeId infoHash = NodeId.random(random);
            host.stays = true;
            announced.put(infoHash, host.address.withPort(7000));
            node.announce(infoHash, 7000, false, false, events.now());
            host.settle(node);
        }
    }

    /** One search after the other, spread over a quarter of an hour, so that the nodes where things are stored change. */
    private void search() {
        List<NodeId> places = List.copyOf(announced.keySet());
        for (int i = 0; i < options.lookups(); i++) {
            NodeId infoHash = places.get(i % places.size());
            Host host = anyHonest();
            DhtNode node = host.node;
            assert node != null;
            // Who searches stays until it has an answer.
            host.stays = true;
            PeerAddress peer = announced.get(infoHash);
            assert peer != null;
            host.wanted.put(node.findPeers(infoHash, events.now()), peer);
            host.settle(node);
            pass(900 * SECOND / options.lookups());
        }
    }

    private Host anyHonest() {
        Host host = present.get(random.nextInt(present.size()));
        while (host.node == null) {
            host = present.get(random.nextInt(present.size()));
        }
        return host;
    }

    private void transmit(PeerAddress from, PeerAddress to, ByteBuffer datagram) {
        datagrams++;
        if (random.nextDouble() < options.loss()) {
            return;
        }
        events.at(events.now() + (10 + random.nextInt(190)) * MILLI, () -> {
            Host host = hosts.get(to);
            if (host != null) {
                host.received(from, datagram);
            }
        });
    }

    private DhtWorldReport report() {
        int entries = 0;
        int phantoms = 0;
        int misnamed = 0;
        int dead = 0;
        int liars = 0;
        for (Host host : present) {
            if (host.node == null) {
                continue;
            }
            for (NodeInfo entry : host.node.state().nodes()) {
                entries++;
                Host there = hosts.get(entry.address());
                if (there == null) {
                    dead += left.contains(entry.address()) ? 1 : 0;
                    phantoms += left.contains(entry.address()) ? 0 : 1;
                } else if (there.liar != null) {
                    liars++;
                } else if (there.node != null
                        && there.node.id(Family.IPV4).filter(entry.id()::equals).isEmpty()) {
                    misnamed++;
                }
            }
        }
        return new DhtWorldReport(
                options.lookups(),
                succeeded,
                (double) hops / Math.max(1, ended),
                (double) queries / Math.max(1, ended),
                entries,
                phantoms,
                misnamed,
                dead,
                liars,
                datagrams);
    }
}
