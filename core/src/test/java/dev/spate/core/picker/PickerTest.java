package dev.spate.core.picker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PickerTest {
    private static final int BLOCK = PieceLayout.BLOCK_LENGTH;

    @Test
    void fetchesAWholeTorrentFromOneSeed() {
        PieceLayout layout = new PieceLayout(9L * BLOCK + 1, 4 * BLOCK);
        Picker picker = new Picker(layout, new PieceSet(3), piece -> true, new Random(1));
        PieceSet seed = PieceSet.full(3);
        picker.peerJoined(seed);
        while (picker.wantedPieces() > 0) {
            List<BlockRange> blocks = new ArrayList<>();
            picker.pick(new Picker.Ask(0, seed, 3, Pace.FAST, null, false, 0), blocks);
            assertThat(blocks).isNotEmpty();
            for (BlockRange block : blocks) {
                assertThat(picker.arriving(0, block, 0)).isEqualTo(Verdict.WANTED);
                if (picker.arrived(0, block).pieceFull()) {
                    picker.pieceVerified(block.piece());
                    picker.pieceFlushed(block.piece());
                }
            }
        }
        assertThat(picker.wantedBytes()).isZero();
        assertThat(picker.openPieces()).isEmpty();
    }
}
