package dev.spate.engine.dht;

import dev.spate.core.dht.DhtEffect;
import dev.spate.core.dht.DhtNode;
import dev.spate.core.dht.DhtSettings;
import dev.spate.core.dht.DhtState;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.lane.UdpSocket;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcDecoder;
import dev.spate.wire.dht.KrpcEncoder;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Runs a node on its lane: feeds it datagrams and time, sends what it wants sent, and gives its results to those who wait. */
final class DhtRunner {

    /** Who waits for the results of an operation. */
    interface Waiter {
        /** Takes a result; returns whether it was the last. */
        boolean take(DhtEffect result);

        /** There will be no result. */
        void cancelled(CancellationException why);
    }

    private static final System.Logger LOG = System.getLogger("dev.spate.engine.dht");

    private final Lane lane;
    private final DhtNode node;
    private final LaneTimer timer;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(KrpcDecoder.MAX_LENGTH);
    private final Map<Family, UdpSocket> sockets = new HashMap<>();
    private volatile List<UdpSocket> open = List.of();
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final Map<Integer, Waiter> waiting = new HashMap<>();
    private long timerAt = Long.MAX_VALUE;
    private boolean closed;

    private DhtRunner(Lane lane, Set<Family> families, DhtSettings settings, DhtState state) {
        this.lane = lane;
        this.node = new DhtNode(settings, families, state, new SecureRandom(), System.nanoTime());
        this.timer = lane.timer(this::timeout);
    }

    /** Opens the sockets and begins. */
    static DhtRunner start(Lane lane, List<InetSocketAddress> bind, DhtSettings settings, DhtState state)
            throws IOException {
        Set<Family> families = EnumSet.noneOf(Family.class);
        bind.forEach(address -> families.addAll(familiesOf(address.getAddress())));
        DhtRunner runner = new DhtRunner(lane, families, settings, state);
        List<UdpSocket> opened = runner.bind(bind);
        lane.execute(() -> {
            runner.use(opened);
            runner.timeout();
        });
        runner.open = opened;
        return runner;
    }

    private List<UdpSocket> bind(List<InetSocketAddress> addresses) throws IOException {
        List<UdpSocket> opened = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                opened.add(lane.openUdp(address, this::received));
            }
        } catch (IOException e) {
            opened.forEach(UdpSocket::close);
            throw e;
        }
        return List.copyOf(opened);
    }

    private static Set<Family> familiesOf(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return EnumSet.allOf(Family.class);
        }
        return EnumSet.of(address instanceof Inet4Address ? Family.IPV4 : Family.IPV6);
    }

    List<InetSocketAddress> localAddresses() {
        return open.stream().map(UdpSocket::localAddress).toList();
    }

    CompletableFuture<Void> joined() {
        return joined;
    }

    // ---- on the lane

    /** From now on at these addresses, as far as they can be had. */
    void bindTo(List<InetSocketAddress> addresses) {
        if (closed) {
            return;
        }
        open.forEach(UdpSocket::close);
        List<UdpSocket> opened = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            try {
                opened.addAll(bind(List.of(address)));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "the DHT cannot use " + address, e);
            }
        }
        open = List.copyOf(opened);
        use(opened);
    }

    private void use(List<UdpSocket> opened) {
        sockets.clear();
        for (UdpSocket socket : opened) {
            for (Family family : familiesOf(socket.localAddress().getAddress())) {
                sockets.putIfAbsent(family, socket);
            }
        }
    }

    private void received(UdpSocket socket, InetSocketAddress from, ByteBuffer bytes) {
        if (!closed) {
            node.received(PeerAddress.of(from), bytes, lane.now());
            settle();
        }
    }

    private void timeout() {
        timerAt = Long.MAX_VALUE;
        if (!closed) {
            node.timeout(lane.now());
            settle();
        }
    }

    /** Gives the node an input that has no result. */
    void tell(Consumer<DhtNode> input) {
        if (!closed) {
            input.accept(node);
            settle();
        }
    }

    /** Begins an operation. */
    void begin(ToIntFunction<DhtNode> operation, Waiter waiter) {
        if (closed) {
            waiter.cancelled(new CancellationException("the DHT node is closed"));
            return;
        }
        waiting.put(operation.applyAsInt(node), waiter);
        settle();
    }

    /** Nobody waits for this any more. */
    void forget(Waiter waiter) {
        waiting.values().remove(waiter);
    }

    private void settle() {
        for (DhtEffect effect = node.poll(); effect != null; effect = node.poll()) {
            switch (effect) {
                case DhtEffect.Send send -> send(send);
                case DhtEffect.PeersFound found -> give(found.operation(), found);
                case DhtEffect.PeersSearched searched -> give(searched.operation(), searched);
                case DhtEffect.Announced announced -> give(announced.operation(), announced);
                case DhtEffect.Scraped scraped -> give(scraped.operation(), scraped);
                case DhtEffect.ItemFound found -> give(found.operation(), found);
                case DhtEffect.ItemStored stored -> give(stored.operation(), stored);
                case DhtEffect.Sampled sampled -> give(sampled.operation(), sampled);
                case DhtEffect.Pinged pinged -> give(pinged.operation(), pinged);
                case DhtEffect.Joined _ -> joined.completeAsync(() -> null);
                case DhtEffect.AddressLearnt _ -> {
                    // The node has drawn its conclusions.
                }
            }
        }
        long deadline = node.deadline();
        if (deadline != timerAt) {
            timerAt = deadline;
            timer.set(deadline);
        }
    }

    private void send(DhtEffect.Send send) {
        UdpSocket socket = sockets.get(Family.of(send.to()));
        if (socket != null) {
            datagram.clear();
            KrpcEncoder.encode(send.message(), datagram);
            // One that the system does not take is like one that gets lost.
            socket.send(datagram.flip(), send.to().toSocketAddress());
        }
    }

    private void give(int operation, DhtEffect result) {
        Waiter waiter = waiting.get(operation);
        if (waiter != null && waiter.take(result)) {
            waiting.remove(operation);
        }
    }

    DhtNode node() {
        return node;
    }

    /** Sends and takes no more; returns what to keep, or null if it was closed before. */
    @Nullable
    DhtState close() {
        if (closed) {
            return null;
        }
        closed = true;
        timer.cancel();
        open.forEach(UdpSocket::close);
        CancellationException why = new CancellationException("the DHT node is closed");
        joined.cancel(false);
        List.copyOf(waiting.values()).forEach(waiter -> waiter.cancelled(why));
        waiting.clear();
        return node.state();
    }
}
