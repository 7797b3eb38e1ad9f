package dev.spate.core.picker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PieceLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ExtentsTest {
    private static final int MIB = 1 << 20;

    @Test
    void remembersTheFiveLatestTheLatestFirst() {
        Extents extents = new Extents(new PieceLayout(100L * MIB, MIB));
        for (int piece : new int[] {1, 5, 9, 13, 17, 21, 10}) {
            extents.begun(piece);
        }
        assertThat(firsts(extents)).containsExactly(8, 20, 16, 12, 4);
        assertThat(extents.end(0)).isEqualTo(12);

        extents.usedUp(1);
        assertThat(firsts(extents)).containsExactly(8, 16, 12, 4);
    }

    @Test
    void longPiecesHaveNoNeighbours() {
        Extents extents = new Extents(new PieceLayout(100L * MIB, 4 * MIB));
        extents.begun(3);
        assertThat(extents.count()).isZero();
    }

    @Test
    void tinyPiecesDoNotMakeTheSearchLong() {
        Extents extents = new Extents(new PieceLayout(MIB, 1));
        extents.begun(1000);
        assertThat(extents.end(0) - extents.first(0)).isEqualTo(256);
    }

    private static List<Integer> firsts(Extents extents) {
        return IntStream.range(0, extents.count()).mapToObj(extents::first).toList();
    }
}
