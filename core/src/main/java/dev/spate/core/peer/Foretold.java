package dev.spate.core.peer;

import dev.spate.wire.Decoding;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;

/** What a peer said about pieces before we knew the torrent; kept in order, to a bounded amount, until it makes sense to us. */
final class Foretold {

    /** A message counts 1, and a bitfield the words of 8 bytes that it takes; the bitfield of half a million pieces fits. */
    static final int MAX_WEIGHT = 8192;

    private final List<PeerMessage> messages = new ArrayList<>();
    private int weight;
    private boolean tooMuch;

    void keep(PeerMessage message) {
        weight += 1;
        if (message instanceof PeerMessage.Bitfield(PieceSet pieces)) {
            weight += pieces.pieces() / Long.SIZE;
        }
        tooMuch = tooMuch || weight > MAX_WEIGHT;
        if (tooMuch) {
            messages.clear();
        } else {
            messages.add(message);
        }
    }

    /** Whether more was said than is kept, and hence nothing is known. */
    boolean isTooMuch() {
        return tooMuch;
    }

    List<PeerMessage> messages() {
        return messages;
    }

    /** A bitfield as the decoder gives it that knows of no number of pieces, read once more now that it is known. */
    static Decoding<PieceSet> fitted(PieceSet bits, int pieces) {
        return PieceSet.ofBitfield(bits.toBitfield(), pieces);
    }
}
