package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.DontHave;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Peers that say anything at any time, a disk that does anything: no input throws, and what must hold holds after each. */
final class AnythingGoes {
    private static final PieceLayout LAYOUT = new PieceLayout(24L * 65536 + 20_000, 65536);
    private static final int PIECES = LAYOUT.pieces();

    private final long seed;
    private final Random random;
    private final Stage stage;
    private final List<Integer> slots = new ArrayList<>();
    private final Map<Integer, BlockRange> arriving = new HashMap<>();
    private final Map<Integer, List<BlockRange>> taken = new HashMap<>();
    private final List<Integer> full = new ArrayList<>();
    private final List<Integer> verified = new ArrayList<>();
    private final List<Effect.Dial> dials = new ArrayList<>();
    private int nextNumber;

    /** @param random everything that happens */
    AnythingGoes(long seed, Random random) {
        this.seed = seed;
        this.random = random;
        PieceSet flushed = new PieceSet(PIECES);
        for (int piece = 0; piece < PIECES; piece++) {
            if (seed % 4 == 0 || random.nextInt(3) == 0) {
                flushed.add(piece);
            }
        }
        stage = new Stage(LAYOUT, flushed, SwarmSettings.DEFAULTS.withMaxConnections(12), false);
        stage.memory = 1 + random.nextInt(10);
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            stage.now += random.nextInt(20) == 0 ? random.nextLong(30 * Stage.SECOND) : random.nextInt(1_000_000);
            input();
            if (seed % 4 == 0 && random.nextInt(40) == 0) {
                stage.swarm.setSuperSeeding(random.nextInt(4) > 0, stage.now);
            }
            settle();
            assertThat(stage.open).as("seed %d, step %d", seed, step).hasSizeLessThanOrEqualTo(stage.memory);
            SwarmStats stats = stage.swarm.stats(stage.now);
            assertThat(stats.connections()).isLessThanOrEqualTo(12);
            assertThat(stats.leftBytes()).isBetween(0L, LAYOUT.totalLength());
            for (PeerSnapshot peer : stage.swarm.peers(stage.now)) {
                assertThat(peer.inFlight()).isLessThanOrEqualTo(500);
                assertThat(peer.queued()).isLessThanOrEqualTo(2000);
            }
        }
    }

    private void settle() {
        stage.effects.clear();
        stage.drain();
        for (Effect effect : List.copyOf(stage.effects)) {
            switch (effect) {
                case Effect.VerifyPiece(int piece, boolean _) -> full.add(piece);
                case Effect.DropArriving(int peer) -> arriving.remove(peer);
                case Effect.Dial dial -> {
                    dials.add(dial);
                    slots.add(dial.peer());
                }
                case Effect.Close(int peer, CloseReason _) -> {
                    slots.remove(Integer.valueOf(peer));
                    arriving.remove(peer);
                    taken.remove(peer);
                    dials.removeIf(dial -> dial.peer() == peer);
                }
                default -> {}
            }
        }
        if (stage.swarm.deadline() <= stage.now) {
            stage.swarm.timeout(stage.now);
        }
    }

    private void input() {
        long now = stage.now;
        switch (random.nextInt(20)) {
            case 0 -> {
                int number = random.nextInt(4) == 0 ? random.nextInt(20) : ++nextNumber + 100;
                int peer = stage.swarm.accepted(Stage.address(random.nextInt(30)), Stage.handshake(number), now);
                if (peer >= 0) {
                    slots.add(peer);
                }
            }
            case 1 -> {
                if (!slots.isEmpty() && random.nextInt(4) == 0) {
                    int peer = slots.get(random.nextInt(slots.size()));
                    slots.remove(Integer.valueOf(peer));
                    stage.swarm.peerClosed(peer, CloseReason.ofFailure(null), now);
                    arriving.remove(peer);
                    taken.remove(peer);
                    dials.removeIf(dial -> dial.peer() == peer);
                }
            }
            case 2 -> disk(now);
            case 3 -> command(now);
            case 4 -> {
                if (!dials.isEmpty()) {
                    Effect.Dial dial = dials.removeFirst();
                    stage.swarm.dialed(dial.peer(), now);
                    stage.swarm.handshakeReceived(dial.peer(), Stage.handshake(random.nextInt(600)), now);
                }
            }
            default -> {
                if (!slots.isEmpty()) {
                    peer(slots.get(random.nextInt(slots.size())), now);
                }
            }
        }
    }

    private void disk(long now) {
        if (!verified.isEmpty() && random.nextBoolean()) {
            int piece = verified.removeFirst();
            if (random.nextInt(5) == 0) {
                stage.swarm.pieceWriteFailed(piece, now);
            } else {
                stage.open.remove(piece);
                stage.swarm.pieceFlushed(piece, now);
            }
        } else if (!full.isEmpty()) {
            int piece = full.removeFirst();
            long[] digests = new long[LAYOUT.blocks(piece)];
            for (int i = 0; i < digests.length; i++) {
                digests[i] = random.nextInt(2);
            }
            if (random.nextInt(3) == 0) {
                stage.swarm.pieceCorrupt(piece, random.nextBoolean() ? BlockDigests.of(digests) : null, now);
            } else {
                stage.swarm.pieceVerified(piece, random.nextBoolean() ? BlockDigests.of(digests) : null, now);
                verified.add(piece);
            }
        } else {
            int piece = random.nextInt(PIECES);
            if (stage.swarm.flushed().contains(piece)) {
                stage.swarm.pieceLost(piece, now);
            }
        }
    }

    private void command(long now) {
        switch (random.nextInt(8)) {
            case 0 -> {
                if (random.nextInt(10) == 0) {
                    stage.swarm.pause(now);
                }
            }
            case 1 -> stage.swarm.start(now);
            case 2 -> stage.swarm.setPiecePriority(random.nextInt(PIECES), random.nextInt(8), now);
            case 3 -> stage.swarm.addPeers(PeerSource.TRACKER, List.of(Stage.address(random.nextInt(30))), now);
            case 4 -> stage.swarm.setPieceDeadline(random.nextInt(PIECES), now + random.nextInt(), now);
            case 5 -> stage.swarm.setSequential(random.nextBoolean(), now);
            case 6 -> {
                if (random.nextInt(50) == 0) {
                    stage.swarm.ban(Stage.address(random.nextInt(30)).ip(), now);
                }
            }
            default -> stage.swarm.budgetFreed(now);
        }
    }

    private void peer(int peer, long now) {
        BlockRange coming = arriving.get(peer);
        if (coming != null) {
            stage.swarm.payloadReceived(peer, 1000, now);
            if (random.nextInt(3) > 0) {
                arriving.remove(peer);
                stage.swarm.blockArrived(peer, coming, now);
            }
            return;
        }
        if (random.nextInt(4) == 0) {
            List<BlockRange> asked = stage.requestedFrom(peer);
            BlockRange block = asked.isEmpty() || random.nextInt(30) == 0 ? anyBlock() : asked.getLast();
            Verdict verdict = stage.swarm.blockArriving(peer, block, now);
            if (verdict.isWanted()) {
                arriving.put(peer, block);
            }
            return;
        }
        if (random.nextInt(6) == 0) {
            BlockRange block = stage.swarm.takeBlock(peer, now);
            if (block != null) {
                if (random.nextInt(10) == 0) {
                    stage.swarm.blockUnreadable(peer, block, now);
                } else {
                    stage.swarm.blockSent(peer, block, now);
                }
            }
            return;
        }
        stage.swarm.messageReceived(peer, message(), now);
    }

    private BlockRange anyBlock() {
        int piece = random.nextInt(PIECES + (random.nextInt(100) == 0 ? 1 : 0));
        return new BlockRange(piece, 16384 * random.nextInt(4), 1 + random.nextInt(3) * 8191);
    }

    private PeerMessage message() {
        int piece = random.nextInt(PIECES);
        BlockRange block = LAYOUT.block(piece, random.nextInt(LAYOUT.blocks(piece)));
        return switch (random.nextInt(17)) {
            case 0 -> new PeerMessage.KeepAlive();
            case 1 -> new PeerMessage.Choke();
            case 2, 3, 4 -> new PeerMessage.Unchoke();
            case 5 -> new PeerMessage.Interested();
            case 6 -> new PeerMessage.NotInterested();
            case 7 -> new PeerMessage.HaveAll();
            case 8 -> new PeerMessage.Request(random.nextInt(100) == 0 ? anyBlock() : block);
            case 9 -> new PeerMessage.Cancel(block);
            case 10 -> new PeerMessage.SuggestPiece(piece);
            case 11 -> new PeerMessage.RejectRequest(block);
            case 12 -> new PeerMessage.AllowedFast(piece);
            case 13 -> new DontHave(piece).message(3);
            case 14 ->
                new PeerMessage.Extended(
                        random.nextInt(3),
                        ByteBuffer.wrap("d1:pi9ee".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            default -> new PeerMessage.Have(piece);
        };
    }
}
