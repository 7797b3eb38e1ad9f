package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the node wants done, and what came out of operations, which are named by the number that beginning them returned. */
public sealed interface DhtEffect {

    /** Send one datagram. It may get lost; the node counts on nothing. */
    record Send(PeerAddress to, KrpcMessage message) implements DhtEffect {}

    /** A search or an announce has found peers; each is told once a search. */
    record PeersFound(int operation, NodeId infoHash, List<PeerAddress> peers) implements DhtEffect {}

    /** The end of {@link DhtNode#findPeers}. */
    record PeersSearched(int operation, NodeId infoHash, LookupReport report) implements DhtEffect {}

    /**
     * One round of {@link DhtNode#announce} is over.
     *
     * @param nodes how many nodes have taken it; 0 if none could be reached, then the next round comes soon
     */
    record Announced(int operation, NodeId infoHash, int nodes) implements DhtEffect {}

    /** The end of {@link DhtNode#scrape}: estimates. */
    record Scraped(int operation, NodeId infoHash, int seeds, int peers) implements DhtEffect {}

    /**
     * The end of {@link DhtNode#get}.
     *
     * @param item the one with the highest sequence number; null if there is none
     */
    record ItemFound(int operation, NodeId target, @Nullable DhtItem item) implements DhtEffect {}

    /**
     * The end of {@link DhtNode#put}, or of one round of {@link DhtNode#publish}.
     *
     * @param nodes how many nodes have taken it
     * @param newer an item of the same place with a sequence number as high or higher that was met, if any
     */
    record ItemStored(int operation, NodeId target, int nodes, DhtItem.@Nullable Mutable newer) implements DhtEffect {}

    /** The end of {@link DhtNode#sample}: info-hashes that nodes near the target store peers for, each once. */
    record Sampled(int operation, NodeId target, List<NodeId> infoHashes) implements DhtEffect {}

    /**
     * The end of {@link DhtNode#ping}.
     *
     * @param id of the node that is there; null if nobody has answered
     */
    record Pinged(
            int operation, PeerAddress address, @Nullable NodeId id) implements DhtEffect {}

    /** Others were found in a family, so that searches have a beginning; told again whenever our neighbours were looked for. */
    record Joined(Family family) implements DhtEffect {}

    /** Many nodes agree on where they see this one. */
    record AddressLearnt(InetAddress external, NodeId ownId) implements DhtEffect {}
}
