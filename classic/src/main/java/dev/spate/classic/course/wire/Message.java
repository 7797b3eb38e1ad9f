package dev.spate.classic.course.wire;

import dev.spate.wire.PieceSet;

/** What peers say to each other after the handshake. The number of each is its type byte. */
public sealed interface Message {

    /** 0: you may not request. */
    record Choke() implements Message {}

    /** 1: you may request. */
    record Unchoke() implements Message {}

    /** 2: you have something that I lack. */
    record Interested() implements Message {}

    /** 3: you have nothing that I lack. */
    record NotInterested() implements Message {}

    /**
     * 4: I have one more piece.
     *
     * @param piece its index
     */
    record Have(int piece) implements Message {}

    /**
     * 5: what I have; the first message, or none when that is nothing.
     *
     * @param pieces not to be changed any more
     */
    record Bitfield(PieceSet pieces) implements Message {}

    /**
     * 6: give me this piece, all of it.
     *
     * @param piece its index
     */
    record Request(int piece) implements Message {}

    /**
     * 7: a piece. Its content follows in the stream and is not part of the value; its length is that of the piece.
     *
     * @param piece its index
     * @param padding so many bytes without a meaning follow its content; 0 but for {@link Deviation#PADDED_PIECE}
     */
    record Piece(int piece, int padding) implements Message {
        /** One that ends with its content. */
        public Piece(int piece) {
            this(piece, 0);
        }
    }

    /** What a person calls it. */
    default String title() {
        return switch (this) {
            case Choke _ -> "choke";
            case Unchoke _ -> "unchoke";
            case Interested _ -> "interested";
            case NotInterested _ -> "not interested";
            case Have(var piece) -> "have " + piece;
            case Bitfield _ -> "bitfield";
            case Request(var piece) -> "request " + piece;
            case Piece piece -> "piece " + piece.piece();
        };
    }
}
