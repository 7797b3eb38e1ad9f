package dev.spate.core.metadata;

import dev.spate.wire.peer.MetadataMessage;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One attempt at the metadata: pieces of an alleged size, from one peer alone or from all that allege it. */
final class Draft {

    /** Who sent which piece, remembered without the bytes. */
    record Evidence(Source source, int piece, int size, long checksum) {}

    final int number;
    final int size;

    /** The only peer that may contribute, or null for all. */
    final @Nullable Source sole;

    final long since;

    /** How long it may go on while others wait for their turn. */
    final long lifetime;

    long dataAt;

    /** All pieces are here, and their hash is awaited. */
    boolean verifying;

    // Memory is taken by what came, not by what was alleged.
    private final @Nullable ByteBuffer[] pieces;
    private final @Nullable Source[] from;
    private final int[] asked;
    private int missing;

    Draft(int number, int size, @Nullable Source sole, long lifetime, long now) {
        this.number = number;
        this.size = size;
        this.sole = sole;
        this.since = now;
        this.dataAt = now;
        this.lifetime = lifetime;
        this.missing = MetadataMessage.pieces(size);
        this.pieces = new ByteBuffer[missing];
        this.from = new Source[missing];
        this.asked = new int[missing];
    }

    /** Whether this peer may contribute. */
    boolean admits(Source source) {
        return source.size == size && (sole == null || sole == source);
    }

    int length(int piece) {
        return Math.min(MetadataMessage.PIECE_LENGTH, size - piece * MetadataMessage.PIECE_LENGTH);
    }

    boolean lacks(int piece) {
        return piece < pieces.length && pieces[piece] == null;
    }

    boolean isComplete() {
        return missing == 0;
    }

    /** What to ask this peer for next: what nobody was asked for, else what one other was; -1 for nothing. */
    int next(Source source) {
        int second = -1;
        for (int piece = 0; piece < pieces.length; piece++) {
            if (pieces[piece] != null || source.inFlight.containsKey(piece)) {
                continue;
            }
            if (asked[piece] == 0) {
                return piece;
            }
            if (asked[piece] == 1 && second < 0) {
                second = piece;
            }
        }
        return second;
    }

    void asked(int piece) {
        asked[piece]++;
    }

    /** A request for it is in flight no more. */
    void released(int piece) {
        asked[piece]--;
    }

    void put(int piece, ByteBuffer bytes, Source source, long now) {
        // The message's buffer is of the message alone, so it may be kept.
        pieces[piece] = bytes;
        from[piece] = source;
        missing--;
        dataAt = now;
    }

    /** The one who sent all of it, or null when there were several. */
    @Nullable
    Source author() {
        Source first = from[0];
        for (Source each : from) {
            if (each != first) {
                return null;
            }
        }
        return first;
    }

    ByteBuffer bytes() {
        ByteBuffer whole = ByteBuffer.allocate(size);
        for (ByteBuffer piece : pieces) {
            assert piece != null;
            whole.put(piece.duplicate());
        }
        return whole.flip();
    }

    Evidence evidence(int piece) {
        Source source = from[piece];
        ByteBuffer bytes = pieces[piece];
        assert source != null && bytes != null;
        return new Evidence(source, piece, size, checksum(bytes));
    }

    int pieces() {
        return pieces.length;
    }

    /** Good enough to tell pieces apart; who forges it escapes a ban and no more. */
    static long checksum(ByteBuffer bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes.duplicate());
        return checksum.getValue();
    }
}
