package dev.spate.core.stream;

/** What a reader needs of the swarm. */
public sealed interface Wish {

    /** The piece is needed at this moment, monotonic nanoseconds; replaces what was wished of it before. */
    record Due(int piece, long deadline) implements Wish {}

    /** Nobody needs the piece at a certain moment any more. */
    record NotDue(int piece) implements Wish {}
}
