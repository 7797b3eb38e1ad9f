package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;

/** What a node tells its user. */
public sealed interface NetworkEvent {

    /**
     * Somebody answered our question for peers.
     *
     * @param from who knew them
     * @param peers how many it named
     */
    record PeersFound(PeerAddress from, int peers) implements NetworkEvent {}

    /**
     * A peer and we have joined each other.
     *
     * @param peer where it takes datagrams
     * @param state what it has declared
     * @param enginePort where it takes connections of BitTorrent; 0 for a node of the original, with which nothing can be transferred
     * @param weAsked whether we joined it; otherwise it joined us
     */
    record Joined(PeerAddress peer, PeerState state, int enginePort, boolean weAsked) implements NetworkEvent {}

    /** A peer has declared another state. */
    record Declared(PeerAddress peer, PeerState state) implements NetworkEvent {}

    /** A peer said no. */
    record Refused(PeerAddress peer, Refusal why) implements NetworkEvent {}

    /** A peer that was named or known does not answer any more, and was dropped. */
    record Gone(PeerAddress peer) implements NetworkEvent {}

    /**
     * The time of a walk is over.
     *
     * @param walk its number, from 1
     * @param answers how many nodes answered with peers
     * @param joined with how many peers we are joined now
     */
    record WalkEnded(int walk, int answers, int joined) implements NetworkEvent {}

    /** For a person: a sentence in which the node is the one that speaks. */
    default String words() {
        return switch (this) {
            case PeersFound(PeerAddress from, int peers) ->
                from + " names " + peers + (peers == 1 ? " peer" : " peers");
            case Joined(PeerAddress peer, PeerState state, int enginePort, boolean weAsked) ->
                (weAsked ? "joined " + peer : peer + " has joined")
                        + switch (state) {
                            case IDLE -> "";
                            case LEECH -> ", a leech";
                            case SEED -> ", a seed";
                        }
                        + (enginePort == 0 ? "; it tells no port for transfers" : "");
            case Declared(PeerAddress peer, PeerState state) ->
                peer
                        + switch (state) {
                            case IDLE -> " is idle";
                            case LEECH -> " is a leech";
                            case SEED -> " is a seed";
                        };
            case Refused(PeerAddress peer, Refusal why) -> peer + " cannot be joined: " + why.words();
            case Gone(PeerAddress peer) -> peer + " does not answer and was dropped";
            case WalkEnded(int walk, int answers, int joined) ->
                "walk " + walk + " is over: " + answers + (answers == 1 ? " answer" : " answers") + ", joined with "
                        + joined;
        };
    }
}
