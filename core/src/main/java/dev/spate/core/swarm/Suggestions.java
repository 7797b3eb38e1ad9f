package dev.spate.core.swarm;

import dev.spate.core.picker.Picker;

/**
 * What a seed suggests (BEP 6): the pieces that it read last, which are cheap to give once more. Whoever is unchoked is told of them, a
 * few at a time.
 *
 * <p>Never a piece that nobody else has: that one is on its way to somebody, and peers who follow the hint would fetch it twice where
 * the swarm needs another.
 */
final class Suggestions {

    /** How many pieces count as read lately; as many a peer is told of. */
    static final int MAX_PIECES = 4;

    private final Progress progress;
    private final Picker picker;

    /** The latest first. */
    private final int[] read = new int[MAX_PIECES];

    private int count;

    Suggestions(Progress progress, Picker picker) {
        this.progress = progress;
        this.picker = picker;
    }

    /** A block of this piece is read now. */
    void read(int piece) {
        int at = 0;
        while (at < count && read[at] != piece) {
            at++;
        }
        if (at == count && count < MAX_PIECES) {
            count++;
        }
        at = Math.min(at, MAX_PIECES - 1);
        System.arraycopy(read, 0, read, 1, at);
        read[0] = piece;
    }

    /** It is unchoked now. */
    void tell(Conversation peer) {
        if (!progress.isDone() || peer.told != null) {
            return;
        }
        for (int i = count - 1; i >= 0; i--) {
            int piece = read[i];
            if (progress.flushed().contains(piece) && picker.availability(piece) > 0) {
                peer.peer.suggest(piece);
            }
        }
    }
}
