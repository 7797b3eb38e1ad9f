package dev.spate.core.picker;

import dev.spate.wire.PieceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that were begun and are not verified yet, and which of them a peer should go on with.
 *
 * <p>Implementation note: their number is bounded by the budget for piece buffers, not by the size of the torrent, so they
 * may be walked. The ones with free blocks (the <em>needy</em>) are a list of their own, short in the steady state, since a
 * piece that is begun is asked for soon.
 */
final class OpenPieces {

    /** How willingly a peer goes on with a piece; in this order. */
    enum Claim {
        /** It has begun the piece for itself. */
        OWN,
        /** The piece is everybody's. */
        SHARED,
        /** The piece is everybody's, but a fast peer rather begins one for itself. */
        RATHER_NOT,
        /** Another has begun it for itself. */
        FOREIGN,
        /** It must not. */
        NONE
    }

    /** An endgame costs at most so many times the block: enough for one of them to be quick, and 1,000 idle peers do not all fetch it. */
    private static final int MOST_ASKERS = 8;

    /** libtorrent's figure for too many partial pieces: three for two peers. */
    private static final double MOST_PARTIALS_PER_PEER = 1.5;

    private static final int AVAILABILITY_BITS = 20;
    private static final int BLOCK_BITS = 13;
    private static final int PIECE_BITS = 22;

    private final PieceLayout layout;
    private final int[] place;
    private final PieceTable table;
    private final Availability availability;
    private final HeldBack heldBack;
    private final RandomGenerator random;
    private final List<OpenPiece> all = new ArrayList<>();
    private final List<OpenPiece> needy = new ArrayList<>();
    private final TreeSet<Integer> discardable = new TreeSet<>();
    private int full;

    /** @param place by piece: where it is among the open ones; shared with the buckets, in which no open piece is */
    OpenPieces(
            PieceLayout layout,
            int[] place,
            PieceTable table,
            Availability availability,
            HeldBack heldBack,
            RandomGenerator random) {
        this.layout = layout;
        this.place = place;
        this.table = table;
        this.availability = availability;
        this.heldBack = heldBack;
        this.random = random;
    }

    @Nullable
    OpenPiece get(int piece) {
        PieceState state = table.state(piece);
        return state == PieceState.PARTIAL || state == PieceState.FULL ? all.get(place[piece]) : null;
    }

    List<OpenPiece> all() {
        return all;
    }

    /** The partial pieces that are of no use any more, in order. */
    List<Integer> discardable() {
        return discardable.isEmpty() ? List.of() : List.copyOf(discardable);
    }

    OpenPiece open(int piece) {
        OpenPiece open = new OpenPiece(piece, layout.blocks(piece));
        place[piece] = all.size();
        all.add(open);
        table.setState(piece, PieceState.PARTIAL);
        review(open);
        return open;
    }

    /** The last block is here. */
    void filled(OpenPiece open) {
        full++;
        table.setState(open.piece, PieceState.FULL);
        review(open);
    }

    /** The piece is open no longer. */
    void close(OpenPiece open, PieceState next) {
        full -= open.isFull() ? 1 : 0;
        table.setState(open.piece, next);
        open.abandoned = true;
        review(open);
        discardable.remove(open.piece);
        OpenPiece last = all.removeLast();
        if (last != open) {
            all.set(place[open.piece], last);
            place[last.piece] = place[open.piece];
        }
    }

    void abandon(OpenPiece open) {
        open.abandoned = true;
        review(open);
    }

    /** Puts the piece into the lists where it belongs, after its blocks or its priority have changed. */
    void review(OpenPiece open) {
        boolean partial = table.state(open.piece) == PieceState.PARTIAL;
        boolean useful = partial && !open.abandoned && table.priority(open.piece) > 0;
        boolean needs = useful && open.freeBlocks() > 0;
        if (needs && open.needyPlace < 0) {
            open.needyPlace = needy.size();
            needy.add(open);
        } else if (!needs && open.needyPlace >= 0) {
            OpenPiece last = needy.removeLast();
            if (last != open) {
                needy.set(open.needyPlace, last);
                last.needyPlace = open.needyPlace;
            }
            open.needyPlace = -1;
        }
        if (partial && !useful) {
            discardable.add(open.piece);
        } else if (!discardable.isEmpty()) {
            discardable.remove(open.piece);
        }
    }

    /** Whether more pieces are begun than the peers can soon finish. */
    boolean isCrowded(int peers) {
        return all.size() - full > MOST_PARTIALS_PER_PEER * peers;
    }

    Claim claim(OpenPiece open, Picker.Ask ask, boolean crowded) {
        if (!ask.mayHave(open.piece)) {
            return Claim.NONE;
        }
        boolean own = open.owner == ask.peer();
        if (open.exclusive ? open.owner != Picker.NOBODY && !own : ask.alone()) {
            return Claim.NONE;
        }
        if (own) {
            return Claim.OWN;
        }
        if (open.blocksInFlight() == 0) {
            return Claim.SHARED;
        }
        if (open.owner != Picker.NOBODY) {
            return Claim.FOREIGN;
        }
        return ask.pace() == Pace.FAST && !crowded ? Claim.RATHER_NOT : Claim.SHARED;
    }

    /**
     * The needy piece with which this peer should go on, or null: own ones first, then the higher priority, then in order
     * or the rarer, then the one with the fewest free blocks; but a slow peer takes from the one with the most, so that
     * nobody has to wait for it in the end.
     */
    @Nullable
    OpenPiece best(Picker.Ask ask, Claim worst, boolean crowded, boolean sequential) {
        OpenPiece best = null;
        long bestKey = Long.MAX_VALUE;
        for (int i = 0; i < needy.size(); i++) {
            OpenPiece open = needy.get(i);
            Claim claim = claim(open, ask, crowded);
            if (claim.compareTo(worst) > 0 || heldBack.contains(open.piece)) {
                continue;
            }
            long key = key(open, claim, ask.pace(), sequential);
            if (key < bestKey) {
                best = open;
                bestKey = key;
            }
        }
        return best;
    }

    @SuppressWarnings("EnumOrdinal") // the claims are declared in their order
    private long key(OpenPiece open, Claim claim, Pace pace, boolean sequential) {
        long key = (long) claim.ordinal() * FreePieces.PRIORITIES
                + (FreePieces.PRIORITIES - 1 - table.priority(open.piece));
        if (!sequential) {
            int rarity = Math.min(availability.of(open.piece), (1 << AVAILABILITY_BITS) - 1);
            int left = pace == Pace.SLOW ? (1 << BLOCK_BITS) - 1 - open.freeBlocks() : open.freeBlocks();
            key = (((key << AVAILABILITY_BITS) | rarity) << BLOCK_BITS) | left;
        }
        return (key << PIECE_BITS) | open.piece;
    }

    /**
     * A needy piece at which nobody works and which is barred to this peer, that has nothing else to do: another's exclusive
     * one; or, for a peer that must be alone, one of several peers, if all work has come to a stand.
     */
    @Nullable
    OpenPiece orphan(Picker.Ask ask) {
        boolean stand = !hasBlocksInFlight();
        for (int i = 0; i < needy.size(); i++) {
            OpenPiece open = needy.get(i);
            boolean barred = open.exclusive ? open.owner != ask.peer() : ask.alone() && stand;
            if (barred && open.blocksInFlight() == 0 && ask.mayHave(open.piece)) {
                return open;
            }
        }
        return null;
    }

    /** Whether a free block is left that is not one peer's affair and that somebody has. */
    boolean hasFreeBlocks() {
        for (int i = 0; i < needy.size(); i++) {
            OpenPiece open = needy.get(i);
            boolean oneOnly = open.exclusive && open.owner != Picker.NOBODY;
            if (!oneOnly && availability.of(open.piece) > 0) {
                return true;
            }
        }
        return false;
    }

    boolean hasBlocksInFlight() {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).blocksInFlight() > 0) {
                return true;
            }
        }
        return false;
    }

    /** A block in flight that this peer may be asked for as well, of all pieces; or null. */
    @Nullable
    Busy busy(Picker.Ask ask) {
        if (all.isEmpty()) {
            return null;
        }
        Busy best = null;
        int start = random.nextInt(all.size());
        for (int i = 0; i < all.size() && (best == null || best.askers > 1); i++) {
            Busy busy = busy(all.get((start + i) % all.size()), ask, MOST_ASKERS);
            if (busy != null && (best == null || busy.askers < best.askers)) {
                best = busy;
            }
        }
        return best;
    }

    /**
     * A block in flight of this piece that the peer may be asked for as well: one of those with the fewest askers; or null.
     *
     * @param most how many askers it may have then
     */
    @Nullable
    Busy busy(OpenPiece open, Picker.Ask ask, int most) {
        if (open.exclusive
                || open.abandoned
                || open.blocksInFlight() == 0
                || ask.alone()
                || table.priority(open.piece) == 0
                || !ask.mayHave(open.piece)) {
            return null;
        }
        int best = -1;
        int fewest = most;
        int block = random.nextInt(open.blocks);
        for (int i = 0; i < open.blocks && fewest > 1; i++) {
            if (!open.isHere(block) && !open.isFree(block) && !open.isAsked(block, ask.peer())) {
                OpenPiece.Arrival arrival = open.arrival(block);
                int askers = open.askers(block);
                if (askers < fewest && (arrival == null || Picker.isStalled(arrival.since(), ask.now()))) {
                    best = block;
                    fewest = askers;
                }
            }
            block = block + 1 == open.blocks ? 0 : block + 1;
        }
        return best < 0 ? null : new Busy(open, best, fewest);
    }

    /** A block in flight and of how many it was asked. */
    record Busy(OpenPiece open, int block, int askers) {}
}
