package dev.spate.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.engine.TrackerStats;
import dev.spate.wire.PieceSet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter text = new StringWriter();
    private final PrintWriter writer = new PrintWriter(text);
    private final AtomicLong clock = new AtomicLong();

    @Test
    void aPieceMapShowsWhatIsThere() {
        PieceSet pieces = new PieceSet(8);
        pieces.add(0);
        pieces.add(1);
        pieces.add(2);
        assertThat(PieceMap.draw(pieces, 4, PieceMap.Glyphs.ASCII)).isEqualTo("#:  ");
        assertThat(PieceMap.draw(pieces, 16, PieceMap.Glyphs.ASCII)).isEqualTo("######          ");
        assertThat(PieceMap.draw(PieceSet.full(8), 3, PieceMap.Glyphs.UNICODE)).isEqualTo("███");
        assertThat(PieceMap.draw(new PieceSet(0), 2, PieceMap.Glyphs.ASCII)).isEqualTo("##");
    }

    @Test
    void thePictureFitsTheWindow() {
        List<Look> looks = List.of(look("a film with a rather long name.mkv", 2_000_000, ""), look("b", 0, "no peers"));
        for (int width = 1; width < 200; width += 7) {
            for (int height = 1; height < 6; height++) {
                List<AttributedString> lines = Picture.draw(looks, width, height, PieceMap.Glyphs.UNICODE);

                assertThat(lines).hasSizeLessThanOrEqualTo(height);
                for (AttributedString line : lines) {
                    assertThat(line.columnLength()).isLessThanOrEqualTo(width);
                }
            }
        }
        assertThat(Picture.draw(looks, 120, 10, PieceMap.Glyphs.ASCII)
                        .getFirst()
                        .toString())
                .startsWith("a film with a rather long na [####")
                .contains("40.0 %", "down 1.91 MiB/s", "3 peers", "1m 00s left");
    }

    @Test
    void aLineSaysTheSame() {
        assertThat(ProgressText.line(look("film", 2_000_000, "")))
                .isEqualTo("film: getting 40.0 %, 1.91 MiB/s down, 3 peers, 1m 00s left");
    }

    @Test
    void withoutATerminalALineComesNowAndThen() {
        PlainProgress progress = new PlainProgress(writer, clock::get);
        progress.show(List.of(look("film", 1, "")));
        progress.show(List.of(look("film", 2, "")));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        progress.show(List.of(look("film", 3_000_000, "")));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        progress.show(List.of(look("film", 3_000_000, "")));

        assertThat(text.toString().lines()).hasSize(2);
    }

    @Test
    void forProgramsAnObjectComesEachSecond() {
        JsonProgress progress = new JsonProgress(writer, clock::get);
        progress.show(List.of(look("film", 1, "why")));
        progress.show(List.of(look("film", 2, "")));
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        progress.show(List.of(look("film", 3, "")));

        assertThat(text.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith(
                        "{\"type\":\"progress\",\"name\":\"film\",\"state\":\"downloading\",\"totalSize\":200000000,")
                .endsWith("\"remark\":\"why\"}");
    }

    @Test
    void aStandstillIsExplained() {
        TorrentStats alone = stats(0, 0);
        TrackerStats broken = new TrackerStats(
                "http://t/announce",
                0,
                Optional.of("refused"),
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());

        assertThat(Standstill.explain(alone, List.of(), false)).contains("no tracker and no peers", "--peer");
        assertThat(Standstill.explain(alone, List.of(broken), false)).contains("http://t/announce: refused");
        assertThat(Standstill.explain(stats(0, 2), List.of(), false)).contains("no connected peer has");
        assertThat(Standstill.explain(stats(0, 2), List.of(), true)).contains("choked");
        assertThat(Standstill.explain(stats(5, 2), List.of(), true)).isEmpty();
    }

    private static Look look(String name, long rate, String remark) {
        PieceSet pieces = new PieceSet(10);
        for (int piece = 0; piece < 4; piece++) {
            pieces.add(piece);
        }
        return new Look(name, stats(rate, 3), pieces, remark);
    }

    private static TorrentStats stats(long rate, int peers) {
        return new TorrentStats(
                TorrentState.DOWNLOADING,
                200_000_000,
                80_000_000,
                10,
                4,
                10,
                80_000_000,
                0,
                0,
                0,
                rate,
                0,
                peers,
                1,
                0,
                0,
                Optional.empty());
    }
}
