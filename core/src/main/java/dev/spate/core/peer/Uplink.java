package dev.spate.core.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a peer asks of us: our choke on it, wanted and told, and the bounded queue of its requests.
 *
 * <p>With the fast extension every request is answered by its block or by a reject (BEP 6); without it a request that cannot be
 * answered is dropped (BEP 3). Requests that cross our choke on the wire are ordinary; going on with them is not.
 */
final class Uplink {

    /** How many requests of a peer are kept; announced as {@code reqq}. */
    static final int MAX_REQUESTS = 2000;

    /** How many requests may be refused between two unchokes: all that were on their way, and as many again. */
    static final int MAX_REFUSED = 2 * MAX_REQUESTS;

    /** How many times each block of the allowed pieces may be had while choked: BEP 6 leaves the bound to us. */
    private static final int ALLOWANCE = 2;

    private final PieceLayout layout;
    private final boolean fast;
    private final LinkedHashSet<BlockRange> requests = new LinkedHashSet<>(0);
    private final ArrayDeque<BlockRange> rejects = new ArrayDeque<>(1);
    private boolean chokeWanted = true;
    private boolean chokeTold = true;
    private @Nullable PieceSet allowedFast;
    private @Nullable PieceSet allowedFastUntold;
    private int allowanceLeft;
    private int otherRefused;
    private int refused;

    Uplink(PieceLayout layout, boolean fast) {
        this.layout = layout;
        this.fast = fast;
    }

    boolean weChokePeer() {
        return chokeTold;
    }

    boolean chokeWanted() {
        return chokeWanted;
    }

    int queued() {
        return requests.size();
    }

    void wantChoke(boolean choke) {
        chokeWanted = choke;
    }

    /** Adds to what may be requested while we choke. */
    void allowFast(PieceSet pieces) {
        PieceSet allowed = allowedFast == null ? new PieceSet(layout.pieces()) : allowedFast;
        PieceSet untold = allowedFastUntold == null ? new PieceSet(layout.pieces()) : allowedFastUntold;
        for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
            if (allowed.add(piece)) {
                untold.add(piece);
                allowanceLeft += ALLOWANCE * layout.blocks(piece);
            }
        }
        allowedFast = allowed;
        allowedFastUntold = untold;
    }

    Heard requested(BlockRange block) {
        if (block.piece() >= layout.pieces()) {
            return Heard.ended(CloseReason.Kind.PIECE_OUT_OF_RANGE, "request " + block);
        }
        if (!layout.contains(block)) {
            return Heard.ended(CloseReason.Kind.BLOCK_OUT_OF_RANGE, "request " + block);
        }
        if (block.length() > PieceLayout.BLOCK_LENGTH) {
            return Heard.ended(CloseReason.Kind.REQUEST_TOO_LONG, "request " + block);
        }
        if (!isAllowed(block.piece()) || requests.size() >= MAX_REQUESTS) {
            return refuse(block);
        }
        if (!requests.add(block)) {
            return Heard.NOTHING;
        }
        if (chokeTold) {
            allowanceLeft--;
        }
        return Heard.REQUESTED;
    }

    /** A request for something that we never have. */
    Heard refuseOther() {
        return ++otherRefused > MAX_REFUSED ? Heard.ended(CloseReason.Kind.REQUEST_FLOOD) : Heard.NOTHING;
    }

    /** This request will not be answered with its block. */
    void reject(BlockRange block) {
        if (fast) {
            rejects.add(block);
        }
    }

    /** This request should not have been made. Counted, so that a peer that reads no answers cannot pile them up. */
    Heard refuse(BlockRange block) {
        reject(block);
        return ++refused > MAX_REFUSED ? Heard.ended(CloseReason.Kind.REQUEST_FLOOD) : Heard.NOTHING;
    }

    Heard cancelled(BlockRange block) {
        // BEP 6: a cancelled request is answered all the same, by the block or by a reject.
        return requests.remove(block) ? refuse(block) : Heard.NOTHING;
    }

    /** The next request to answer, or null. */
    @Nullable
    BlockRange take() {
        if (requests.isEmpty() || chokeWanted != chokeTold) {
            return null;
        }
        // A request that is answered makes up for one that was not, so that a long life is not a flood.
        refused = Math.max(0, refused - 1);
        return requests.removeFirst();
    }

    boolean canTake() {
        return !requests.isEmpty() && chokeWanted == chokeTold;
    }

    void drain(Consumer<PeerMessage> out) {
        PieceSet untold = allowedFastUntold;
        if (untold != null) {
            allowedFastUntold = null;
            for (int piece = untold.next(0); piece >= 0; piece = untold.next(piece + 1)) {
                out.accept(new PeerMessage.AllowedFast(piece));
            }
        }
        if (chokeWanted != chokeTold) {
            chokeTold = chokeWanted;
            out.accept(chokeTold ? new PeerMessage.Choke() : new PeerMessage.Unchoke());
            refused = 0;
            if (chokeTold) {
                dropRequests();
            }
        }
        for (BlockRange block = rejects.poll(); block != null; block = rejects.poll()) {
            out.accept(new PeerMessage.RejectRequest(block));
        }
    }

    private void dropRequests() {
        for (Iterator<BlockRange> each = requests.iterator(); each.hasNext(); ) {
            BlockRange block = each.next();
            if (!isAllowed(block.piece())) {
                each.remove();
                reject(block);
            }
        }
    }

    private boolean isAllowed(int piece) {
        return !chokeTold || (allowedFast != null && allowedFast.contains(piece) && allowanceLeft > 0);
    }
}
