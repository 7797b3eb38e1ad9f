package dev.spate.engine.probe;

/** Why a peer is no source for the whole file. */
public enum ProbeReason {
    /** The user's list of addresses shuts it out; it was not connected to. */
    FILTERED("blocked by the IP filter"),
    /** Nobody listens there. */
    REFUSED("connection refused"),
    /** No connection in time. */
    CONNECT_TIMED_OUT("no connection in time"),
    /** There is no way to it. */
    UNREACHABLE("cannot be reached"),
    /** The proxy is not there, or will not carry us to it. */
    PROXY("the proxy does not connect"),

    /** Connected, and then no handshake in time. */
    HANDSHAKE_TIMED_OUT("no handshake in time"),
    /** Its first words are not the handshake of the protocol. */
    NOT_BITTORRENT("no BitTorrent handshake"),
    /** Its handshake is for another torrent. */
    WRONG_INFO_HASH("handshake for another torrent"),
    /** We are connected to our own session. */
    OURSELVES("that is ourselves"),
    /** It ended the connection. */
    CLOSED("closed the connection"),

    /** It said nothing about pieces, as those do that have none and do not speak BEP 6; or it is silent. */
    SILENT("says nothing about pieces"),
    /** It has no piece. */
    NOTHING_THERE("has no pieces"),
    /** It does not have all pieces. */
    INCOMPLETE("incomplete"),
    /** Its bitfield is of another length than this torrent's. */
    BITFIELD_LENGTH("bitfield of the wrong size"),
    /** Bits are set for pieces that there are not. */
    SPARE_BITS("spare bits of the bitfield are set"),
    /** It speaks of a piece that the torrent does not have. */
    NO_SUCH_PIECE("speaks of a piece that does not exist"),
    /** Have-all or have-none that came late or without the fast extension (BEP 6). */
    OUT_OF_PLACE("have-all or have-none out of place"),
    /** What it says makes no sense. */
    MALFORMED("malformed message"),
    /** It talks and talks. */
    TALKS_WITHOUT_END("talks without end"),

    /** It did not unchoke us in time. */
    CHOKED("does not unchoke"),
    /** It unchoked us, and choked us again before it had given anything. */
    CHOKED_AGAIN("unchokes and chokes again"),
    /** It unchoked us and rejects what is asked for (BEP 6). */
    REJECTS("unchokes and rejects requests"),
    /** It unchoked us and sends nothing, or too slowly. */
    STALLED("unchokes and does not send"),
    /** It gave a piece that does not match its hash. */
    CORRUPT("sends bad data: a liar");

    private final String text;

    ProbeReason(String text) {
        this.text = text;
    }

    /** A phrase for a person. */
    @Override
    public String toString() {
        return text;
    }
}
