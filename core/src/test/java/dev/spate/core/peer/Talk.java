package dev.spate.core.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A peer under test, a clock, and what the peer sent. */
final class Talk {
    static final PieceLayout LAYOUT = new PieceLayout(20L * 65536 + 100, 65536);
    static final Digest INFO_HASH = Digest.ofHex("00112233445566778899aabbccddeeff00112233");
    static final PeerId THEIR_ID = PeerId.random("-XX0000-", new Random(1));
    static final Reserved ALL = Reserved.NONE.withFast().withExtensions();
    static final long SECOND = 1_000_000_000L;

    final Peer peer;
    long now = 1_000 * SECOND;

    private Talk(boolean outgoing) {
        PeerTerms terms = PeerTerms.of(LAYOUT, INFO_HASH);
        peer = outgoing ? Peer.outgoing(terms, now) : Peer.incoming(terms, now);
    }

    static Talk dialing() {
        return new Talk(true);
    }

    static Talk greeting() {
        return new Talk(false);
    }

    static Talk open(Reserved theirs) {
        Talk talk = greeting();
        talk.peer.handshakeReceived(new Handshake(theirs, INFO_HASH, THEIR_ID), talk.now);
        return talk;
    }

    static Talk openWithAll() {
        return open(ALL);
    }

    static Talk openPlain() {
        return open(Reserved.NONE);
    }

    static Talk ended() {
        Talk talk = openWithAll();
        talk.peer.end();
        return talk;
    }

    /** It has all pieces, we are interested, it unchoked us. */
    Talk ready() {
        peer.messageReceived(peer.fast() ? new PeerMessage.HaveAll() : bitfield(), now);
        peer.messageReceived(new PeerMessage.Unchoke(), now);
        peer.wantInterest(true);
        sent();
        return this;
    }

    private static PeerMessage bitfield() {
        return new PeerMessage.Bitfield(dev.spate.wire.PieceSet.full(LAYOUT.pieces()));
    }

    Heard hear(PeerMessage message) {
        return peer.messageReceived(message, now);
    }

    List<PeerMessage> sent() {
        List<PeerMessage> sent = new ArrayList<>();
        peer.drain(sent::add, now);
        return sent;
    }

    List<BlockRange> request(int blocks) {
        List<BlockRange> requested = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            BlockRange block = LAYOUT.block(i / 4, i % 4);
            peer.request(block);
            requested.add(block);
        }
        return requested;
    }

    /** A whole block comes. */
    Heard deliver(BlockRange block) {
        Heard heard = peer.blockArriving(block, now);
        peer.payloadReceived(block.length(), now);
        if (heard instanceof Heard.Expected) {
            peer.blockArrived(block, 100_000, now);
        }
        return heard;
    }
}
