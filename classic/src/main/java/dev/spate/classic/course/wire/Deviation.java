package dev.spate.classic.course.wire;

import java.util.Locale;

/** One point in which groups read the project text differently. */
public enum Deviation {
    /** The length field counts the payload alone, and not the type byte. */
    PAYLOAD_LENGTH,
    /** Piece 0 is the lowest bit of the first byte of a bitfield, and zero bytes at its end may be left out. */
    LOW_BIT,
    /** Integers have their lowest byte first. */
    LITTLE_ENDIAN,
    /** The id in the handshake is four decimal digits. */
    ASCII_ID,
    /** The last piece may come with as many bytes as the others have; what is behind its content means nothing. */
    PADDED_PIECE;

    /** What it is called where a person names it: {@code payload-length} and so on. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
