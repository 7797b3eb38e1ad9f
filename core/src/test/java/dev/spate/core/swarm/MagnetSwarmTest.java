package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.peer.Peer;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.PeerExchange.Contact;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A swarm that knows nothing but its name, whose peers are played by the test. */
class MagnetSwarmTest {
    private static final PieceLayout LAYOUT = new PieceLayout(20 << 14, 1 << 14);
    private static final int THEIR_ID = 66;
    private static final byte[] METADATA = new byte[100];

    private final MagnetSwarm magnet =
            new MagnetSwarm(SwarmSettings.DEFAULTS, identity(false), List.of(List.of("http://t/a")), new Random(1));
    private final Map<Integer, List<PeerMessage>> sent = new HashMap<>();
    private final Map<Integer, CloseReason> closed = new HashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private Gathering swarm = magnet;
    private long now = 1_000 * Stage.SECOND;

    MagnetSwarmTest() {
        magnet.start(now);
        drain();
    }

    @Test
    void saysThatItHasNothing() {
        int peer = connect(1);

        assertThat(sentTo(peer).getFirst()).isEqualTo(new PeerMessage.HaveNone());
        assertThat(effects).anyMatch(effect -> effect instanceof Effect.Announce announce && announce.left() > 0);
    }

    @Test
    void goesOnWithTheSameConnections() {
        int seed = connect(1);
        hear(seed, new PeerMessage.HaveAll());
        hear(seed, new PeerMessage.Unchoke());
        offer(seed, METADATA.length);
        int leech = connect(2);
        byte[] bitfield = {(byte) 0x80, 0, 0};
        hear(leech, new PeerMessage.Bitfield(bits(bitfield)));
        hear(leech, new PeerMessage.Have(19));
        hear(leech, new PeerMessage.Interested());
        findMetadata(seed);
        sent.clear();

        Swarm known = become(false, new PieceSet(LAYOUT.pieces()));
        assertThat(sentTo(seed)).as("its files are not ready").noneMatch(PeerMessage.Request.class::isInstance);
        known.start(now);
        drain();

        assertThat(closed).isEmpty();
        assertThat(known.peers(now)).extracting(PeerSnapshot::pieces).containsExactly(20, 2);
        assertThat(known.peers(now).get(1).peerInterested()).isTrue();
        assertThat(sentTo(seed)).contains(new PeerMessage.Interested()).anyMatch(PeerMessage.Request.class::isInstance);
        assertThat(known.availability(19)).isEqualTo(2);
        assertThat(effects).noneMatch(Effect.Dial.class::isInstance);
    }

    @Test
    void whatIsOnDiskAlreadyIsTold() {
        int peer = connect(1);
        PieceSet flushed = new PieceSet(LAYOUT.pieces());
        flushed.add(3);
        sent.clear();

        become(false, flushed);

        assertThat(sentTo(peer)).contains(new PeerMessage.Have(3));
    }

    @Test
    void whoSpeaksOfAnotherTorrentIsLeft() {
        int wrongLength = connect(1);
        hear(wrongLength, new PeerMessage.Bitfield(bits(new byte[2])));
        int spareBits = connect(2);
        hear(spareBits, new PeerMessage.Bitfield(bits(new byte[] {0, 0, 1})));
        int noSuchPiece = connect(3);
        hear(noSuchPiece, new PeerMessage.Have(20));

        become(false, new PieceSet(LAYOUT.pieces()));

        assertThat(closeKind(wrongLength)).isEqualTo(Kind.BITFIELD_LENGTH);
        assertThat(closeKind(spareBits)).isEqualTo(Kind.BITFIELD_LENGTH);
        assertThat(closeKind(noSuchPiece)).isEqualTo(Kind.PIECE_OUT_OF_RANGE);
    }

    @Test
    void whatIsRememberedHasABound() {
        int talkative = connect(1);
        for (int i = 0; i < 10_000; i++) {
            hear(talkative, new PeerMessage.Have(i % 20));
        }
        int large = connect(2);
        hear(large, new PeerMessage.Bitfield(new PieceSet(PieceLayout.MAX_PIECES)));
        assertThat(closed).isEmpty();

        become(false, new PieceSet(LAYOUT.pieces()));

        assertThat(closeKind(talkative)).isEqualTo(Kind.NO_ROOM);
        assertThat(closeKind(large)).isEqualTo(Kind.NO_ROOM);
    }

    @Test
    void requestsAndBlocksAreNothingForIt() {
        int peer = connect(1);
        BlockRange block = new BlockRange(0, 0, 1 << 14);
        sent.clear();

        hear(peer, new PeerMessage.Request(block));
        assertThat(sentTo(peer)).containsExactly(new PeerMessage.RejectRequest(block));
        assertThat(magnet.blockArriving(peer, block, now)).isEqualTo(Verdict.UNREQUESTED);
        for (int i = 0; i < 100_000 && !closed.containsKey(peer); i++) {
            hear(peer, new PeerMessage.Request(block));
        }

        assertThat(closeKind(peer)).isEqualTo(Kind.REQUEST_FLOOD);
    }

    @Test
    void aLiarIsBanned() {
        int liar = connect(1);
        offer(liar, METADATA.length);
        deliver(liar);
        magnet.metadataVerified(0, false, now);
        drain();

        assertThat(closeKind(liar)).isEqualTo(Kind.CORRUPT_DATA);
        assertThat(magnet.accepted(Stage.address(1), Stage.handshake(1), now)).isEqualTo(-1);
    }

    @Test
    void pausesAndStartsAgain() {
        int peer = connect(1);
        magnet.pause(now);
        drain();
        assertThat(closeKind(peer)).isEqualTo(Kind.PAUSED);
        assertThat(magnet.accepted(Stage.address(2), Stage.handshake(2), now)).isEqualTo(-1);

        magnet.start(now);
        assertThat(magnet.accepted(Stage.address(2), Stage.handshake(2), now)).isNotNegative();
    }

    /** BEP 27: that the torrent is private shows only now, so what others told is forgotten. */
    @Test
    void aPrivateTorrentForgetsWhomPeersToldOf() {
        int peer = connect(1);
        offer(peer, METADATA.length);
        hear(
                peer,
                new PeerExchange(List.of(new Contact(Stage.address(5), 0), new Contact(Stage.address(6), 0)), List.of())
                        .message(Peer.PEX_ID));
        assertThat(effects).anyMatch(Effect.Dial.class::isInstance);
        effects.clear();
        findMetadata(peer);

        become(true, new PieceSet(LAYOUT.pieces()));
        now += 100 * Stage.SECOND;
        swarm.timeout(now);
        drain();

        assertThat(effects).noneMatch(Effect.Dial.class::isInstance);
        assertThat(closed).hasSize(1);
    }

    private void findMetadata(int from) {
        deliver(from);
        assertThat(effects).anyMatch(Effect.VerifyMetadata.class::isInstance);
        magnet.metadataVerified(0, true, now);
        drain();
    }

    private void deliver(int peer) {
        assertThat(sentTo(peer))
                .anyMatch(message -> message instanceof PeerMessage.Extended(int id, ByteBuffer payload)
                        && id == THEIR_ID
                        && MetadataMessage.decode(payload)
                                .equals(new Decoding.Decoded<MetadataMessage>(new MetadataMessage.Request(0))));
        hear(peer, new MetadataMessage.Data(0, METADATA.length, ByteBuffer.wrap(METADATA)).message(Peer.METADATA_ID));
    }

    private Swarm become(boolean isPrivate, PieceSet flushed) {
        Swarm known = magnet.become(identity(isPrivate), LAYOUT, flushed, _ -> true, new Random(2), now);
        swarm = known;
        drain();
        return known;
    }

    private List<PeerMessage> sentTo(int peer) {
        return sent.getOrDefault(peer, List.of());
    }

    private @Nullable Kind closeKind(int peer) {
        CloseReason reason = closed.get(peer);
        return reason == null ? null : reason.kind();
    }

    private static SwarmIdentity identity(boolean isPrivate) {
        return new SwarmIdentity(MemoryNetwork.INFO_HASH, Stage.id(500), 6881, 0, isPrivate, "Spate test");
    }

    private static PieceSet bits(byte[] bitfield) {
        return PieceSet.ofBitfield(bitfield, bitfield.length * 8) instanceof Decoding.Decoded<PieceSet>(var set)
                ? set
                : new PieceSet(0);
    }

    private int connect(int number) {
        int peer = swarm.accepted(Stage.address(number), Stage.handshake(number), now);
        drain();
        return peer;
    }

    private void offer(int peer, int size) {
        hear(
                peer,
                new ExtensionHandshake(
                                new TreeMap<>(Map.of(MetadataMessage.NAME, THEIR_ID)),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                size)
                        .message());
    }

    private void hear(int peer, PeerMessage message) {
        swarm.messageReceived(peer, message, now);
        drain();
    }

    private void drain() {
        for (Effect effect = swarm.poll(); effect != null; effect = swarm.poll()) {
            effects.add(effect);
            if (effect instanceof Effect.Close(int peer, CloseReason reason)) {
                closed.put(peer, reason);
                swarm.peerClosed(peer, reason, now);
            } else if (effect instanceof Effect.Send(int peer, PeerMessage message)) {
                sent.computeIfAbsent(peer, _ -> new ArrayList<>()).add(message);
            }
        }
    }
}
