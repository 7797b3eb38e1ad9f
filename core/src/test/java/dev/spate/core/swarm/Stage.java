package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One swarm whose peers are played by the test. */
final class Stage {
    static final long SECOND = 1_000_000_000L;
    static final Reserved ALL = Reserved.NONE.withFast().withExtensions();

    final PieceLayout layout;
    final Swarm swarm;
    final PeerId ourId;
    final List<Effect> effects = new ArrayList<>();
    final List<SwarmEvent> events = new ArrayList<>();
    final Map<Integer, CloseReason> closed = new HashMap<>();
    final Map<Integer, List<PeerMessage>> sent = new HashMap<>();
    long now = 5_000 * SECOND;
    int memory = Integer.MAX_VALUE;

    /** The pieces that hold memory. */
    final Set<Integer> open = new TreeSet<>();

    Stage(PieceLayout layout, PieceSet flushed) {
        this(layout, flushed, SwarmSettings.DEFAULTS, false);
    }

    Stage(PieceLayout layout, PieceSet flushed, SwarmSettings settings, boolean isPrivate) {
        this.layout = layout;
        this.ourId = id(500);
        SwarmIdentity identity =
                new SwarmIdentity(MemoryNetwork.INFO_HASH, ourId, 6881, isPrivate ? 0 : 6882, isPrivate, "Spate test");
        swarm = new Swarm(
                settings, identity, layout, flushed, List.of(List.of("http://t/a")), this::tryOpen, new Random(1));
        swarm.start(now);
        drain();
    }

    private boolean tryOpen(int piece) {
        if (open.size() >= memory) {
            return false;
        }
        if (!open.add(piece)) {
            throw new AssertionError("piece " + piece + " is open already");
        }
        return true;
    }

    /** The id of the peer with this number; ids are in the order of numbers. */
    static PeerId id(int number) {
        byte[] bytes = new byte[PeerId.LENGTH];
        bytes[0] = (byte) (number >> 8);
        bytes[1] = (byte) number;
        return PeerId.of(bytes);
    }

    static PeerAddress address(int number) {
        return PeerAddress.of(new byte[] {20, (byte) (number >> 8), (byte) number, 1}, 6881);
    }

    static Handshake handshake(int number) {
        return new Handshake(ALL, MemoryNetwork.INFO_HASH, id(number));
    }

    /** The peer with this number comes in. */
    int connect(int number) {
        return connect(address(number), handshake(number));
    }

    int connect(PeerAddress from, Handshake handshake) {
        int peer = swarm.accepted(from, handshake, now);
        closed.remove(peer);
        sent.remove(peer);
        drain();
        return peer;
    }

    /** A seed comes in and unchokes us. */
    int connectSeed(int number) {
        int peer = connect(number);
        hear(peer, new PeerMessage.HaveAll());
        hear(peer, new PeerMessage.Unchoke());
        return peer;
    }

    void hear(int peer, PeerMessage message) {
        swarm.messageReceived(peer, message, now);
        drain();
    }

    Verdict deliver(int peer, BlockRange block) {
        Verdict verdict = swarm.blockArriving(peer, block, now);
        swarm.payloadReceived(peer, block.length(), now);
        if (verdict.isWanted()) {
            swarm.blockArrived(peer, block, now);
        }
        drain();
        return verdict;
    }

    /** The piece turns out good and is written. */
    void flush(int piece) {
        swarm.pieceVerified(piece, null, now);
        open.remove(piece);
        swarm.pieceFlushed(piece, now);
        swarm.budgetFreed(now);
        drain();
    }

    /** Carries effects out as far as a stage can: closed connections are gone at once. */
    List<Effect> drain() {
        List<Effect> fresh = new ArrayList<>();
        for (Effect effect = swarm.poll(); effect != null; effect = swarm.poll()) {
            fresh.add(effect);
            switch (effect) {
                case Effect.Close(int peer, CloseReason reason) -> {
                    closed.put(peer, reason);
                    swarm.peerClosed(peer, reason, now);
                }
                case Effect.Report(SwarmEvent event) -> events.add(event);
                case Effect.Send(int peer, PeerMessage message) ->
                    sent.computeIfAbsent(peer, p -> new ArrayList<>()).add(message);
                case Effect.DiscardPiece(int piece) -> {
                    if (!open.remove(piece)) {
                        throw new AssertionError("piece " + piece + " is not open");
                    }
                }
                case Effect.Dial _,
                        Effect.SendHandshake _,
                        Effect.BlocksReady _,
                        Effect.DropArriving _,
                        Effect.VerifyPiece _,
                        Effect.VerifyMetadata _,
                        Effect.Announce _ -> {}
            }
        }
        effects.addAll(fresh);
        return fresh;
    }

    /** Lets time pass, with every timer in between; returns how many there were. */
    int pass(long nanos) {
        long end = now + nanos;
        int timers = 0;
        while (swarm.deadline() <= end) {
            now = Math.max(now, swarm.deadline());
            swarm.timeout(now);
            drain();
            timers++;
        }
        now = end;
        return timers;
    }

    boolean isOpen(int peer) {
        return !closed.containsKey(peer);
    }

    @Nullable
    Kind closeReason(int peer) {
        CloseReason reason = closed.get(peer);
        return reason == null ? null : reason.kind();
    }

    /** What was sent to a peer since it was asked last. */
    List<PeerMessage> sentTo(int peer) {
        List<PeerMessage> messages = sent.remove(peer);
        return messages == null ? List.of() : messages;
    }

    List<BlockRange> requestedFrom(int peer) {
        List<BlockRange> blocks = new ArrayList<>();
        for (PeerMessage message : sentTo(peer)) {
            if (message instanceof PeerMessage.Request request) {
                blocks.add(request.block());
            }
        }
        return blocks;
    }

    List<Effect.Dial> dials() {
        List<Effect.Dial> dials = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Dial dial) {
                dials.add(dial);
            }
        }
        effects.clear();
        return dials;
    }
}
