package dev.spate.core.swarm;

import dev.spate.core.peer.Peer;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.AllowedFast;
import dev.spate.wire.peer.DontHave;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.Holepunch;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.Reserved;
import java.net.Inet4Address;
import java.util.SortedMap;
import java.util.TreeMap;

/** What we tell every peer about ourselves. */
final class Greeter {

    /** What we have of the torrent. */
    interface Ours {
        /** The pieces on disk; only to look at. */
        PieceSet flushed();

        /** Whether we want nothing more. */
        boolean isDone();
    }

    private final SwarmIdentity identity;
    private final Ours ours;
    private int metadataSize;
    private final SortedMap<String, Integer> extensions = new TreeMap<>();

    Greeter(SwarmIdentity identity, Ours ours) {
        this.identity = identity;
        this.ours = ours;
        extensions.put(DontHave.NAME, Peer.DONT_HAVE_ID);
        extensions.put(MetadataMessage.NAME, Peer.METADATA_ID);
        if (!identity.isPrivate()) {
            extensions.put(PeerExchange.NAME, Peer.PEX_ID);
            extensions.put(Holepunch.NAME, Peer.HOLEPUNCH_ID);
        }
    }

    /** How long the metadata is that we give; 0 if we give none. */
    void offerMetadata(int size) {
        metadataSize = size;
    }

    Handshake handshake() {
        Reserved reserved = Reserved.NONE.withFast().withExtensions();
        return new Handshake(
                identity.dhtPort() == 0 ? reserved : reserved.withDht(), identity.infoHash(), identity.peerId());
    }

    /** The first words. */
    void greet(Conversation peer) {
        PieceSet told = peer.told;
        peer.peer.greet((told == null ? ours.flushed() : told).copy(), description(peer));
        if (identity.dhtPort() != 0) {
            peer.peer.tellDhtPort(identity.dhtPort());
        }
    }

    /** Whether we want anything ourselves has changed (BEP 21). */
    void describeAgain(Conversation peer) {
        peer.peer.describe(description(peer));
    }

    private ExtensionHandshake description(Conversation peer) {
        return new ExtensionHandshake(
                extensions,
                identity.client(),
                identity.listenPort() == 0 ? null : identity.listenPort(),
                Peer.MAX_REQUESTS,
                peer.address.ip(),
                null,
                null,
                ours.isDone() && peer.told == null,
                metadataSize == 0 ? null : metadataSize);
    }

    /**
     * Lets a beginner have a few pieces although we choke it, so that it gets something to trade (BEP 6).
     *
     * <p>Not those who have as many pieces already, nor those whom we super-seed.
     */
    void allowFast(Conversation peer) {
        if (!peer.peer.fast()
                || peer.told != null
                || peer.peer.pieces().count() >= AllowedFast.ADVISED_COUNT
                || !(peer.address.ip() instanceof Inet4Address ip)) {
            return;
        }
        PieceSet allowed = new PieceSet(ours.flushed().pieces());
        for (int piece : AllowedFast.set(ip, identity.infoHash(), allowed.pieces(), AllowedFast.ADVISED_COUNT)) {
            if (ours.flushed().contains(piece)) {
                allowed.add(piece);
            }
        }
        if (!allowed.isEmpty()) {
            peer.peer.allowFast(allowed);
        }
    }
}
