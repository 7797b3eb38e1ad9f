package dev.spate.core.metadata;

import dev.spate.wire.peer.MetadataMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Our metadata as we give it to peers (BEP 9).
 *
 * <p>Answers that wait for a slow peer share one buffer a piece, so what peers can make us keep is bounded by the metadata itself,
 * however many ask. What one may make us send is bounded by its {@link Quota}.
 */
public final class MetadataServing {

    /** How often a peer may have the whole; once would be enough if nothing ever went wrong. */
    static final int COPIES = 2;

    /** Small metadata may be asked for a little more often. */
    static final int SMALL_CHANGE = 16;

    /** How many refusals a peer hears; then we are silent. */
    static final int MAX_REFUSALS = 64;

    /** What one peer has asked for on its connection. */
    public static final class Quota {
        private int answers;
        private int refusals;

        /** Of one who has asked for nothing. */
        public Quota() {}
    }

    private final ByteBuffer metadata;
    private final @Nullable ByteBuffer[] payloads;

    /** @param metadata only looked at, nobody may change it; empty if there is none to give */
    public MetadataServing(ByteBuffer metadata) {
        this.metadata = metadata.slice().asReadOnlyBuffer();
        this.payloads = new ByteBuffer[MetadataMessage.pieces(metadata.remaining())];
    }

    /** Bytes of the metadata; 0 when there is none to give, also because it is too long to be exchanged. */
    public int size() {
        return metadata.limit() > MetadataMessage.MAX_METADATA ? 0 : metadata.limit();
    }

    /** The payload of the answer to a request, only to be read, or null for none. */
    public @Nullable ByteBuffer answer(MetadataMessage.Request request, Quota quota) {
        int piece = request.piece();
        if (piece < MetadataMessage.pieces(size()) && quota.answers < COPIES * payloads.length + SMALL_CHANGE) {
            quota.answers++;
            return payload(piece).duplicate();
        }
        if (quota.refusals < MAX_REFUSALS) {
            quota.refusals++;
            return new MetadataMessage.Reject(piece).payload();
        }
        return null;
    }

    private ByteBuffer payload(int piece) {
        ByteBuffer known = payloads[piece];
        if (known == null) {
            int begin = piece * MetadataMessage.PIECE_LENGTH;
            int length = Math.min(MetadataMessage.PIECE_LENGTH, metadata.limit() - begin);
            known = new MetadataMessage.Data(piece, metadata.limit(), metadata.slice(begin, length)).payload();
            payloads[piece] = known;
        }
        return known;
    }
}
