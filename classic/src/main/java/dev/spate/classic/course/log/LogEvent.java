package dev.spate.classic.course.log;

import java.util.List;

/** Something that a peer writes into its log. {@code self} is the peer whose log it is, in every one of them. */
public sealed interface LogEvent {

    /** The peer whose log it is. */
    int self();

    /** We connected to {@code other}. */
    record Connects(int self, int other) implements LogEvent {}

    /** {@code other} connected to us. */
    record IsConnected(int self, int other) implements LogEvent {}

    /**
     * The set of preferred neighbours has changed.
     *
     * @param neighbours as they are written; our own lines have them in ascending order
     */
    record Prefers(int self, List<Integer> neighbours) implements LogEvent {
        public Prefers {
            neighbours = List.copyOf(neighbours);
        }
    }

    /** The optimistically unchoked neighbour has changed. */
    record Optimistic(int self, int other) implements LogEvent {}

    /** {@code other} unchoked us. */
    record Unchoked(int self, int other) implements LogEvent {}

    /** {@code other} choked us. */
    record Choked(int self, int other) implements LogEvent {}

    /** {@code other} told that it has one more piece. */
    record Have(int self, int other, int piece) implements LogEvent {}

    /** {@code other} told that we have something it lacks. */
    record Interested(int self, int other) implements LogEvent {}

    /** {@code other} told that we have nothing it lacks. */
    record NotInterested(int self, int other) implements LogEvent {}

    /**
     * A piece is here.
     *
     * @param count how many are now
     */
    record Downloaded(int self, int other, int piece, int count) implements LogEvent {}

    /** All pieces are here. */
    record Complete(int self) implements LogEvent {}
}
