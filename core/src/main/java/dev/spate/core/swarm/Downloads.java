package dev.spate.core.swarm;

import dev.spate.core.peer.Heard;
import dev.spate.core.picker.Arrived;
import dev.spate.core.picker.Pace;
import dev.spate.core.picker.Picked;
import dev.spate.core.picker.Picker;
import dev.spate.core.picker.PieceProgress;
import dev.spate.core.picker.PieceState;
import dev.spate.core.picker.Request;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every peer's pipeline filled, and follows each block from its request until it is stored or given back.
 *
 * <p>A peer for which the picker has nothing more waits: until a block or a piece comes free again, until its own pieces or its
 * choke change, until memory is free, or a second has passed. So blocks that arrive while nothing is to be had cost no search.
 */
final class Downloads {

    /** What a fast peer takes to deliver a piece, in seconds (libtorrent's {@code whole_pieces_threshold}). */
    private static final int FAST_SECONDS = 20;

    /** A peer that needs longer for a piece is slow. */
    private static final int SLOW_SECONDS = 120;

    /** After so long peers that wait are looked at again, whatever they wait for. */
    static final long WAKE_EVERY = Duration.ofSeconds(1).toNanos();

    private final PieceLayout layout;
    private final Picker picker;
    private final Conversations conversations;
    private final SmartBan smartBan;
    private final Outputs outputs;
    private final Haste haste;
    private final List<BlockRange> picked = new ArrayList<>();
    private int waiting;
    private int waitingForMemory;

    /** Those who wait for memory in the order of their turns, and some who do not wait any more. */
    private final ArrayDeque<Conversation> turns = new ArrayDeque<>();

    private long wakeAt = Long.MAX_VALUE;
    private boolean endgame;

    Downloads(PieceLayout layout, Picker picker, Conversations conversations, SmartBan smartBan, Outputs outputs) {
        this.layout = layout;
        this.picker = picker;
        this.conversations = conversations;
        this.smartBan = smartBan;
        this.outputs = outputs;
        this.haste = new Haste(picker, conversations);
    }

    // ------------------------------------------------------------------ asking

    /** Requests as much of a peer as it should have in flight. */
    void fill(Conversation of, long now) {
        if (of.hunger != Conversation.Hunger.NONE) {
            return;
        }
        boolean isOffered = of.isOfferedMemory;
        of.isOfferedMemory = false;
        picked.clear();
        ask(of, now);
        if (of.hunger == Conversation.Hunger.OUT_OF_BUDGET) {
            queue(of, isOffered && picked.isEmpty());
        } else if (isOffered) {
            budgetFreed();
        }
    }

    private void ask(Conversation of, long now) {
        int room = of.peer.room(now);
        if (room == 0) {
            return;
        }
        if (of.onParole && mustWait(of)) {
            starve(of, Conversation.Hunger.NOTHING_LEFT, now);
            return;
        }
        Picked outcome = picker.pick(
                new Picker.Ask(
                        of.slot,
                        of.peer.pieces(),
                        room,
                        pace(of, now),
                        of.peer.peerChokesUs() ? of.peer.allowedFast() : null,
                        of.onParole,
                        of.peer.suggested(),
                        haste.prospect(of, now),
                        now),
                picked);
        for (BlockRange block : picked) {
            of.peer.request(block);
        }
        switch (outcome) {
            case ENOUGH -> {}
            case NOTHING_LEFT -> starve(of, Conversation.Hunger.NOTHING_LEFT, now);
            case OUT_OF_BUDGET -> starve(of, Conversation.Hunger.OUT_OF_BUDGET, now);
        }
        discardUseless();
        if (!endgame && picker.isEndgame()) {
            // Those who wait may help now.
            endgame = true;
            wakeAll(Conversation.Hunger.NOTHING_LEFT);
        }
    }

    /** Whether this peer's trial has to wait for that of another at the same address. */
    private boolean mustWait(Conversation peer) {
        if (!peer.doubtful || peer.peer.inFlight() > 0) {
            return false;
        }
        for (Conversation each : conversations.all()) {
            if (each != peer
                    && each.isLive()
                    && each.onParole
                    && each.peer.inFlight() > 0
                    && each.address.ip().equals(peer.address.ip())) {
                return true;
            }
        }
        return false;
    }

    private Pace pace(Conversation of, long now) {
        long rate = of.in.bytesPerSecond(now);
        if (rate * FAST_SECONDS >= layout.pieceLength()) {
            return Pace.FAST;
        }
        return rate * SLOW_SECONDS >= layout.pieceLength() ? Pace.MEDIUM : Pace.SLOW;
    }

    private void starve(Conversation of, Conversation.Hunger hunger, long now) {
        of.hunger = hunger;
        waiting++;
        if (hunger == Conversation.Hunger.OUT_OF_BUDGET) {
            waitingForMemory++;
        }
        if (wakeAt == Long.MAX_VALUE) {
            wakeAt = now + WAKE_EVERY;
        }
    }

    /** What this peer waited for may have come. */
    void wake(Conversation of) {
        if (of.hunger == Conversation.Hunger.NONE) {
            return;
        }
        if (--waiting == 0) {
            wakeAt = Long.MAX_VALUE;
        }
        if (of.hunger == Conversation.Hunger.OUT_OF_BUDGET) {
            waitingForMemory--;
        }
        of.hunger = Conversation.Hunger.NONE;
        outputs.touch(of);
    }

    /** Blocks or pieces came free, or are wanted more. */
    void workFreed() {
        endgame = false;
        wakeAll(Conversation.Hunger.NOTHING_LEFT);
    }

    /**
     * There may be memory for another piece. Those who wait for it are offered it in turn, and who does not find it used up
     * lets the next one look: were all woken at once, nearly all would search in vain.
     */
    void budgetFreed() {
        Conversation next = nextInTurn();
        if (next != null) {
            next.isOfferedMemory = true;
            wake(next);
        }
    }

    /** Who was offered memory in vain keeps its turn. */
    private void queue(Conversation waiting, boolean first) {
        if (waiting.isInTurns) {
            return;
        }
        waiting.isInTurns = true;
        if (first) {
            turns.addFirst(waiting);
        } else {
            turns.addLast(waiting);
        }
    }

    /** The next of those who wait for memory; one that stalls only if all do. */
    private @Nullable Conversation nextInTurn() {
        for (int left = turns.size(); left > 0; left--) {
            Conversation each = turns.remove();
            boolean waits = each.hunger == Conversation.Hunger.OUT_OF_BUDGET && !each.closing;
            if (waits && each.peer.snubbed()) {
                turns.addLast(each);
                continue;
            }
            each.isInTurns = false;
            if (waits) {
                return each;
            }
        }
        Conversation stalls = turns.poll();
        if (stalls != null) {
            stalls.isInTurns = false;
        }
        return stalls;
    }

    private void wakeAll(Conversation.Hunger from) {
        if (from == Conversation.Hunger.OUT_OF_BUDGET ? waitingForMemory == 0 : waiting == waitingForMemory) {
            return;
        }
        for (Conversation conversation : conversations.all()) {
            if (conversation.hunger == from) {
                wake(conversation);
            }
        }
    }

    int waitingForMemory() {
        return waitingForMemory;
    }

    /** When those who wait are to be looked at again. */
    long deadline() {
        return Math.min(wakeAt, haste.deadline());
    }

    void timeout(long now) {
        if (haste.timeout(now, this::takeBack)) {
            released();
        }
        if (wakeAt == Long.MAX_VALUE || now - wakeAt < 0) {
            return;
        }
        wakeAt = Long.MAX_VALUE;
        freeStranded();
        if (picker.openPieces().isEmpty() && waitingForMemory == 0) {
            // Nothing is under way that could come back: only a change in what peers have helps, and that wakes them.
            return;
        }
        wakeAll(Conversation.Hunger.NOTHING_LEFT);
        wakeAll(Conversation.Hunger.OUT_OF_BUDGET);
    }

    /*
     * All memory may be taken by begun pieces that nobody present can finish. A begun piece of which nothing is in flight while peers
     * wait for memory is such a one, for they would have been given its blocks before a new piece. So is one that only peers
     * that stall are asked for, while one who does not stall waits for memory, or for just this piece: who is on parole takes nothing
     * that others touched, and what one on parole holds nobody else may touch. The emptiest one goes.
     */
    private void freeStranded() {
        boolean stalled = isStalled();
        boolean memoryIsWaitedFor = stalled && isWaiting(Conversation.Hunger.OUT_OF_BUDGET);
        PieceProgress emptiest = null;
        for (PieceProgress piece : picker.openPieces()) {
            boolean stranded = (waitingForMemory > 0 && piece.inFlight() == 0)
                    || memoryIsWaitedFor
                    || (stalled && isWaitedFor(piece.piece()));
            if (piece.state() == PieceState.PARTIAL
                    && stranded
                    && (emptiest == null
                            || piece.arrived() < emptiest.arrived()
                            || (piece.arrived() == emptiest.arrived() && piece.piece() < emptiest.piece()))) {
                emptiest = piece;
            }
        }
        if (emptiest != null) {
            discard(emptiest.piece());
        }
    }

    /** Whether all that is in flight is in flight from peers that stall. */
    private boolean isStalled() {
        for (Conversation each : conversations.all()) {
            if (each.isLive() && !each.peer.snubbed() && each.peer.inFlight() > 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether one who does not stall waits so. */
    private boolean isWaiting(Conversation.Hunger hunger) {
        for (Conversation each : conversations.all()) {
            if (each.isLive() && !each.peer.snubbed() && each.hunger == hunger) {
                return true;
            }
        }
        return false;
    }

    /** Whether one who does not stall could give this piece, and may not. */
    private boolean isWaitedFor(int piece) {
        for (Conversation each : conversations.all()) {
            if (each.isLive()
                    && !each.peer.snubbed()
                    && each.hunger == Conversation.Hunger.NOTHING_LEFT
                    && each.peer.pieces().contains(piece)
                    && each.peer.mayRequest(piece)) {
                return true;
            }
        }
        return false;
    }

    // ------------------------------------------------------------------ a block

    /** A block begins to arrive that the peer was asked for. */
    Verdict arriving(Conversation from, BlockRange block, long now) {
        Verdict verdict = picker.arriving(from.slot, block, now);
        switch (verdict) {
            case WANTED -> {}
            case TAKEN_OVER -> {
                Conversation loser = conversations.at(picker.displaced());
                BlockRange lost = loser.peer.arriving();
                if (lost != null) {
                    loser.peer.blockDropped(lost);
                    outputs.add(new Effect.DropArriving(loser.slot));
                }
                progressed(loser);
            }
            case DUPLICATE, UNREQUESTED -> {
                from.peer.blockDropped(block);
                progressed(from);
            }
        }
        return verdict;
    }

    /** A block is stored. */
    void arrived(Conversation from, BlockRange block, long now) {
        from.peer.blockArrived(block, from.in.bytesPerSecond(now), now);
        progressed(from);
        Arrived arrived = picker.arrived(from.slot, block);
        if (!arrived.accepted()) {
            return;
        }
        from.deliveredAt = now;
        from.hasDelivered = true;
        smartBan.arrived(block, from.origin);
        for (int other : arrived.alsoAsked()) {
            cancel(conversations.at(other), block);
        }
        if (arrived.pieceFull()) {
            outputs.add(new Effect.VerifyPiece(block.piece(), smartBan.isSuspect(block.piece())));
        }
    }

    /** The peer can take another request. */
    private void progressed(Conversation of) {
        wake(of);
        outputs.touch(of);
    }

    private void cancel(Conversation at, BlockRange block) {
        if (at.peer.cancel(block)) {
            outputs.add(new Effect.DropArriving(at.slot));
        }
        progressed(at);
    }

    void rejected(Conversation by, BlockRange block) {
        picker.released(by.slot, block);
        released();
    }

    void released(Conversation by, List<BlockRange> blocks) {
        for (BlockRange block : blocks) {
            picker.released(by.slot, block);
        }
        if (!blocks.isEmpty()) {
            released();
        }
    }

    void timedOut(Conversation by, Heard.TimedOut late) {
        for (BlockRange block : late.blocks()) {
            if (block.equals(late.arriving())) {
                picker.released(by.slot, block);
                outputs.add(new Effect.DropArriving(by.slot));
            } else {
                picker.timedOut(by.slot, block);
            }
            outputs.report(new SwarmEvent.BlockTimedOut(by.address, block));
        }
        released();
        progressed(by);
    }

    /** A peer is gone with all it was asked for. */
    void gone(Conversation peer) {
        if (peer.hunger != Conversation.Hunger.NONE) {
            wake(peer);
        }
        turns.remove(peer);
        if (peer.isOfferedMemory) {
            peer.isOfferedMemory = false;
            budgetFreed();
        }
        int inFlight = peer.peer.end().size();
        picker.peerGone(peer.slot, Picker.NOBODY);
        if (inFlight > 0) {
            discardEmpty();
            released();
        }
        discardUseless();
    }

    /** Pieces that were begun and of which nothing came and nothing is to come hold memory for nothing. */
    private void discardEmpty() {
        for (PieceProgress piece : picker.openPieces()) {
            if (piece.arrived() == 0 && piece.inFlight() == 0) {
                discard(piece.piece());
            }
        }
    }

    private void released() {
        discardUseless();
        workFreed();
        // Who waits for memory to begin a piece can take a block of one that is begun.
        wakeAll(Conversation.Hunger.OUT_OF_BUDGET);
    }

    // ------------------------------------------------------------------ a piece

    private void discardUseless() {
        for (int piece : picker.discardable()) {
            discard(piece);
        }
    }

    /** Gives up what is here of a partial piece. */
    private void discard(int piece) {
        List<Request> requests = picker.discard(piece);
        smartBan.discarded(piece);
        for (Request request : requests) {
            cancel(conversations.at(request.peer()), request.block());
        }
        outputs.add(new Effect.DiscardPiece(piece));
        workFreed();
    }

    /** Gives up all partial pieces and the memory they hold. */
    void discardPartial() {
        for (PieceProgress piece : picker.openPieces()) {
            if (piece.state() == PieceState.PARTIAL) {
                discard(piece.piece());
            }
        }
    }

    /** A full piece is to be fetched again. */
    void failed(int piece, boolean exclusive) {
        picker.pieceFailed(piece, exclusive);
        smartBan.discarded(piece);
        outputs.add(new Effect.DiscardPiece(piece));
        workFreed();
    }

    /** A piece is due at another moment than before. */
    void due(int piece, long now) {
        haste.due(piece, now);
        workFreed();
    }

    /** Lets requests that can wait give way to what is needed at once; to be called before pipelines are filled. */
    void settle(long now) {
        if (haste.makeWay(now, this::takeBack)) {
            released();
        }
    }

    /** Asks a peer to leave a block, which is taken all the same if it comes. */
    private void takeBack(Conversation from, BlockRange block) {
        from.peer.cancel(block);
        picker.timedOut(from.slot, block);
        progressed(from);
    }

    /** Priorities have changed. */
    void reprioritised() {
        discardUseless();
        workFreed();
    }
}
