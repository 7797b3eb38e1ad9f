package dev.spate.engine.talk;

import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;

/**
 * What carries messages to one peer and back, where reading waits. A connection does ({@link StreamChannel}), and so does a script
 * that a test has written, with a clock of its own.
 *
 * <p>Failures are values. What cannot be sent is told by the next reading, as a connection that is over.
 *
 * <p>For one thread that reads and one that writes; {@link #close} for any.
 */
public interface MessageChannel extends AutoCloseable {

    /** What came of waiting for the other side. */
    sealed interface Heard<T> {

        /** It said this. */
        record Said<T>(T word) implements Heard<T> {}

        /** The time was over first; what it said of a message so far is kept for the next waiting. */
        record Silence<T>() implements Heard<T> {}

        /** The connection is over; {@code how} is for a person. */
        record Ended<T>(String how) implements Heard<T> {}

        /** What it said is not the protocol; {@code reason} is the decoder's. Nothing that follows can be understood. */
        record Nonsense<T>(String reason) implements Heard<T> {}
    }

    /**
     * A message and the payload that belongs to it; the receiver owns it.
     *
     * @param payload of a {@link PeerMessage.Piece}; else empty
     */
    record Spoken(PeerMessage message, ByteBuffer payload) {}

    /** The present, monotonic nanoseconds on the scale of the deadlines. */
    long now();

    /** Sends a handshake. */
    void send(Handshake handshake);

    /** Sends a message without a payload. */
    default void send(PeerMessage message) {
        send(message, new byte[0]);
    }

    /** Sends a message and its payload. */
    void send(PeerMessage message, byte[] payload);

    /** Waits for their handshake, which comes first. */
    Heard<Handshake> handshake(long deadline);

    /**
     * Waits for the next message, keep-alives included. Numbers of pieces are not held against any torrent, and a bitfield is a set of
     * as many pieces as it has bits, spare ones included.
     */
    Heard<Spoken> next(long deadline);

    /** Says that nothing more comes, and waits until the other side has taken note of it, so that it has forgotten us; then closes. */
    void leave(long deadline);

    /** Ends the connection at once; a reading that waits hears of it. */
    @Override
    void close();
}
