package dev.spate.classic.course.wire;

/** The type bytes of messages. */
final class Type {
    static final int CHOKE = 0;
    static final int UNCHOKE = 1;
    static final int INTERESTED = 2;
    static final int NOT_INTERESTED = 3;
    static final int HAVE = 4;
    static final int BITFIELD = 5;
    static final int REQUEST = 6;
    static final int PIECE = 7;

    /** Length field and type byte. */
    static final int PREFIX = 5;

    /** Bytes of a piece index. */
    static final int INDEX = 4;

    private Type() {}
}
