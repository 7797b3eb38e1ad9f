package dev.spate.core.picker;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pick: the order in which a peer is asked for pieces, as {@link Picker} tells it. */
final class Picking {

    /** libtorrent's figure: until so many pieces are complete, have something to trade soon. */
    private static final int RANDOM_FIRST_PIECES = 4;

    /** So many deadlines are looked at in one pick: ample for a player, and bounded if someone sets one on all pieces. */
    private static final int DEADLINE_WINDOW = 256;

    /**
     * A late block costs at most so many times its length. Two would depend on the second peer as the first did on the first; more
     * than four would take from other late blocks what they need themselves.
     */
    static final int MOST_LATE_ASKERS = 4;

    /** A peer that is asked for a late block has so long before another is asked as well. */
    private static final long ANOTHER_ASKER_AFTER = 1_000_000_000L;

    private final PieceLayout layout;
    private final Picker.Budget budget;
    private final PieceTable table;
    private final FreePieces free;
    private final OpenPieces open;
    private final Deadlines deadlines;
    private final InFlight inFlight;
    private final HeldBack heldBack;
    private boolean sequential;

    Picking(
            PieceLayout layout,
            Picker.Budget budget,
            PieceTable table,
            FreePieces free,
            OpenPieces open,
            Deadlines deadlines,
            InFlight inFlight,
            HeldBack heldBack) {
        this.layout = layout;
        this.budget = budget;
        this.table = table;
        this.free = free;
        this.open = open;
        this.deadlines = deadlines;
        this.inFlight = inFlight;
        this.heldBack = heldBack;
    }

    void setSequential(boolean sequential) {
        this.sequential = sequential;
    }

    Picked pick(Picker.Ask ask, int peers, List<BlockRange> into) {
        int before = into.size();
        int target = before + ask.blocks();
        if (ask.blocks() == 0) {
            return Picked.ENOUGH;
        }
        boolean crowded = open.isCrowded(peers);
        heldBack.clear();
        boolean room = takeDue(ask, target, into);
        takeBegun(ask, OpenPieces.Claim.SHARED, crowded, target, into);
        while (room && into.size() < target) {
            int piece = free.choose(ask, order());
            if (piece < 0) {
                break;
            }
            room = begin(piece, ask, target, into);
        }
        takeBegun(ask, OpenPieces.Claim.FOREIGN, crowded, target, into);
        if (into.size() == before) {
            helpOut(ask, target, into);
        }
        if (into.size() == target) {
            return Picked.ENOUGH;
        }
        return room ? Picked.NOTHING_LEFT : Picked.OUT_OF_BUDGET;
    }

    boolean isEndgame() {
        return free.reachable() == 0 && !open.hasFreeBlocks() && open.hasBlocksInFlight();
    }

    private FreePieces.Order order() {
        if (sequential) {
            return FreePieces.Order.IN_ORDER;
        }
        return table.complete() < RANDOM_FIRST_PIECES ? FreePieces.Order.ANYWHERE : FreePieces.Order.RAREST_FIRST;
    }

    /** Picks from pieces with a deadline; false if the budget refused one. */
    private boolean takeDue(Picker.Ask ask, int target, List<BlockRange> into) {
        boolean room = true;
        boolean helped = false;
        int before = into.size();
        int seen = 0;
        for (Deadlines.Due due : deadlines.earliestFirst()) {
            int piece = due.piece();
            if (into.size() == target || seen++ == DEADLINE_WINDOW) {
                break;
            }
            if (!table.isWanted(piece) || !ask.mayHave(piece)) {
                continue;
            }
            OpenPiece begun = open.get(piece);
            boolean needy = begun == null || begun.needyPlace >= 0;
            long late = ask.now() - due.deadline();
            if (!needy && (helped || late < 0)) {
                continue;
            }
            int inTime = before + ask.prospect().blocksInTime(piece, -late, target - before);
            if (inTime < target) {
                heldBack.add(piece);
            }
            if (into.size() >= inTime) {
                continue;
            }
            if (begun == null) {
                room = room && begin(piece, ask, inTime, into);
            } else if (needy) {
                if (open.claim(begun, ask, true) != OpenPieces.Claim.NONE) {
                    take(begun, ask, inTime, into);
                }
            } else {
                helped = takeBusy(open.busy(begun, ask, lateAskers(late)), ask, into);
            }
        }
        return room;
    }

    /** Of how many peers a block may be asked whose piece is late. */
    private static int lateAskers(long late) {
        return (int) Math.min(MOST_LATE_ASKERS, 2 + late / ANOTHER_ASKER_AFTER);
    }

    private void takeBegun(Picker.Ask ask, OpenPieces.Claim worst, boolean crowded, int target, List<BlockRange> into) {
        while (into.size() < target) {
            OpenPiece best = open.best(ask, worst, crowded, sequential);
            if (best == null) {
                return;
            }
            take(best, ask, target, into);
        }
    }

    /** Begins a piece and picks from it; false if the budget refuses. */
    private boolean begin(int piece, Picker.Ask ask, int target, List<BlockRange> into) {
        if (!budget.tryOpen(piece)) {
            return false;
        }
        free.remove(piece, table.priority(piece));
        OpenPiece begun = open.open(piece);
        begun.exclusive = ask.alone() || table.isExclusive(piece);
        take(begun, ask, target, into);
        return true;
    }

    private void take(OpenPiece begun, Picker.Ask ask, int target, List<BlockRange> into) {
        assert begun.freeBlocks() > 0 : "nothing to take of piece " + begun.piece;
        if (begun.blocksInFlight() == 0) {
            begun.owner = begun.exclusive || ask.pace() == Pace.FAST ? ask.peer() : Picker.NOBODY;
        }
        while (into.size() < target && begun.freeBlocks() > 0) {
            ask(begun, begun.firstFree(), ask.peer(), into);
        }
        open.review(begun);
    }

    private boolean takeBusy(OpenPieces.@Nullable Busy busy, Picker.Ask ask, List<BlockRange> into) {
        if (busy == null) {
            return false;
        }
        ask(busy.open(), busy.block(), ask.peer(), into);
        return true;
    }

    private void ask(OpenPiece begun, int block, int peer, List<BlockRange> into) {
        begun.ask(block, peer);
        inFlight.add(peer, 1);
        into.add(layout.block(begun.piece, block));
    }

    /** What a peer may do for which nothing is left: help in the endgame, or see to it that an orphan does not stay one. */
    private void helpOut(Picker.Ask ask, int target, List<BlockRange> into) {
        if (inFlight.of(ask.peer()) > 0) {
            return;
        }
        if (isEndgame() && takeBusy(open.busy(ask), ask, into)) {
            return;
        }
        OpenPiece orphan = open.orphan(ask);
        if (orphan == null) {
            return;
        }
        if (orphan.blocksHere() > 0) {
            open.abandon(orphan);
        } else {
            orphan.exclusive = ask.alone() || table.isExclusive(orphan.piece);
            orphan.forgetLate();
            take(orphan, ask, target, into);
        }
    }
}
