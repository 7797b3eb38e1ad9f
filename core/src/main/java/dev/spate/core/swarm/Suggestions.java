package dev.spate.core.swarm;

import dev.spate.core.picker.Picker;
import java.util.ArrayDeque;

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
    private final ArrayDeque<Integer> read = new ArrayDeque<>(MAX_PIECES + 1);

    Suggestions(Progress progress, Picker picker) {
        this.progress = progress;
        this.picker = picker;
    }

    /** A block of this piece is read now. */
    void read(int piece) {
        Integer last = read.peekLast();
        if (last == null || last != piece) {
            read.removeFirstOccurrence(piece);
            read.addLast(piece);
            if (read.size() > MAX_PIECES) {
                read.removeFirst();
            }
        }
    }

    /** It is unchoked now. */
    void tell(Conversation peer) {
        if (!progress.isDone() || peer.told != null) {
            return;
        }
        for (int piece : read) {
            if (progress.flushed().contains(piece) && picker.availability(piece) > 0) {
                peer.peer.suggest(piece);
            }
        }
    }
}
