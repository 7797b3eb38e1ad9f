package dev.spate.classic.course.peer;

import dev.spate.classic.course.setup.PeerLine;
import dev.spate.wire.PieceSet;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What is known of one other peer of the network, connected or not. */
final class Neighbour {
    static final int NONE = -1;

    /** Stands for a moment that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    /** The first wait before another attempt to connect, and the longest. */
    private static final long SHORTEST_DELAY_NANOS = 250_000_000L;

    private static final long LONGEST_DELAY_NANOS = 5_000_000_000L;

    final PeerLine line;
    /** Its place among the neighbours. */
    final int index;
    /** It is on an earlier line, so that we connect to it. */
    final boolean weDial;

    // What it has; remembered when it is gone.
    PieceSet pieces;
    /** The most that it was ever known to have; more is progress. */
    int mostPieces;
    /** How many of them we lack. */
    int useful;

    // The connection.
    int link = NONE;
    /** Our first message has gone out, or is to go out at {@link #greetAt}. */
    boolean greeted;

    long greetAt = NEVER;
    boolean everConnected;
    long dialAt = NEVER;
    long delayNanos = SHORTEST_DELAY_NANOS;
    boolean outageTold;

    // Both directions of choking and interest.
    boolean weChokePeer = true;
    boolean peerChokesUs = true;
    boolean peerInterested;

    @Nullable
    Boolean toldInterest;

    // What we asked for, and what it asked for.
    int requested = Wanted.NOTHING;
    long lastByteAt;
    /** It did not answer; until then it is not asked. */
    long askAgainAt = Long.MIN_VALUE;

    long receivedInRound;
    final ArrayDeque<Integer> uploads = new ArrayDeque<>();

    // The end.
    /** It left when we were complete, and may come back until then. */
    long returnBy = NEVER;
    /** It did not, so it has what it needed. */
    boolean takenForFinished;

    Neighbour(PeerLine line, int index, boolean weDial, int pieceCount) {
        this.line = line;
        this.index = index;
        this.weDial = weDial;
        this.pieces = line.hasFile() ? PieceSet.full(pieceCount) : new PieceSet(pieceCount);
    }

    int id() {
        return line.id();
    }

    boolean isConnected() {
        return link != NONE;
    }

    /** Nobody has to wait for it any more. A peer that is to have the file from the start counts once it was seen with it. */
    boolean isFinished() {
        return takenForFinished || (everConnected && pieces.isFull());
    }

    void joined(int newLink) {
        link = newLink;
        everConnected = true;
        outageTold = false;
        greeted = false;
        weChokePeer = true;
        peerChokesUs = true;
        peerInterested = false;
        toldInterest = null;
        requested = Wanted.NOTHING;
        askAgainAt = Long.MIN_VALUE;
        receivedInRound = 0;
        returnBy = NEVER;
        takenForFinished = false;
        dialAt = NEVER;
        delayNanos = SHORTEST_DELAY_NANOS;
        pieces = new PieceSet(pieces.pieces());
        useful = 0;
    }

    void left() {
        link = NONE;
        greetAt = NEVER;
        uploads.clear();
        weChokePeer = true;
        peerChokesUs = true;
        peerInterested = false;
    }

    void dialLater(long now) {
        dialAt = now + delayNanos;
        delayNanos = Math.min(2 * delayNanos, LONGEST_DELAY_NANOS);
    }
}
