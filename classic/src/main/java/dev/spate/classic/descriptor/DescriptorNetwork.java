package dev.spate.classic.descriptor;

import dev.spate.engine.Torrent;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.lane.UdpSocket;
import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running node of the descriptor network, with a lane and a socket of its own.
 *
 * <p>With a torrent it is a whole member: peers that it joins are peers of the torrent, and when the torrent is complete the node declares
 * itself a seed. The torrent's session is the caller's, and lives on when the node is closed.
 *
 * <p>Methods may be called by any thread and return at once.
 */
public final class DescriptorNetwork implements AutoCloseable {
    private final Lane lane;
    private final DescriptorNode node;
    private final Consumer<NetworkEvent> events;
    private final @Nullable Torrent torrent;
    private final LaneTimer timer;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(Datagrams.LENGTH);
    private final UdpSocket socket;
    private final AtomicBoolean closed = new AtomicBoolean();
    private long timerAt = Long.MAX_VALUE;

    private DescriptorNetwork(Lane lane, NodeOptions options, @Nullable Torrent torrent, Consumer<NetworkEvent> events)
            throws IOException {
        this.lane = lane;
        this.events = events;
        this.torrent = torrent;
        this.timer = lane.timer(this::timeout);
        this.socket = lane.openUdp(options.listen(), this::received);
        this.node = new DescriptorNode(
                NodeSettings.DEFAULTS,
                options.membership(),
                PeerAddress.of(socket.localAddress()),
                options.neighbours(),
                new SecureRandom(),
                System.nanoTime());
    }

    /**
     * Starts a node that transfers nothing: a neighbour, or a member whose descriptor has no hashes.
     *
     * @param events called on the node's own thread; must be quick
     * @throws IOException if the address is not ours or the port is taken
     */
    public static DescriptorNetwork open(NodeOptions options, Consumer<NetworkEvent> events) throws IOException {
        return start(options, null, events);
    }

    /**
     * Starts a member.
     *
     * @param torrent what {@link Descriptor#metainfo} describes, added to a session that listens where the membership says
     * @param events called on the node's own thread; must be quick
     * @throws IOException if the address is not ours or the port is taken
     */
    public static DescriptorNetwork open(NodeOptions options, Torrent torrent, Consumer<NetworkEvent> events)
            throws IOException {
        return start(options, torrent, events);
    }

    private static DescriptorNetwork start(
            NodeOptions options, @Nullable Torrent torrent, Consumer<NetworkEvent> events) throws IOException {
        Lane lane = Lane.start("spate-descriptor");
        try {
            DescriptorNetwork network = new DescriptorNetwork(lane, options, torrent, events);
            lane.execute(network::timeout);
            if (torrent != null) {
                // One that fails has told so by its events.
                var _ = torrent.completion().thenRun(() -> network.becomes(PeerState.SEED));
            }
            return network;
        } catch (IOException e) {
            lane.close();
            throw e;
        }
    }

    /**
     * The address of this machine from which a way leads to another, so that a node can tell others where it is. Sends nothing.
     *
     * @return empty if there is no way, or none of IPv4
     */
    public static Optional<InetAddress> addressTowards(PeerAddress other) {
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(other.toSocketAddress());
            InetAddress own = probe.getLocalAddress();
            return own instanceof Inet4Address && !own.isAnyLocalAddress() ? Optional.of(own) : Optional.empty();
        } catch (SocketException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Where the node takes datagrams, with the real port. */
    public InetSocketAddress localAddress() {
        return socket.localAddress();
    }

    /** Declares to all peers, those to come included, what we are now. */
    public void becomes(PeerState state) {
        onLane(() -> {
            node.becomes(state, lane.now());
            settle();
        });
    }

    /** The peers that it is joined with. */
    public CompletableFuture<List<KnownPeer>> peers() {
        return ask(() -> node.peers().stream()
                .map(peer -> new KnownPeer(peer.address, peer.state, peer.enginePort))
                .toList());
    }

    /** What it is and has done. */
    public CompletableFuture<NodeStats> stats() {
        return ask(node::stats);
    }

    private <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!onLane(() -> {
            T value = question.get();
            answer.completeAsync(() -> value);
        })) {
            answer.completeExceptionally(new CancellationException("the node is closed"));
        }
        return answer;
    }

    /** Ends the node and frees its port. Any number of times, from any thread but that of the events. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            lane.close();
        }
    }

    // ---- on the lane

    private void received(UdpSocket at, InetSocketAddress from, ByteBuffer bytes) {
        node.received(PeerAddress.of(from), bytes, lane.now());
        settle();
    }

    private void timeout() {
        timerAt = Long.MAX_VALUE;
        node.timeout(lane.now());
        settle();
    }

    private void settle() {
        for (NodeEffect effect = node.poll(); effect != null; effect = node.poll()) {
            switch (effect) {
                case NodeEffect.Send(PeerAddress to, Message message) -> {
                    datagram.clear();
                    Datagrams.encode(message, datagram);
                    // One that the system does not take is like one that gets lost.
                    socket.send(datagram.flip(), to.toSocketAddress());
                }
                case NodeEffect.Report(NetworkEvent event) -> report(event);
            }
        }
        long deadline = node.deadline();
        if (deadline != timerAt) {
            timerAt = deadline;
            timer.set(deadline);
        }
    }

    private void report(NetworkEvent event) {
        if (torrent != null && event instanceof NetworkEvent.Joined joined && joined.enginePort() != 0) {
            torrent.addPeers(List.of(joined.peer().withPort(joined.enginePort())));
        }
        events.accept(event);
    }

    private boolean onLane(Runnable task) {
        try {
            lane.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
