package dev.spate.sim;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What two peers have said to each other, kept beside one side's swarm to see that it keeps the rules.
 *
 * <p>Sent means put into the socket: what the swarm has said in this order is heard in this order.
 */
final class Dealings {
    /** The most requests that Spate has in flight to a peer. */
    static final int MAX_IN_FLIGHT = 500;

    /** The most requests that it accepts from one. */
    static final int MAX_ACCEPTED = 2000;

    private final String who;
    private boolean weChokePeer = true;
    private boolean peerChokesUs = true;

    // None of these is ever iterated.
    private final Set<Integer> weAllow = new HashSet<>();
    private final Set<Integer> peerAllows = new HashSet<>();
    private final Set<BlockRange> ours = new HashSet<>();

    /** How many answers to cancels are due for each block: it may have been requested again meanwhile. */
    private final Map<BlockRange, Integer> ourCancels = new HashMap<>();

    /** How many answers are due for each block: a peer may ask again for what it has cancelled. */
    private final Map<BlockRange, Integer> theirs = new HashMap<>();

    /**
     * Dealings of two that have not spoken yet.
     *
     * @param who the name of the host whose swarm is watched
     */
    Dealings(String who) {
        this.who = who;
    }

    /** Our swarm says something. */
    void says(PeerMessage message, PieceLayout layout, Disk disk) {
        switch (message) {
            case PeerMessage.Choke choke -> {
                require(!weChokePeer, () -> "chokes a peer that is choked");
                weChokePeer = true;
            }
            case PeerMessage.Unchoke unchoke -> {
                require(weChokePeer, () -> "unchokes a peer that is unchoked");
                weChokePeer = false;
            }
            case PeerMessage.AllowedFast allowed -> weAllow.add(allowed.piece());
            case PeerMessage.HaveAll all ->
                require(disk.pieces().isFull(), () -> "says it has everything, and has not");
            case PeerMessage.Bitfield field -> {
                PieceSet said = field.pieces();
                for (int piece = said.next(0); piece >= 0; piece = said.next(piece + 1)) {
                    int index = piece;
                    require(disk.has(index), () -> "says it has what is not on disk: " + index);
                }
            }
            case PeerMessage.Have have -> require(disk.has(have.piece()), () -> "says it has what is not on disk");
            case PeerMessage.Request request -> {
                BlockRange block = request.block();
                require(layout.isBlock(block), () -> "requests what is no block: " + block);
                require(!disk.has(block.piece()), () -> "requests what it has: " + block);
                require(
                        !peerChokesUs || peerAllows.contains(block.piece()),
                        () -> "requests " + block + " though the peer chokes it");
                require(ours.add(block), () -> "requests twice from the same peer: " + block);
                require(ours.size() <= MAX_IN_FLIGHT, () -> "has " + ours.size() + " requests in flight");
            }
            case PeerMessage.Cancel cancel -> {
                require(ours.remove(cancel.block()), () -> "cancels what it did not request: " + cancel.block());
                ourCancels.merge(cancel.block(), 1, Integer::sum);
            }
            case PeerMessage.RejectRequest reject -> answers(reject.block(), "rejects");
            default -> {}
        }
    }

    /** The peer says something, which our swarm is about to hear. */
    void hears(PeerMessage message) {
        switch (message) {
            case PeerMessage.Choke choke -> peerChokesUs = true;
            case PeerMessage.Unchoke unchoke -> peerChokesUs = false;
            case PeerMessage.AllowedFast allowed -> peerAllows.add(allowed.piece());
            case PeerMessage.Request request -> theirs.merge(request.block(), 1, Integer::sum);
            case PeerMessage.RejectRequest reject -> {
                if (!isAnswerToCancel(reject.block())) {
                    ours.remove(reject.block());
                }
            }
            default -> {}
        }
    }

    /** Our swarm gives a block to be sent. */
    void sends(BlockRange block, Disk disk) {
        require(disk.has(block.piece()), () -> "sends what is not on disk: " + block);
        answers(block, "sends");
        require(!weChokePeer || weAllow.contains(block.piece()), () -> "sends " + block + " to a peer that it chokes");
    }

    /** A block that we requested begins to arrive. */
    void receives(BlockRange block) {
        if (!ours.remove(block)) {
            isAnswerToCancel(block);
        }
    }

    /** A cancel is answered by the block, if that was on its way, or by a reject (BEP 6); then the answer is taken note of. */
    private boolean isAnswerToCancel(BlockRange block) {
        return !ourCancels.isEmpty() && isAnswer(ourCancels, block);
    }

    private void answers(BlockRange block, String how) {
        require(isAnswer(theirs, block), () -> how + " what was not requested: " + block);
    }

    /** Whether an answer is due for this block; then there is one less. */
    private static boolean isAnswer(Map<BlockRange, Integer> due, BlockRange block) {
        Integer times = due.remove(block);
        if (times == null) {
            return false;
        }
        if (times > 1) {
            due.put(block, times - 1);
        }
        return true;
    }

    private void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new InvariantBroken(who + " " + otherwise.get());
        }
    }
}
