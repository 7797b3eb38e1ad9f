package dev.spate.core.swarm;

import dev.spate.core.rate.RateMeter;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;

/** What we have, what we still want, and what was counted on the way. */
final class Progress implements Greeter.Ours {
    private final PieceLayout layout;
    private final PieceSet flushed;
    /** Pieces of a priority above 0. */
    private final PieceSet chosen;
    /** Chosen, and neither verified nor flushed: what a peer is interesting for. */
    private final PieceSet wanted;

    private long leftBytes;
    /** Chosen and not flushed. */
    private int missing;

    /** Payload from all peers, useless as well. */
    final RateMeter in = new RateMeter();

    /** Payload to all peers. */
    final RateMeter out = new RateMeter();

    long redundantBytes;
    long corruptBytes;

    Progress(PieceLayout layout, PieceSet flushed) {
        this.layout = layout;
        this.flushed = flushed.copy();
        this.chosen = PieceSet.full(layout.pieces());
        this.wanted = new PieceSet(layout.pieces());
        for (int piece = 0; piece < layout.pieces(); piece++) {
            if (!flushed.contains(piece)) {
                wanted.add(piece);
                leftBytes += layout.length(piece);
                missing++;
            }
        }
    }

    @Override
    public PieceSet flushed() {
        return flushed;
    }

    /** The pieces that peers are interesting for; only to look at. */
    PieceSet wanted() {
        return wanted;
    }

    /** Bytes of pieces that are not on disk. */
    long leftBytes() {
        return leftBytes;
    }

    /** Wanted pieces that are not on disk. */
    int missing() {
        return missing;
    }

    @Override
    public boolean isDone() {
        return missing == 0;
    }

    boolean hasAll() {
        return flushed.isFull();
    }

    void verified(int piece) {
        wanted.remove(piece);
    }

    /** The piece is on disk. */
    void flushed(int piece) {
        wanted.remove(piece);
        if (flushed.add(piece)) {
            leftBytes -= layout.length(piece);
            missing -= chosen.contains(piece) ? 1 : 0;
        }
    }

    /** The piece has to be fetched again, for it was bad or could not be written. */
    void failed(int piece) {
        if (chosen.contains(piece) && !flushed.contains(piece)) {
            wanted.add(piece);
        }
    }

    /** The piece is not on disk any more. */
    void lost(int piece) {
        if (flushed.remove(piece)) {
            leftBytes += layout.length(piece);
            if (chosen.contains(piece)) {
                missing++;
                wanted.add(piece);
            }
        }
    }

    /** The user wants this piece, or does not; {@code verified} says whether its data is here and good. */
    void choose(int piece, boolean choice, boolean verified) {
        if (choice ? !chosen.add(piece) : !chosen.remove(piece)) {
            return;
        }
        if (flushed.contains(piece)) {
            return;
        }
        missing += choice ? 1 : -1;
        if (!choice) {
            wanted.remove(piece);
        } else if (!verified) {
            wanted.add(piece);
        }
    }
}
