package dev.spate.engine.shell;

import dev.spate.core.lsd.LocalSwarms;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.lane.UdpGroup;
import dev.spate.io.lane.UdpSocket;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.lsd.LocalAnnounce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Tells neighbours of swarms and hears of theirs (BEP 14), on the network interfaces at which the session listens. They are looked up anew
 * before each announce, since they come and go. Where there is no interface that takes part, nothing happens until there is.
 */
public final class LocalDiscovery implements AutoCloseable {

    /** More interfaces than that are not told. */
    private static final int MAX_INTERFACES = 16;

    private static final int COOKIE_LENGTH = 8;

    private static final System.Logger LOG = System.getLogger(LocalDiscovery.class.getName());

    /** A group that was joined. */
    private record Membership(HostPort name, UdpGroup group) {}

    private final Lane lane;
    private final Supplier<List<InetSocketAddress>> places;
    private final BiConsumer<Digest, PeerAddress> found;
    private final String cookie;

    // Confined to the lane.
    private final LocalSwarms swarms;
    private final LaneTimer timer;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LocalAnnounce.MAX_LENGTH);
    private List<String> joined = List.of();
    private List<Membership> memberships = List.of();
    private boolean closed;

    /**
     * Begins to listen.
     *
     * @param places where the session listens at a moment
     * @param found told on the lane of a swarm of ours and a peer of it
     */
    public LocalDiscovery(Lane lane, Supplier<List<InetSocketAddress>> places, BiConsumer<Digest, PeerAddress> found) {
        this.lane = lane;
        this.places = places;
        this.found = found;
        byte[] random = new byte[COOKIE_LENGTH];
        new SecureRandom().nextBytes(random);
        this.cookie = HexFormat.of().formatHex(random);
        this.swarms = new LocalSwarms(cookie, lane.now());
        this.timer = lane.timer(this::timeout);
        onLane(this::join);
    }

    /** Neighbours are told of this swarm from now on. Any thread. */
    public void enter(Digest infoHash) {
        onLane(() -> {
            swarms.enter(infoHash, lane.now());
            timer.set(swarms.deadline());
        });
    }

    /** And no more. Any thread. */
    public void leave(Digest infoHash) {
        onLane(() -> {
            swarms.leave(infoHash);
            timer.set(swarms.deadline());
        });
    }

    /** Leaves the groups. Any thread. */
    @Override
    public void close() {
        onLane(() -> {
            closed = true;
            timer.cancel();
            memberships.forEach(each -> each.group().close());
            memberships = List.of();
        });
    }

    private void onLane(Runnable task) {
        try {
            lane.execute(() -> {
                if (!closed) {
                    task.run();
                }
            });
        } catch (RejectedExecutionException e) {
            // The lane has closed its sockets itself.
            return;
        }
    }

    // ------------------------------------------------------------------ on the lane

    private void timeout() {
        List<Digest> some = swarms.announce(lane.now());
        timer.set(swarms.deadline());
        int port = places.get().stream()
                .mapToInt(InetSocketAddress::getPort)
                .findFirst()
                .orElse(0);
        if (some.isEmpty() || port == 0) {
            return;
        }
        join();
        LocalAnnounce announce = new LocalAnnounce(port, some, cookie);
        for (Membership each : memberships) {
            datagram.clear().put(announce.encode(each.name())).flip();
            each.group().send(datagram);
        }
    }

    private void received(UdpSocket socket, InetSocketAddress from, ByteBuffer bytes) {
        if (LocalAnnounce.decode(bytes) instanceof Decoding.Decoded<LocalAnnounce>(LocalAnnounce announce)) {
            PeerAddress peer = PeerAddress.of(from).withPort(announce.port());
            swarms.heard(announce).forEach(infoHash -> found.accept(infoHash, peer));
        }
    }

    /** Joins the groups on the interfaces that there are, unless it has. */
    private void join() {
        List<NetworkInterface> interfaces = interfaces();
        List<String> names = interfaces.stream().map(NetworkInterface::getName).toList();
        if (names.equals(joined)) {
            return;
        }
        memberships.forEach(each -> each.group().close());
        List<Membership> fresh = new ArrayList<>();
        for (HostPort group : List.of(LocalAnnounce.IPV4_GROUP, LocalAnnounce.IPV6_GROUP)) {
            try {
                InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(group.host()), group.port());
                fresh.add(new Membership(group, lane.join(address, interfaces, this::received)));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "no local discovery by " + group, e);
            }
        }
        memberships = List.copyOf(fresh);
        // Where nothing could be joined it is tried again.
        joined = fresh.isEmpty() ? List.of() : names;
    }

    /** Where the session listens; of all, those that lead to a network of many. */
    private List<NetworkInterface> interfaces() {
        List<InetAddress> at =
                places.get().stream().map(InetSocketAddress::getAddress).toList();
        boolean everywhere = at.stream().anyMatch(InetAddress::isAnyLocalAddress);
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(each -> everywhere
                            ? leadsToNeighbours(each)
                            : each.inetAddresses().anyMatch(at::contains))
                    .limit(MAX_INTERFACES)
                    .toList();
        } catch (SocketException e) {
            LOG.log(System.Logger.Level.DEBUG, "no list of the network interfaces", e);
            return List.of();
        }
    }

    private static boolean leadsToNeighbours(NetworkInterface each) {
        try {
            return each.isUp() && each.supportsMulticast() && !each.isLoopback() && !each.isPointToPoint();
        } catch (SocketException e) {
            // It has just gone.
            return false;
        }
    }
}
