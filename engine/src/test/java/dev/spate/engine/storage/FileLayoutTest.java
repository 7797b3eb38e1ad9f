package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.PieceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileLayoutTest {

    /** Against a model that knows the file and position of every single byte. */
    @Test
    void partsOfARangeAreThoseOfItsBytes() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            FileLayout layout = Samples.any(random, 64).layout();
            List<String> model = new ArrayList<>();
            for (int file = 0; file < layout.files(); file++) {
                for (long at = 0; at < layout.file(file).length(); at++) {
                    model.add(file + "@" + at);
                }
            }
            int offset = random.nextInt(model.size() + 1);
            int length = random.nextInt(model.size() - offset + 1);

            List<String> shown = new ArrayList<>();
            layout.<RuntimeException>forEachPart(offset, length, (file, position, from, part) -> {
                assertThat(from).isEqualTo(shown.size());
                for (int i = 0; i < part; i++) {
                    shown.add(file + "@" + (position + i));
                }
            });

            assertThat(shown).as("seed %d", seed).isEqualTo(model.subList(offset, offset + length));
            if (offset < model.size()) {
                assertThat(model.get(offset)).startsWith(layout.fileAt(offset) + "@");
            }
        }
    }

    @Test
    void piecesOfAFileAreThoseThatHoldItsBytes() {
        FileLayout layout = Samples.of(new Random(1), 10, 5, 0, 5, 25, 0, 1).layout();

        assertThat(pieces(layout, 0)).isEqualTo("0-1");
        assertThat(pieces(layout, 1)).isEqualTo("0-0");
        assertThat(pieces(layout, 2)).isEqualTo("0-1");
        assertThat(pieces(layout, 3)).isEqualTo("1-4");
        assertThat(pieces(layout, 4)).isEqualTo("3-3");
        assertThat(pieces(layout, 5)).isEqualTo("3-4");
    }

    private static String pieces(FileLayout layout, int file) {
        return layout.firstPiece(file) + "-" + layout.endPiece(file);
    }

    @Test
    void refusesFilesThatDoNotMakeUpTheRun() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FileLayout(
                        new PieceLayout(11, 10), List.of(new FileLayout.StoredFile(List.of("a"), 10, true))));
    }

    @Test
    void refusesRangesBeyondTheEnd() {
        FileLayout layout = Samples.of(new Random(1), 10, 5, 5).layout();

        assertThatThrownBy(() -> layout.<RuntimeException>forEachPart(8, 3, (file, position, from, part) -> {}))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> layout.fileAt(10)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
