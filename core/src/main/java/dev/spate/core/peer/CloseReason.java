package dev.spate.core.peer;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ends.
 *
 * @param kind which rule or event it was
 * @param detail more about this case for a person, or empty
 */
public record CloseReason(Kind kind, String detail) {

    /** The rules and events that end connections. */
    public enum Kind {
        /** The peer could not be reached, or the connection broke. */
        CONNECTION_FAILED("connection failed"),
        /** The peer closed the connection. */
        CLOSED_BY_PEER("closed by the peer"),
        /** No handshake within its time. */
        HANDSHAKE_TIMED_OUT("no handshake in time"),
        /** Nothing was heard for longer than keep-alives allow. */
        SILENT("silent for too long"),

        /** The swarm was paused. */
        PAUSED("paused"),
        /** Neither side wants anything of the other, now or later. */
        NOTHING_TO_TRADE("neither side needs the other"),
        /** Another peer took its place. */
        EVICTED("made room for a newcomer"),
        /** There is no room for one more connection. */
        NO_ROOM("no room for another connection"),
        /** The same peer is connected already. */
        DUPLICATE_CONNECTION("connected already"),
        /** The other end is ourselves. */
        SELF_CONNECTION("that is ourselves"),
        /** The user shut the address out, or the peer sent bad data before. */
        BANNED("banned"),
        /** The user's list of addresses shuts it out. */
        FILTERED("blocked by the IP filter"),
        /** The user wants to deal with others only. */
        NOT_NAMED("not one of the peers that were named"),
        /** A bug on our side. */
        INTERNAL_ERROR("internal error"),

        /** The bytes are not a message. */
        MALFORMED("malformed message", true),
        /** The handshake names another swarm. */
        WRONG_INFO_HASH("handshake for another torrent", true),
        /** A have-all or have-none that was not the first word about pieces (BEP 6). */
        BITFIELD_LATE("have all or none after its time", true),
        /** A bitfield for another number of pieces. */
        BITFIELD_LENGTH("bitfield of the wrong length", true),
        /** A piece index that the torrent does not have. */
        PIECE_OUT_OF_RANGE("no such piece", true),
        /** A block that reaches beyond its piece. */
        BLOCK_OUT_OF_RANGE("block beyond its piece", true),
        /** A request for more than 2^14 bytes (BEP 3: "close connections which request an amount greater than that"). */
        REQUEST_TOO_LONG("request for too many bytes", true),
        /** A message of BEP 6 without its bit in the handshake (BEP 6: "MUST close the connection"). */
        FAST_NOT_NEGOTIATED("fast extension message without the fast extension", true),
        /** A message of BEP 10 without its bit in the handshake. */
        EXTENSION_NOT_NEGOTIATED("extension message without the extension protocol", true),
        /** An extension message that cannot be decoded. */
        BAD_EXTENSION_MESSAGE("malformed extension message", true),
        /** Many answers to requests that were never made. */
        UNREQUESTED("answers without requests", true),
        /** Requests went on and on although they could not be answered. */
        REQUEST_FLOOD("requests that cannot be answered, without end", true),
        /** It delivered data that does not match the piece hashes. */
        CORRUPT_DATA("sent corrupt data", true);

        private final String text;
        private final boolean violation;

        Kind(String text) {
            this(text, false);
        }

        Kind(String text, boolean violation) {
            this.text = text;
            this.violation = violation;
        }

        /** Whether the peer broke a rule, rather than that something happened. */
        public boolean isViolation() {
            return violation;
        }
    }

    public static CloseReason of(Kind kind) {
        return new CloseReason(kind, "");
    }

    /** The peer sent bytes that no decoder understands; {@code why} is the decoder's reason. */
    public static CloseReason malformed(String why) {
        return new CloseReason(Kind.MALFORMED, why);
    }

    /** What the socket said: an orderly end when there is no cause. */
    public static CloseReason ofFailure(@Nullable Throwable cause) {
        if (cause == null) {
            return of(Kind.CLOSED_BY_PEER);
        }
        String message = cause.getMessage();
        return new CloseReason(Kind.CONNECTION_FAILED, message == null ? cause.toString() : message);
    }

    /** For a person. */
    @Override
    public String toString() {
        return detail.isEmpty() ? kind.text : kind.text + ": " + detail;
    }
}
