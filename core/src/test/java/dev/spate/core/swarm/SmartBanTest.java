package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import org.junit.jupiter.api.Test;

class SmartBanTest {
    private static final PieceLayout LAYOUT = new PieceLayout(1000L * 65536, 65536);

    private final SmartBan smartBan = new SmartBan(LAYOUT);
    private final Origin a = new Origin(PeerAddress.of(new byte[] {1, 1, 1, 1}, 1));
    private final Origin b = new Origin(PeerAddress.of(new byte[] {2, 2, 2, 2}, 2));

    private void deliver(int piece, Origin... origins) {
        for (int block = 0; block < origins.length; block++) {
            smartBan.arrived(LAYOUT.block(piece, block), origins[block]);
        }
    }

    @Test
    void whoDeliveredAWholeBadPieceIsToBlame() {
        deliver(3, a, a, a, a);
        assertThat(smartBan.failed(3, BlockDigests.of(1, 2, 3, 4)).culprit()).isSameAs(a);
        assertThat(smartBan.isSuspect(3)).isFalse();
    }

    @Test
    void ofSeveralNobodyIsBlamedUntilTheGoodPieceTells() {
        deliver(3, a, b, a, b);
        SmartBan.Blame blame = smartBan.failed(3, BlockDigests.of(1, 2, 99, 4));
        assertThat(blame.culprit()).isNull();
        assertThat(blame.suspects()).containsExactly(a, b);
        assertThat(smartBan.isSuspect(3)).isTrue();

        deliver(3, b, b, b, b);
        assertThat(smartBan.contributors(3)).containsExactly(b);
        assertThat(smartBan.verified(3, BlockDigests.of(1, 2, 3, 4)))
                .containsExactly(new SmartBan.BadBlock(a, LAYOUT.block(3, 2)));
        assertThat(smartBan.isSuspect(3)).isFalse();
    }

    @Test
    void severalFailuresAreAllSettledByTheGoodPiece() {
        Origin c = new Origin(PeerAddress.of(new byte[] {3, 3, 3, 3}, 3));
        deliver(3, a, b, b, b);
        smartBan.failed(3, BlockDigests.of(91, 2, 3, 4));
        deliver(3, c, c, b, b);
        smartBan.failed(3, BlockDigests.of(1, 92, 3, 4));
        deliver(3, b, b, b, b);

        assertThat(smartBan.verified(3, BlockDigests.of(1, 2, 3, 4)))
                .extracting(SmartBan.BadBlock::origin)
                .containsExactly(a, c);
    }

    @Test
    void aDiscardedPieceLeavesNoTrace() {
        deliver(3, a, b);
        smartBan.discarded(3);
        deliver(3, b, b, b, b);
        assertThat(smartBan.contributors(3)).containsExactly(b);
    }

    @Test
    void rememberedFailuresAreBounded() {
        for (int piece = 0; piece < LAYOUT.pieces(); piece++) {
            for (int failure = 0; failure < 20; failure++) {
                deliver(piece, a, b, a, b);
                smartBan.failed(piece, BlockDigests.of(failure, 2, 3, 4));
            }
        }
        assertThat(smartBan.suspectPieces()).isEqualTo(SmartBan.MAX_SUSPECT_PIECES);
        // The oldest failures of a piece are forgotten, not its latest.
        assertThat(smartBan.verified(LAYOUT.pieces() - 1, BlockDigests.of(-1, 2, 3, 4)))
                .containsExactly(new SmartBan.BadBlock(a, LAYOUT.block(LAYOUT.pieces() - 1, 0)));
    }
}
