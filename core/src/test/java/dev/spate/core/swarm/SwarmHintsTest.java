package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What peers let each other know beyond BEP 3: suggestions and allowed pieces (BEP 6), and that one only uploads (BEP 21). */
class SwarmHintsTest {
    private static final PieceLayout LAYOUT = new PieceLayout(100L * 65536, 65536);

    private static Stage leech() {
        return new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()));
    }

    private static Stage seed() {
        return new Stage(LAYOUT, PieceSet.full(LAYOUT.pieces()));
    }

    private static int interested(Stage stage, int number) {
        int peer = stage.connect(number);
        stage.hear(peer, new PeerMessage.Interested());
        return peer;
    }

    private static List<Integer> suggested(List<PeerMessage> messages) {
        List<Integer> pieces = new ArrayList<>();
        for (PeerMessage message : messages) {
            if (message instanceof PeerMessage.SuggestPiece(int piece)) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    private static void read(Stage stage, int peer, int piece) {
        BlockRange block = LAYOUT.block(piece, 0);
        stage.hear(peer, new PeerMessage.Request(block));
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(block);
    }

    // Suggestions.

    @Test
    void aSeedSuggestsWhatItReadLastToWhomItUnchokes() {
        Stage stage = seed();
        int reader = interested(stage, 1);
        int owner = stage.connect(2);
        for (int piece = 0; piece < 9; piece++) {
            stage.hear(owner, new PeerMessage.Have(piece));
        }
        for (int piece = 3; piece < 13; piece++) {
            read(stage, reader, piece % 10);
        }
        List<PeerMessage> told = stage.sentTo(interested(stage, 3));
        assertThat(told).contains(new PeerMessage.Unchoke());
        assertThat(suggested(told))
                .as("the last %d, but for 9, which nobody else has", Suggestions.MAX_PIECES)
                .containsExactly(0, 1, 2);
    }

    @Test
    void aLeechSuggestsNothing() {
        PieceSet some = new PieceSet(LAYOUT.pieces());
        some.add(5);
        Stage stage = new Stage(LAYOUT, some);
        stage.hear(stage.connect(2), new PeerMessage.Have(5));
        read(stage, interested(stage, 1), 5);
        assertThat(suggested(stage.sentTo(interested(stage, 3)))).isEmpty();
    }

    @Test
    void aLeechPrefersWhatThePeerSuggestsAmongEquals() {
        for (int piece = 0; piece < 100; piece += 7) {
            Stage stage = leech();
            int seed = stage.connect(1);
            stage.hear(seed, new PeerMessage.HaveAll());
            stage.hear(seed, new PeerMessage.SuggestPiece(piece));
            stage.hear(seed, new PeerMessage.Unchoke());
            assertThat(stage.requestedFrom(seed)).first().isEqualTo(LAYOUT.block(piece, 0));
        }
    }

    // Allowed fast.

    @Test
    void aChokedLeechAsksForWhatItIsAllowed() {
        Stage stage = leech();
        int seed = stage.connect(1);
        stage.hear(seed, new PeerMessage.HaveAll());
        assertThat(stage.requestedFrom(seed)).isEmpty();
        stage.hear(seed, new PeerMessage.AllowedFast(42));
        assertThat(stage.requestedFrom(seed)).isNotEmpty().allMatch(block -> block.piece() == 42);
    }

    // Upload only.

    private static List<Boolean> uploadOnly(List<PeerMessage> messages) {
        List<Boolean> said = new ArrayList<>();
        for (PeerMessage message : messages) {
            if (message instanceof PeerMessage.Extended(int id, var payload)
                    && id == ExtensionHandshake.ID
                    && ExtensionHandshake.decode(payload)
                            instanceof Decoding.Decoded<ExtensionHandshake>(ExtensionHandshake description)) {
                said.add(Boolean.TRUE.equals(description.uploadOnly()));
            }
        }
        return said;
    }

    private static void saysUploadOnly(Stage stage, int peer, boolean only) {
        byte[] words = ("d11:upload_onlyi" + (only ? 1 : 0) + "ee").getBytes(StandardCharsets.US_ASCII);
        stage.hear(peer, new PeerMessage.Extended(ExtensionHandshake.ID, ByteBuffer.wrap(words)));
    }

    private static Stage missing(int piece) {
        PieceSet most = PieceSet.full(LAYOUT.pieces());
        most.remove(piece);
        return new Stage(LAYOUT, most);
    }

    @Test
    void whoWantsNothingMoreSaysSoAndTakesItBack() {
        Stage stage = missing(9);
        int peer = stage.connect(1);
        assertThat(uploadOnly(stage.sentTo(peer))).containsExactly(false);
        stage.swarm.setPiecePriority(9, 0, stage.now);
        stage.drain();
        assertThat(uploadOnly(stage.sentTo(peer))).containsExactly(true);
        assertThat(uploadOnly(stage.sentTo(stage.connect(2)))).containsExactly(true);
        stage.swarm.setPiecePriority(9, 4, stage.now);
        stage.drain();
        assertThat(uploadOnly(stage.sentTo(peer))).containsExactly(false);
    }

    @Test
    void twoWhoOnlyUploadPart() {
        Stage stage = missing(9);
        stage.swarm.setPiecePriority(9, 0, stage.now);
        stage.drain();
        int peer = stage.connect(1);
        saysUploadOnly(stage, peer, true);
        assertThat(stage.closeReason(peer)).isEqualTo(Kind.NOTHING_TO_TRADE);
    }

    @Test
    void whoOnlyUploadsIsWelcomeToALeechAndIsNoDownloader() {
        Stage stage = leech();
        int peer = stage.connect(1);
        stage.hear(peer, new PeerMessage.Have(3));
        saysUploadOnly(stage, peer, true);
        assertThat(stage.isOpen(peer)).isTrue();
        assertThat(stage.swarm.peers(stage.now).getFirst().uploadOnly()).isTrue();
        stage.connect(2);
        assertThat(stage.swarm.stats(stage.now).downloaders()).isEqualTo(1);
        saysUploadOnly(stage, peer, false);
        assertThat(stage.swarm.stats(stage.now).downloaders()).isEqualTo(2);
    }
}
