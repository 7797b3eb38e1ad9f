package dev.spate.engine.shell;

import dev.spate.core.choke.Choking;
import dev.spate.core.filter.IpFilter;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.swarm.Effect;
import dev.spate.core.swarm.Gathering;
import dev.spate.core.swarm.MagnetSwarm;
import dev.spate.core.swarm.PeerSource;
import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmEvent;
import dev.spate.core.swarm.SwarmIdentity;
import dev.spate.engine.storage.ArrivingPieces;
import dev.spate.engine.storage.TorrentStorage;
import dev.spate.io.lane.Detached;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.work.Outcome;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one swarm on its lane: feeds it what happens and carries out what it decides. A swarm that begins without knowing its torrent
 * gets it later by {@link #transfer}, and keeps its connections.
 *
 * <p>The swarm alone decides; this class and its hands ({@link PeerConnection}, {@link Downloads}, {@link Uploads}, {@link
 * Announces}) only do. Inputs are followed by {@link #drain}, which carries out every effect and then sets the timer to the
 * swarm's next deadline. Effects that cause further inputs do not nest: they are carried out by the same loop.
 *
 * <p>All methods but {@link #lane} and {@link #soon} are called on the lane.
 */
public final class SwarmRunner {

    /** Who is told what the user may want to know. */
    public interface Listener {
        /** On the lane. */
        void happened(SwarmEvent event);

        /** On the lane: the files of the torrent gave trouble; to be followed by {@link #pause}. */
        void storageFailed(Throwable failure);

        /** On the lane: peers gave the info dictionary, and its hash is right. Only for a swarm that began without. */
        void metadataFound(ByteBuffer info);

        /** On the lane: a tracker gave so many addresses. */
        void trackerAnswered(String url, int peers);

        /** On the lane: a tracker could not be asked, or refused; the reason is for a person. */
        void trackerFailed(String url, String reason);
    }

    /** Rule of thumb of the field; a peer that takes longer to answer a SYN would be of little use. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private static final PeerMessageDecoder UNKNOWING = PeerMessageDecoder.ofUnknownTorrent();

    /** What there is once the torrent is known. */
    private record Transfer(
            Swarm swarm, PieceLayout layout, Downloads downloads, Uploads uploads, PeerMessageDecoder decoder) {}

    private final Lane lane;
    private final SwarmIdentity identity;
    private final Announces announces;
    private final Resources resources;
    private final WayOut wayOut;
    private final SwarmLimits limits;
    private final LaneTimer timer;
    private final Runnable lateDrain = this::drainLate;
    private final List<@Nullable PeerConnection> peers = new ArrayList<>();
    private Gathering gathering;
    private @Nullable Transfer transfer;
    private Listener listener;
    private boolean draining;
    private boolean drainAwaited;

    /** @param gathering a {@link MagnetSwarm}, or a {@link Swarm} that {@link #transfer} is called with before it is started */
    public SwarmRunner(
            Lane lane,
            SwarmIdentity identity,
            Gathering gathering,
            Resources resources,
            TrackerClient trackers,
            SwarmLimits limits,
            Listener listener) {
        this.lane = lane;
        this.identity = identity;
        this.gathering = gathering;
        this.resources = resources;
        this.wayOut = resources.wayOut();
        this.limits = limits;
        this.listener = listener;
        this.announces = new Announces(this, identity, trackers);
        this.timer = lane.timer(this::timeout);
    }

    /** The torrent is known, and its files have been looked at: from now on pieces go and come. */
    public void transfer(Swarm swarm, TorrentStorage storage, ArrivingPieces arriving, Listener watcher) {
        assert transfer == null : "it is known already";
        PieceLayout layout = storage.layout().pieces();
        PeerMessageDecoder decoder = new PeerMessageDecoder(layout.pieces());
        gathering = swarm;
        listener = watcher;
        transfer = new Transfer(
                swarm,
                layout,
                new Downloads(this, arriving, resources.workers(), resources.chronicle()),
                new Uploads(this, storage, resources.blocks(), resources.workers(), resources.chronicle()),
                decoder);
        for (PeerConnection peer : peers) {
            if (peer != null) {
                peer.torrentKnown(decoder);
            }
        }
        drain();
    }

    /** The swarm, with or without its torrent. */
    public Gathering gathering() {
        return gathering;
    }

    private Transfer known() {
        Transfer known = transfer;
        assert known != null : "the torrent is not known yet";
        return known;
    }

    /** The swarm; only after {@link #transfer}. */
    public Swarm swarm() {
        return known().swarm();
    }

    public Lane lane() {
        return lane;
    }

    long now() {
        return lane.now();
    }

    /** Runs a task on the lane, unless that has ended; any thread. */
    public void soon(Runnable task) {
        try {
            lane.execute(task);
        } catch (RejectedExecutionException e) {
            // Nobody is left for whom it could be done.
            return;
        }
    }

    Digest infoHash() {
        return identity.infoHash();
    }

    PieceLayout layout() {
        return known().layout();
    }

    PeerMessageDecoder decoder() {
        Transfer known = transfer;
        return known == null ? UNKNOWING : known.decoder();
    }

    Downloads downloads() {
        return known().downloads();
    }

    Uploads uploads() {
        return known().uploads();
    }

    // ------------------------------------------------------------------ commands

    public void start() {
        gathering.start(now());
        drain();
    }

    /**
     * Closes all connections and tells the trackers.
     *
     * @param rested run on the lane when no worker writes for this swarm any more
     */
    public void pause(Runnable rested) {
        gathering.pause(now());
        drain();
        Transfer known = transfer;
        if (known == null) {
            rested.run();
        } else {
            known.downloads().whenIdle(rested);
        }
    }

    /** Gives up what {@link #pause} left; the runner is of no more use. */
    public void close() {
        timer.cancel();
        Transfer known = transfer;
        if (known != null) {
            known.downloads().close();
        }
    }

    /** How much each piece is wanted, 0 to 7. */
    public void setPiecePriorities(int[] priorities) {
        long now = now();
        for (int piece = 0; piece < priorities.length; piece++) {
            swarm().setPiecePriority(piece, priorities[piece], now);
        }
        drain();
    }

    /** These pieces are not on disk any more. */
    public void piecesLost(PieceSet pieces) {
        long now = now();
        for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
            swarm().pieceLost(piece, now);
        }
        drain();
    }

    public void announceNow() {
        gathering.announceNow(now());
        drain();
    }

    /** Announces to these trackers, tier by tier, and to no others. */
    public void setTrackers(List<List<String>> tiers) {
        gathering.setTrackers(tiers, now());
        drain();
    }

    public void setMaxConnections(int connections) {
        gathering.setMaxConnections(connections, now());
        drain();
    }

    /** Closes the connections of least use, as far as there are more than so many. */
    public void shedConnections(int left) {
        gathering.shedConnections(left, now());
        drain();
    }

    public void setUploadSlots(int slots) {
        if (transfer != null) {
            swarm().setUploadSlots(slots, now());
            drain();
        }
    }

    /** Without effect while the torrent is not known. */
    public void setChoking(Choking choking) {
        if (transfer != null) {
            swarm().setChoking(choking, now());
            drain();
        }
    }

    /** Without effect while the torrent is not known. */
    public void setSuperSeeding(boolean wanted) {
        if (transfer != null) {
            swarm().setSuperSeeding(wanted, now());
            drain();
        }
    }

    /** These addresses became known. */
    public void addPeers(PeerSource source, List<PeerAddress> addresses) {
        gathering.addPeers(source, addresses, now());
        drain();
    }

    /** Connections end that are bound to a local address which is no longer to be used. */
    public void localEndsChanged() {
        for (PeerConnection each : new ArrayList<>(peers)) {
            if (each != null && !each.isAt(wayOut.ends())) {
                each.close(new CloseReason(CloseReason.Kind.CONNECTION_FAILED, "the local address is gone"));
            }
        }
        drain();
    }

    /** The user wants nothing to do with other addresses than before. */
    public void filter(IpFilter filter) {
        gathering.setFilter(filter, now());
        drain();
    }

    /** Gives the swarm inputs that need nothing of this class, and carries out what follows. */
    public void tell(Consumer<Swarm> inputs) {
        inputs.accept(swarm());
        drain();
    }

    /** Memory for pieces may be had again. */
    public void budgetFreed() {
        swarm().budgetFreed(now());
        drain();
    }

    // ------------------------------------------------------------------ connections

    /** A connection came in whose handshake was read; what followed it is still to be read. */
    void accept(Detached detached, PeerAddress remote, Handshake handshake) {
        if (!resources.connections().tryOpen()) {
            refuse(detached);
            return;
        }
        int peer = gathering.accepted(remote, handshake, now());
        if (peer < 0) {
            resources.connections().closed();
            refuse(detached);
        } else {
            PeerConnection connection = new PeerConnection(this, peer, remote, true);
            put(peer, connection, remote);
            connection.attach(lane.adopt(detached, connection));
        }
        drain();
    }

    private static void refuse(Detached detached) {
        try {
            detached.channel().close();
        } catch (IOException e) {
            // There is nothing that could be lost.
            assert !detached.channel().isOpen() : e;
        }
    }

    private void dial(int peer, PeerAddress address) {
        if (!resources.connections().tryOpen()) {
            gathering.peerClosed(peer, CloseReason.of(CloseReason.Kind.NO_ROOM), now());
            return;
        }
        PeerConnection connection = new PeerConnection(this, peer, address, false);
        put(peer, connection, address);
        connection.attach(wayOut.connect(lane, address, CONNECT_LIMIT, connection));
    }

    /** A connection is over, for whatever cause. */
    void gone(PeerConnection connection, CloseReason reason) {
        peers.set(connection.peer(), null);
        limits.left(connection);
        resources.connections().closed();
        gathering.peerClosed(connection.peer(), reason, now());
        drain();
    }

    private void put(int peer, PeerConnection connection, PeerAddress address) {
        while (peers.size() <= peer) {
            peers.add(null);
        }
        assert peers.get(peer) == null : peer;
        peers.set(peer, connection);
        limits.joined(connection, address);
    }

    private PeerConnection peer(int peer) {
        PeerConnection connection = peers.get(peer);
        assert connection != null : "the swarm speaks of peer " + peer + ", who is gone";
        return connection;
    }

    Listener listener() {
        return listener;
    }

    // ------------------------------------------------------------------ effects

    /** Carries out all effects. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            for (Effect effect = gathering.poll(); effect != null; effect = gathering.poll()) {
                carryOut(effect);
            }
        } finally {
            draining = false;
        }
        timer.set(gathering.deadline());
    }

    /** Carries out all effects at the end of this turn; for inputs that come one after the other while sockets are written. */
    void drainLater() {
        if (!drainAwaited) {
            drainAwaited = true;
            lane.beforeFlush(lateDrain);
        }
    }

    private void drainLate() {
        drainAwaited = false;
        drain();
    }

    private void timeout() {
        gathering.timeout(now());
        drain();
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Dial(var peer, var address) -> dial(peer, address);
            case Effect.SendHandshake(var peer, var handshake) -> peer(peer).send(handshake);
            case Effect.Send(var peer, var message) -> {
                PeerConnection connection = peer(peer);
                connection.send(message);
                tellChoke(connection, message);
            }
            case Effect.BlocksReady(var peer) -> peer(peer).blocksReady();
            case Effect.DropArriving(var peer) -> peer(peer).dropArriving();
            case Effect.VerifyPiece(var piece, var digestBlocks) -> downloads().verify(piece, digestBlocks);
            case Effect.DiscardPiece(var piece) -> downloads().discard(piece);
            case Effect.VerifyMetadata(var draft, var bytes) -> verifyMetadata(draft, bytes);
            case Effect.Close(var peer, var reason) -> peer(peer).close(reason);
            case Effect.Announce announce -> announces.make(announce);
            case Effect.Report(var event) -> {
                resources.chronicle().happened(identity.infoHash(), event);
                listener.happened(event);
            }
        }
    }

    private void tellChoke(PeerConnection connection, PeerMessage message) {
        if (message instanceof PeerMessage.Choke || message instanceof PeerMessage.Unchoke) {
            resources
                    .chronicle()
                    .choked(identity.infoHash(), connection.remote(), message instanceof PeerMessage.Choke);
        }
    }

    private void verifyMetadata(int draft, ByteBuffer bytes) {
        resources.workers().<Boolean>submit(() -> isMetadata(bytes), lane, outcome -> {
            if (gathering instanceof MagnetSwarm magnet) {
                boolean good = outcome instanceof Outcome.Done<Boolean>(var matches) && matches;
                magnet.metadataVerified(draft, good, now());
                drain();
                if (good) {
                    listener.metadataFound(bytes);
                }
            }
        });
    }

    /** On a worker. */
    private boolean isMetadata(ByteBuffer bytes) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(bytes.duplicate());
            return identity.infoHash().equals(Digest.of(sha1.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
