package dev.spate.wire.dht;

import org.jspecify.annotations.Nullable;

/** What a query asks: its method with its arguments, without the id that every query has. */
public sealed interface Question {

    /** Are you there? (BEP 5) */
    record Ping() implements Question {}

    /** Which nodes are nearest to the target? (BEP 5) */
    record FindNode(NodeId target, Want want) implements Question {}

    /**
     * Which peers do you know, and which nodes are nearest? (BEP 5)
     *
     * @param scrape whether Bloom filters of all peers are asked for (BEP 33)
     * @param noSeed whether seeds are of no use to who asks (BEP 33)
     */
    record GetPeers(NodeId infoHash, Want want, boolean scrape, boolean noSeed) implements Question {}

    /**
     * I am a peer. (BEP 5)
     *
     * @param port 0 to 65535
     * @param impliedPort whether the port of the datagram counts instead
     * @param seed whether the peer has everything (BEP 33)
     * @param token what the node gave with its answer to get_peers
     */
    record AnnouncePeer(NodeId infoHash, int port, boolean impliedPort, boolean seed, Bytes token) implements Question {
        public AnnouncePeer {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("not a port: " + port);
            }
        }
    }

    /**
     * Which item is stored there, and which nodes are nearest? (BEP 44)
     *
     * @param seq leave the item out unless its sequence number is greater; null if not said
     */
    record Get(NodeId target, @Nullable Long seq, Want want) implements Question {}

    /**
     * Store an item. (BEP 44) It may break any of BEP 44's rules, so that a node can say which one.
     *
     * @param value one bencoded value, as received
     * @param signed what makes the item a mutable one; null for an immutable one
     */
    record Put(Bytes token, Bytes value, @Nullable Signed signed) implements Question {}

    /**
     * The part of a put that only mutable items have (BEP 44).
     *
     * @param key 32 bytes if it is an Ed25519 key
     * @param salt empty if there is none; at most 64 bytes
     * @param signature 64 bytes if it is one of Ed25519
     * @param cas the sequence number that is to be replaced; null if it does not matter
     */
    record Signed(
            Bytes key,
            Bytes salt,
            long seq,
            Bytes signature,
            @Nullable Long cas) {}

    /** Which info-hashes do you store peers for, and which nodes are nearest? (BEP 51) */
    record SampleInfohashes(NodeId target, Want want) implements Question {}

    /**
     * Something that this codec does not know.
     *
     * @param target what its {@code target} or {@code info_hash} says; null without one
     */
    record Unknown(Bytes method, @Nullable NodeId target, Want want) implements Question {}
}
