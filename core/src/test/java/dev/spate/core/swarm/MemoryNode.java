package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The shell of one swarm in a {@link MemoryNetwork}: a disk that is a map, sockets that are references. */
final class MemoryNode {
    /** What a good block looks like; anything else is bad. */
    static final long GOOD = 1;

    /** The other end of a connection; two are the same only if they are the same object. */
    private static final class Link {
        final MemoryNode node;
        final int peer;

        Link(MemoryNode node, int peer) {
            this.node = node;
            this.peer = peer;
        }
    }

    final MemoryNetwork network;
    final PeerAddress address;
    final PeerId id;
    final Swarm swarm;
    final List<SwarmEvent> events = new ArrayList<>();
    final List<Effect.Announce> announces = new ArrayList<>();
    final List<PeerMessage> sent = new ArrayList<>();
    final Map<Integer, long[]> buffers = new LinkedHashMap<>();
    private final Map<Integer, Link> links = new LinkedHashMap<>();
    private final Map<Integer, PeerAddress> dialing = new LinkedHashMap<>();

    /** How this node's copy of a block looks; a hostile one gives something else now and then. */
    ToLongFunction<BlockRange> content = block -> GOOD;

    int maxBuffers = Integer.MAX_VALUE;
    long uploadBytesPerSecond = 100_000_000;
    boolean reachable = true;
    int timers;
    int blocksStored;
    int blocksDropped;
    int dials;
    int mostBuffers;
    private boolean draining;

    MemoryNode(MemoryNetwork network, PeerAddress address, PeerId id, PieceSet flushed) {
        this.network = network;
        this.address = address;
        this.id = id;
        SwarmIdentity identity = new SwarmIdentity(MemoryNetwork.INFO_HASH, id, address.port(), 0, false, "Spate test");
        swarm = new Swarm(
                network.settings, identity, network.layout, flushed, List.of(), this::tryOpen, network.random);
    }

    private boolean tryOpen(int piece) {
        if (buffers.size() >= maxBuffers) {
            return false;
        }
        if (buffers.put(piece, new long[network.layout.blocks(piece)]) != null) {
            throw new AssertionError("piece " + piece + " is open already");
        }
        mostBuffers = Math.max(mostBuffers, buffers.size());
        return true;
    }

    boolean isComplete() {
        return swarm.isDone();
    }

    int connections() {
        return links.size();
    }

    List<CloseReason.Kind> closes() {
        List<CloseReason.Kind> kinds = new ArrayList<>();
        for (SwarmEvent event : events) {
            if (event instanceof SwarmEvent.PeerClosed closed) {
                kinds.add(closed.reason().kind());
            }
        }
        return kinds;
    }

    List<PeerAddress> banned() {
        List<PeerAddress> banned = new ArrayList<>();
        for (SwarmEvent event : events) {
            if (event instanceof SwarmEvent.PeerBanned who) {
                banned.add(who.address());
            }
        }
        return banned;
    }

    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        for (Effect effect = swarm.poll(); effect != null; effect = swarm.poll()) {
            carryOut(effect);
        }
        draining = false;
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Dial(int peer, PeerAddress to) -> dial(peer, to);
            case Effect.SendHandshake(int peer, Handshake handshake) -> greet(peer, handshake);
            case Effect.Send(int peer, PeerMessage message) -> send(peer, message);
            case Effect.BlocksReady(int peer) -> network.after(0, () -> pump(peer, links.get(peer)));
            case Effect.DropArriving _, Effect.VerifyMetadata _ -> {}
            case Effect.VerifyPiece(int piece, boolean digestBlocks) ->
                network.after(MemoryNetwork.MILLIS, () -> verify(piece, digestBlocks));
            case Effect.DiscardPiece(int piece) -> buffers.remove(piece);
            case Effect.Close(int peer, CloseReason reason) -> {
                hangUp(peer);
                network.after(0, () -> closed(peer, reason));
            }
            case Effect.Announce announce -> announces.add(announce);
            case Effect.Report(SwarmEvent event) -> events.add(event);
        }
    }

    private void dial(int peer, PeerAddress to) {
        dials++;
        dialing.put(peer, to);
        network.after(network.latency, () -> {
            if (!to.equals(dialing.get(peer))) {
                return;
            }
            MemoryNode other = network.at(to);
            if (other == null || !other.reachable) {
                dialing.remove(peer);
                closed(peer, CloseReason.ofFailure(new IllegalStateException("refused")));
            } else {
                swarm.dialed(peer, network.now);
                drain();
            }
        });
    }

    private void greet(int peer, Handshake handshake) {
        Link link = links.get(peer);
        PeerAddress to = dialing.get(peer);
        if (link == null && to == null) {
            // An incoming connection whose link is being made: the other end is told when it is.
            network.after(0, () -> {
                if (links.get(peer) != null) {
                    greet(peer, handshake);
                }
            });
        } else if (link == null) {
            network.after(network.latency, () -> {
                if (Objects.equals(to, dialing.get(peer))) {
                    connect(peer, handshake);
                }
            });
        } else {
            network.after(network.latency, () -> {
                if (reaches(peer, link)) {
                    link.node.swarm.handshakeReceived(link.peer, handshake, network.now);
                    link.node.drain();
                }
            });
        }
    }

    private void connect(int peer, Handshake handshake) {
        PeerAddress to = Objects.requireNonNull(dialing.remove(peer));
        MemoryNode other = Objects.requireNonNull(network.at(to));
        int slot = other.swarm.accepted(address.withPort(40000 + peer), handshake, network.now);
        if (slot < 0) {
            other.drain();
            closed(peer, CloseReason.ofFailure(null));
            return;
        }
        links.put(peer, new Link(other, slot));
        other.links.put(slot, new Link(this, peer));
        other.drain();
    }

    private void send(int peer, PeerMessage message) {
        sent.add(message);
        Link link = links.get(peer);
        if (link != null) {
            network.after(network.latency, () -> {
                if (reaches(peer, link)) {
                    link.node.swarm.messageReceived(link.peer, message, network.now);
                    link.node.drain();
                }
            });
        }
    }

    private boolean reaches(int peer, Link link) {
        Link back = link.node.links.get(link.peer);
        return links.get(peer) == link && back != null && back.node == this && back.peer == peer;
    }

    private void pump(int peer, @Nullable Link link) {
        if (link == null || !reaches(peer, link)) {
            return;
        }
        BlockRange block = swarm.takeBlock(peer, network.now);
        if (block != null) {
            swarm.blockSent(peer, block, network.now);
            long looks = content.applyAsLong(block);
            long sending = block.length() * MemoryNetwork.SECONDS / uploadBytesPerSecond;
            network.after(sending + network.latency, () -> {
                if (reaches(peer, link)) {
                    link.node.receive(link.peer, block, looks);
                }
            });
            network.after(sending, () -> pump(peer, link));
        }
        drain();
    }

    void receive(int peer, BlockRange block, long looks) {
        Verdict verdict = swarm.blockArriving(peer, block, network.now);
        swarm.payloadReceived(peer, block.length(), network.now);
        if (verdict.isWanted()) {
            Objects.requireNonNull(buffers.get(block.piece()))[PieceLayout.blockNumber(block.begin())] = looks;
            blocksStored++;
            swarm.blockArrived(peer, block, network.now);
        } else {
            blocksDropped++;
        }
        drain();
    }

    private void verify(int piece, boolean digestBlocks) {
        long[] blocks = Objects.requireNonNull(buffers.get(piece));
        boolean good = true;
        for (long block : blocks) {
            good &= block == GOOD;
        }
        BlockDigests digests = BlockDigests.of(blocks);
        if (good) {
            swarm.pieceVerified(piece, digestBlocks ? digests : null, network.now);
            drain();
            buffers.remove(piece);
            swarm.pieceFlushed(piece, network.now);
        } else {
            swarm.pieceCorrupt(piece, digests, network.now);
        }
        drain();
    }

    /** The other end notices after a while. */
    private void hangUp(int peer) {
        dialing.remove(peer);
        Link link = links.remove(peer);
        if (link != null) {
            network.after(network.latency, () -> {
                Link back = link.node.links.get(link.peer);
                if (back != null && back.node == this && back.peer == peer) {
                    link.node.links.remove(link.peer);
                    link.node.closed(link.peer, CloseReason.ofFailure(null));
                }
            });
        }
    }

    /** Our end of all connections breaks. */
    void vanish() {
        for (int peer : List.copyOf(links.keySet())) {
            hangUp(peer);
            closed(peer, CloseReason.ofFailure(null));
        }
    }

    private void closed(int peer, CloseReason reason) {
        swarm.peerClosed(peer, reason, network.now);
        drain();
    }
}
