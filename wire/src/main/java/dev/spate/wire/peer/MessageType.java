package dev.spate.wire.peer;

/** The byte behind a message's length, which says what the message is (BEPs 3, 5, 6, 10, 52). */
final class MessageType {
    static final int CHOKE = 0;
    static final int UNCHOKE = 1;
    static final int INTERESTED = 2;
    static final int NOT_INTERESTED = 3;
    static final int HAVE = 4;
    static final int BITFIELD = 5;
    static final int REQUEST = 6;
    static final int PIECE = 7;
    static final int CANCEL = 8;
    static final int PORT = 9;
    static final int SUGGEST_PIECE = 13;
    static final int HAVE_ALL = 14;
    static final int HAVE_NONE = 15;
    static final int REJECT_REQUEST = 16;
    static final int ALLOWED_FAST = 17;
    static final int EXTENDED = 20;
    static final int HASH_REQUEST = 21;
    static final int HASHES = 22;
    static final int HASH_REJECT = 23;

    /** Bytes of the length in front of every message. */
    static final int PREFIX = 4;

    /** Length and type. */
    static final int HEADER = PREFIX + 1;

    /** Length, type, piece and begin: what stands in front of a block. */
    static final int PIECE_HEADER = HEADER + 8;

    /** Root, base layer, index, length and proof layers (BEP 52). */
    static final int HASH_SPAN = 32 + 4 * 4;

    private MessageType() {}
}
