package dev.spate.core.picker;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The piece picker of one swarm: decides which blocks to ask of which peer, and keeps account of every block and piece.
 *
 * <p>A peer is a small number, 0 or more, that means one connection until {@link #peerGone} ends it; then the number may
 * mean another. Not safe for use by several threads; no clock and no random of its own. Piece indexes must be within the
 * torrent ({@link IndexOutOfBoundsException}); block ranges may be anything a stranger sends.
 *
 * <p>What a peer is asked for, in this order:
 * <ol>
 *   <li>pieces with a deadline, the earliest first, as far as this peer delivers in time or not much later than the soonest
 *       of those who have the piece; of a piece that is late, also a block that is in flight elsewhere;
 *   <li>what it has begun for itself, then what is begun and shared: finishing goes before beginning, so that pieces become
 *       whole soon and few buffers are in use. A fast peer rather begins a piece of its own than share one, unless more
 *       pieces are begun than 1.5 for each peer;
 *   <li>a new piece: the highest priority, and within it a random one until four pieces are complete, then the rarest (or
 *       the first, when sequential); of those that are alike one that the peer suggests. A fast peer owns it;
 *   <li>what others have begun for themselves;
 *   <li>in the endgame, when all that can be had is in flight, one block that is in flight elsewhere, if the peer is idle.
 * </ol>
 *
 * <p>A piece that failed its hash while several peers had a hand in it becomes <em>exclusive</em>: one peer at a time delivers
 * all of it. A peer on parole ({@link Ask#alone}) takes only pieces that nobody else touches. When the one peer gives such a
 * piece up, what is here is of no use to the next and the piece is to be discarded, see {@link #discardable}.
 *
 * <p>Implementation note: see {@link Picking} for the order above, {@link FreePieces} and {@link RarityBuckets} for pieces nobody has begun, {@link OpenPieces} and
 * {@link OpenPiece} for the others, {@link Availability} for what peers have. Every change costs a few array accesses, a pick
 * no more than a bounded number of probes, whatever the number of pieces; about 15 bytes a piece.
 */
public final class Picker {

    /** In answers: no peer. */
    public static final int NOBODY = -1;

    /** The priority of a piece until it is set: the middle of 1 to 7. */
    public static final int DEFAULT_PRIORITY = 4;

    /** A block that has been arriving for longer may be written by another peer that has it as well. */
    public static final long STALLED_NANOS = 5_000_000_000L;

    /** Asked before a piece is begun; the caller reserves memory for it and gives it back itself. */
    public interface Budget {
        /** Reserves memory for the whole piece; false if there is none now. */
        boolean tryOpen(int piece);
    }

    /**
     * What to pick for.
     *
     * @param peer the peer that will be asked
     * @param has the pieces it has
     * @param blocks the most blocks to pick, 0 or more
     * @param pace how fast it delivers
     * @param only the pieces it may be asked for although it chokes us (BEP 6, "allowed fast"), or null for no such limit
     * @param alone whether it is on parole, and may only deliver whole pieces that nobody else touches
     * @param suggested pieces that it would like to be asked for (BEP 6), the dearest first: a hint between equals
     * @param prospect how soon it would deliver; looked at for pieces with a deadline only
     * @param now monotonic nanoseconds
     */
    public record Ask(
            int peer,
            PieceSet has,
            int blocks,
            Pace pace,
            @Nullable PieceSet only,
            boolean alone,
            List<Integer> suggested,
            Prospect prospect,
            long now) {
        public Ask {
            if (peer < 0 || blocks < 0) {
                throw new IllegalArgumentException("peer " + peer + ", " + blocks + " blocks");
            }
        }

        /** For a peer than which nobody is sooner, and which suggests nothing. */
        public Ask(int peer, PieceSet has, int blocks, Pace pace, @Nullable PieceSet only, boolean alone, long now) {
            this(peer, has, blocks, pace, only, alone, List.of(), Prospect.SOONEST, now);
        }

        boolean mayHave(int piece) {
            return has.contains(piece) && (only == null || only.contains(piece));
        }
    }

    private final PieceLayout layout;
    private final PieceTable table;
    private final Availability availability;
    private final FreePieces free;
    private final OpenPieces open;
    private final Deadlines deadlines = new Deadlines();
    private final InFlight inFlight = new InFlight();
    private final Picking picking;
    private int peers;
    private int displaced = NOBODY;

    /**
     * All pieces that are not flushed are wanted, with {@link #DEFAULT_PRIORITY}.
     *
     * @param flushed what is on disk already; copied
     */
    public Picker(PieceLayout layout, PieceSet flushed, Budget budget, RandomGenerator random) {
        this.layout = layout;
        int[] place = new int[layout.pieces()];
        table = new PieceTable(layout, flushed, DEFAULT_PRIORITY);
        availability = new Availability(layout.pieces());
        HeldBack heldBack = new HeldBack();
        free = new FreePieces(layout, place, availability, heldBack, random);
        open = new OpenPieces(layout, place, table, availability, heldBack, random);
        picking = new Picking(layout, budget, table, free, open, deadlines, inFlight, heldBack);
        for (int piece = table.wanted().next(0);
                piece >= 0;
                piece = table.wanted().next(piece + 1)) {
            free.add(piece, DEFAULT_PRIORITY);
        }
    }

    // What peers have.

    /**
     * A peer is there. If it tells later what it has (a bitfield after nothing), let it leave with what it had and join anew.
     *
     * @param has what it has now; not kept. The cost is that of the pieces it has or of those it lacks, whichever are fewer
     */
    public void peerJoined(PieceSet has) {
        availability.count(has, 1, this::availabilityChanged);
        peers++;
    }

    /**
     * A peer is there no longer.
     *
     * @param has all it had: that of {@link #peerJoined} and what it gained since
     */
    public void peerLeft(PieceSet has) {
        availability.count(has, -1, this::availabilityChanged);
        peers--;
        assert peers >= 0 : "more peers left than joined";
    }

    /** A peer that has joined has one more piece (BEP 3, "have"); to be told once for each new piece. */
    public void peerGained(int piece) {
        availability.add(piece, 1, this::availabilityChanged);
    }

    /** A peer that has joined has a piece no longer (BEP 54, "lt_donthave"). */
    public void peerLost(int piece) {
        availability.add(piece, -1, this::availabilityChanged);
    }

    /** How many of the peers have the piece. */
    public int availability(int piece) {
        return availability.of(piece);
    }

    private void availabilityChanged(int piece, int from, int to) {
        if (isFreeAndWanted(piece)) {
            free.moved(piece, table.priority(piece), from, to);
        }
    }

    // What we want.

    /**
     * Sets how much a piece is wanted. A begun piece that is not wanted any more is not asked for, what is in flight may
     * still arrive, and it is {@link #discardable}; wanted again before it was discarded, it goes on.
     *
     * @param priority 0 (not wanted) to 7
     */
    public void setPriority(int piece, int priority) {
        if (priority < 0 || priority >= FreePieces.PRIORITIES) {
            throw new IllegalArgumentException("not a priority: " + priority);
        }
        if (table.priority(piece) == priority) {
            return;
        }
        if (isFreeAndWanted(piece)) {
            free.remove(piece, table.priority(piece));
        }
        table.setPriority(piece, priority);
        if (isFreeAndWanted(piece)) {
            free.add(piece, priority);
        }
        OpenPiece begun = open.get(piece);
        if (begun != null) {
            open.review(begun);
        }
        assert countsAgree() : "wanted: " + wantedPieces() + ", free: " + free.count();
    }

    /** The priority of a piece, 0 to 7. */
    public int priority(int piece) {
        return table.priority(piece);
    }

    /** Whether pieces of the same priority are begun in order, instead of the rarest first. */
    public void setSequential(boolean sequential) {
        picking.setSequential(sequential);
    }

    /**
     * Asks for a piece before all that have no deadline or a later one; its priority must not be 0. Once the deadline has
     * passed, blocks in flight are asked of a second peer, and after each further second of one more, {@link
     * Picking#MOST_LATE_ASKERS} in all. Ends by itself when the piece is verified.
     *
     * @param deadline monotonic nanoseconds
     */
    public void setDeadline(int piece, long deadline) {
        if (!table.isComplete(piece)) {
            deadlines.set(piece, deadline);
        }
    }

    /** The piece is due no more; nothing happens if it was not. */
    public void clearDeadline(int piece) {
        deadlines.clear(piece);
    }

    /** Whether any piece has a deadline. */
    public boolean hasDeadlines() {
        return !deadlines.isEmpty();
    }

    /** Whether the piece has one. */
    public boolean hasDeadline(int piece) {
        return deadlines.has(piece);
    }

    /** Whether the piece has a deadline that is not after {@code moment}. */
    public boolean isDueBy(int piece, long moment) {
        return deadlines.isDueBy(piece, moment);
    }

    /** Whether a begun piece is one peer's affair, so that what it gives back of it is lost. */
    public boolean isExclusive(int piece) {
        OpenPiece begun = open.get(piece);
        return begun != null && begun.exclusive;
    }

    /** Whether a wanted piece has blocks that nobody was asked for. */
    public boolean hasFreeBlocks(int piece) {
        OpenPiece begun = open.get(piece);
        return begun == null ? isFreeAndWanted(piece) : begun.needyPlace >= 0;
    }

    /** Whether the piece has a priority above 0 and is neither verified nor flushed. */
    public boolean isWanted(int piece) {
        return table.isWanted(piece);
    }

    /** The number of wanted pieces. */
    public int wantedPieces() {
        return table.wanted().count();
    }

    /** The length of all wanted pieces together, in bytes; what is here of them already is not subtracted. */
    public long wantedBytes() {
        return table.wantedBytes();
    }

    /** Whether a peer with these pieces has one that is wanted (BEP 3, "interested"). */
    public boolean isInteresting(PieceSet has) {
        return table.wanted().nextInBoth(has, 0) >= 0;
    }

    // Picking.

    /**
     * Picks blocks, adds them to a list, and counts them as in flight to the peer.
     *
     * <p>Afterwards look at {@link #discardable}, since a peer with nothing to do may have found a piece given up.
     *
     * @return why it picked no more
     */
    public Picked pick(Ask ask, List<BlockRange> into) {
        return picking.pick(ask, peers, into);
    }

    /** Whether everything that is wanted and that somebody has is in flight, so that blocks are asked of several peers. */
    public boolean isEndgame() {
        return picking.isEndgame();
    }

    /** How many blocks are in flight from a peer; those that timed out are not counted. */
    public int requestedFrom(int peer) {
        return inFlight.of(peer);
    }

    // The life of a block.

    /**
     * The first byte of a block is here. A block that is dropped counts as answered; a stored one has this peer as its only
     * writer until {@link #arrived} or {@link #released}, unless it stalls and is taken over.
     *
     * @param now monotonic nanoseconds
     */
    public Verdict arriving(int peer, BlockRange block, long now) {
        if (!layout.isBlock(block)) {
            return Verdict.UNREQUESTED;
        }
        OpenPiece begun = open.get(block.piece());
        if (begun == null) {
            return table.isComplete(block.piece()) ? Verdict.DUPLICATE : Verdict.UNREQUESTED;
        }
        int number = PieceLayout.blockNumber(block.begin());
        if (begun.isHere(number)) {
            return Verdict.DUPLICATE;
        }
        if (begun.abandoned || !(begun.isAsked(number, peer) || begun.isLate(number, peer))) {
            return Verdict.UNREQUESTED;
        }
        OpenPiece.Arrival arrival = begun.arrival(number);
        if (arrival != null && arrival.peer() != peer) {
            boolean stalled = isStalled(arrival.since(), now);
            int loser = stalled ? arrival.peer() : peer;
            begun.stopArriving(number, loser);
            begun.forgetLate(number, loser);
            withdraw(begun, number, loser);
            if (!stalled) {
                return Verdict.DUPLICATE;
            }
            displaced = loser;
            begun.arriving(number, peer, now);
            return Verdict.TAKEN_OVER;
        }
        begun.stopArriving(number, peer);
        begun.arriving(number, peer, now);
        return Verdict.WANTED;
    }

    /** After {@link Verdict#TAKEN_OVER}: the peer that was writing the block, whose request is answered with that. */
    public int displaced() {
        return displaced;
    }

    /** A whole block is stored. */
    public Arrived arrived(int peer, BlockRange block) {
        OpenPiece begun = openPieceOf(block);
        if (begun == null) {
            return Arrived.IGNORED;
        }
        int number = PieceLayout.blockNumber(block.begin());
        OpenPiece.Arrival arrival = begun.arrival(number);
        if (arrival == null || arrival.peer() != peer) {
            return Arrived.IGNORED;
        }
        if (begun.isAsked(number, peer)) {
            inFlight.add(peer, -1);
        }
        List<Integer> others = begun.arrived(number, peer, other -> inFlight.add(other, -1));
        if (begun.isFull()) {
            open.filled(begun);
        } else {
            open.review(begun);
        }
        return Arrived.of(begun.isFull(), others);
    }

    /**
     * A peer will not deliver a block: rejected, choked, cancelled, closed, or the arrival broke off. Nothing happens if
     * the peer was not asked for it. Afterwards look at {@link #discardable}.
     */
    public void released(int peer, BlockRange block) {
        OpenPiece begun = openPieceOf(block);
        if (begun != null) {
            release(begun, PieceLayout.blockNumber(block.begin()), peer);
        }
    }

    /**
     * A peer has not delivered a block in time. Others may be asked for it, but if it comes after all, and first, it is
     * taken; an exclusive piece's block is as good as released. Afterwards look at {@link #discardable}.
     */
    public void timedOut(int peer, BlockRange block) {
        OpenPiece begun = openPieceOf(block);
        if (begun == null) {
            return;
        }
        int number = PieceLayout.blockNumber(block.begin());
        if (begun.exclusive) {
            release(begun, number, peer);
        } else if (withdraw(begun, number, peer)) {
            begun.keepAsLate(number, peer);
            disown(begun, peer);
        }
    }

    /**
     * A peer's connection is closed: all it was asked for is released. What it has delivered to open pieces is said to be of
     * {@code successor} from now on, so that the number may mean another peer at once. This does not say that its pieces
     * are gone, see {@link #peerLeft}. Costs a walk of the open pieces. Afterwards look at {@link #discardable}.
     *
     * @param successor a negative number of the caller's choice, such as {@link #NOBODY}
     */
    public void peerGone(int peer, int successor) {
        if (successor >= 0) {
            throw new IllegalArgumentException("the successor could be a peer: " + successor);
        }
        for (OpenPiece begun : open.all()) {
            begun.forEachAsked(peer, block -> release(begun, block, peer));
            begun.forgetLate(peer);
            begun.rename(peer, successor);
            disown(begun, peer);
        }
        assert requestedFrom(peer) == 0 : "still asked: " + peer;
    }

    private @Nullable OpenPiece openPieceOf(BlockRange block) {
        return layout.isBlock(block) ? open.get(block.piece()) : null;
    }

    private void release(OpenPiece begun, int block, int peer) {
        begun.stopArriving(block, peer);
        begun.forgetLate(block, peer);
        if (withdraw(begun, block, peer)) {
            disown(begun, peer);
        }
    }

    private boolean withdraw(OpenPiece begun, int block, int peer) {
        if (!begun.withdraw(block, peer)) {
            return false;
        }
        inFlight.add(peer, -1);
        open.review(begun);
        return true;
    }

    /** A peer that gives blocks back has its piece to itself no longer; what only one may deliver is then begun anew. */
    private void disown(OpenPiece begun, int peer) {
        if (begun.owner != peer || begun.isFull()) {
            return;
        }
        if (!begun.exclusive) {
            begun.owner = NOBODY;
        } else if (begun.blocksInFlight() == 0) {
            begun.owner = NOBODY;
            begun.exclusive = table.isExclusive(begun.piece);
            if (begun.blocksHere() > 0) {
                open.abandon(begun);
            }
        }
    }

    static boolean isStalled(long since, long now) {
        return now - since > STALLED_NANOS;
    }

    // The life of a piece.

    /** How far the piece has come. */
    public PieceState state(int piece) {
        return table.state(piece);
    }

    /** The hash of a full piece matched. Who delivered what is forgotten with this. */
    public void pieceVerified(int piece) {
        expect(piece, table.state(piece) == PieceState.FULL);
        close(piece, PieceState.VERIFIED);
        table.setExclusive(piece, false);
        deadlines.clear(piece);
    }

    /** A verified piece is on disk, or a recheck has found a free one there. */
    public void pieceFlushed(int piece) {
        PieceState state = table.state(piece);
        expect(piece, state == PieceState.VERIFIED || state == PieceState.FREE);
        if (isFreeAndWanted(piece)) {
            free.remove(piece, table.priority(piece));
        }
        deadlines.clear(piece);
        table.setState(piece, PieceState.FLUSHED);
    }

    /**
     * The hash of a full piece did not match, or a verified piece could not be written: all its blocks are free again.
     *
     * @param exclusive whether from now on, until it is verified, one peer at a time delivers the whole piece
     */
    public void pieceFailed(int piece, boolean exclusive) {
        PieceState state = table.state(piece);
        expect(piece, state == PieceState.FULL || state == PieceState.VERIFIED);
        if (exclusive) {
            table.setExclusive(piece, true);
        }
        close(piece, PieceState.FREE);
    }

    /** A verified or flushed piece is gone from the disk: its blocks are free again. */
    public void pieceLost(int piece) {
        expect(piece, table.isComplete(piece));
        close(piece, PieceState.FREE);
    }

    /**
     * The partial pieces that are of no use, in order: not wanted any more, or given up by the one peer that was to deliver
     * them. They are not picked from; each is to be thrown away by {@link #discard}, with the memory it holds.
     */
    public List<Integer> discardable() {
        return open.discardable();
    }

    /**
     * Forgets a partial piece; any partial one may be discarded, and is free then.
     *
     * @return who was asked for its blocks, to whom a cancel is due
     */
    public List<Request> discard(int piece) {
        expect(piece, table.state(piece) == PieceState.PARTIAL);
        List<Request> requests = requests(piece);
        for (Request request : requests) {
            released(request.peer(), request.block());
        }
        close(piece, PieceState.FREE);
        return requests;
    }

    /** The peers that were asked for missing blocks of a piece; those whose request timed out come last. */
    public List<Request> requests(int piece) {
        OpenPiece begun = open.get(piece);
        if (begun == null) {
            return List.of();
        }
        List<Request> requests = new ArrayList<>();
        begun.forEachAsker((block, peer) -> {
            OpenPiece.Arrival arrival = begun.arrival(block);
            boolean arriving = arrival != null && arrival.peer() == peer;
            requests.add(new Request(peer, layout.block(piece, block), arriving));
        });
        return requests;
    }

    /**
     * Which peer delivered each block of a partial or full piece, by block number; {@link #NOBODY} where it is missing, and
     * the successor's number where the peer has gone. Empty for all other pieces.
     */
    public int[] contributors(int piece) {
        OpenPiece begun = open.get(piece);
        return begun == null ? new int[0] : begun.contributors();
    }

    /** All partial and full pieces, in no particular order. */
    public List<PieceProgress> openPieces() {
        List<PieceProgress> result = new ArrayList<>();
        for (OpenPiece begun : open.all()) {
            result.add(new PieceProgress(
                    begun.piece,
                    table.state(begun.piece),
                    begun.blocks,
                    begun.blocksHere(),
                    begun.blocksInFlight(),
                    begun.exclusive));
        }
        return result;
    }

    private void close(int piece, PieceState next) {
        OpenPiece begun = open.get(piece);
        if (begun != null) {
            open.close(begun, next);
        } else {
            table.setState(piece, next);
        }
        if (isFreeAndWanted(piece)) {
            free.add(piece, table.priority(piece));
        }
        assert countsAgree() : "wanted: " + wantedPieces() + ", free: " + free.count();
    }

    /** Each wanted piece is either free or open. */
    private boolean countsAgree() {
        int wantedOpen = 0;
        for (OpenPiece begun : open.all()) {
            wantedOpen += table.isWanted(begun.piece) ? 1 : 0;
        }
        return wantedPieces() == free.count() + wantedOpen;
    }

    private boolean isFreeAndWanted(int piece) {
        return table.state(piece) == PieceState.FREE && table.priority(piece) > 0;
    }

    private void expect(int piece, boolean fits) {
        if (!fits) {
            throw new IllegalStateException("piece " + piece + " is " + table.state(piece));
        }
    }
}
