package dev.spate.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.swarm.PeerSource;
import dev.spate.engine.Hindrance;
import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.wire.PieceSet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
                .isEqualTo("film: getting 40.0 %, 1.91 MiB/s down, 3 peers (2 tracker, 1 DHT), 1m 00s left");
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
    void aStandstillIsExplainedAfterAWhileAndOnce() {
        Standstill standstill = new Standstill();
        List<Hindrance> first = List.of(new Hindrance.NobodyToAsk());
        List<Hindrance> second = List.of(new Hindrance.NobodyToAsk(), new Hindrance.Banned(1));
        TorrentStats stats = stats(TorrentState.DOWNLOADING, 0, 0);

        assertThat(review(standstill, stats, first, 0)).isEmpty();
        assertThat(review(standstill, stats, first, 19)).isEmpty();
        assertThat(review(standstill, stats, first, 20)).isEqualTo(first);
        assertThat(review(standstill, stats, first, 21)).isEmpty();
        assertThat(review(standstill, stats, List.of(), 22)).isEmpty();
        assertThat(review(standstill, stats, second, 23)).isEqualTo(second);
        assertThat(review(standstill, stats, first, 24)).isEmpty();
        assertThat(review(standstill, stats, second, 25)).isEmpty();
    }

    @Test
    void aTrackerThatFailsLikeAnotherIsNews() {
        Standstill standstill = new Standstill();
        assertThat(review(standstill, stats(TorrentState.DOWNLOADING, 0, 0), List.of(), 0))
                .isEmpty();
        for (String url : List.of("http://a/", "http://b/")) {
            List<Hindrance> reasons = List.of(new Hindrance.TrackerRefuses(url, "no"));
            assertThat(review(standstill, stats(TorrentState.DOWNLOADING, 0, 0), reasons, 30))
                    .isEqualTo(reasons);
        }
    }

    private static List<Hindrance> review(
            Standstill standstill, TorrentStats stats, List<Hindrance> reasons, long second) {
        return standstill.review(
                stats, () -> reasons, Duration.ofSeconds(second).toNanos());
    }

    @Test
    void reasonsAreSaidWithTheirRemediesAndWithoutControlCharacters() {
        Hindrance hostile = new Hindrance.TrackerRefuses("http://t/", "no\u001b[2J!");
        new PlainProgress(writer, clock::get).standstill("film", List.of(new Hindrance.NobodyToAsk(), hostile));

        assertThat(text.toString().lines()).hasSize(3).first().isEqualTo("film does not go on:");
        assertThat(text.toString())
                .contains("  it has no tracker and no peers are known; add a tracker, name a peer")
                .contains("http://t/ refuses: no")
                .doesNotContain("\u001b");
    }

    @Test
    void forProgramsReasonsAreAnObject() {
        new JsonProgress(writer, clock::get).standstill("film", List.of(new Hindrance.RateLimited("session", 100)));

        assertThat(text.toString())
                .startsWith("{\"type\":\"standstill\",\"name\":\"film\",\"reasons\":[{\"kind\":\"rate-limited\","
                        + "\"about\":\"session\",\"sentence\":\"the download rate of the session is limited to 100")
                .contains("\"remedy\":\"raise the limit\"}]}");
    }

    @Test
    void aMagnetLinkIsShownWithTheNodesOfTheDht() {
        Look look = new Look(
                "film", stats(TorrentState.FETCHING_METADATA, 0, 0), new PieceSet(0), Map.of(), OptionalInt.of(1), "");
        new PlainProgress(writer, clock::get).show(List.of(look));
        new JsonProgress(writer, clock::get).show(List.of(look("film", 0, "")));

        assertThat(text.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("film: fetching metadata, 0 peers, 1 DHT node"),
                        line -> assertThat(line)
                                .contains("\"peersBySource\":{\"tracker\":2,\"dht\":1},\"dhtNodes\":8"));
    }

    private static Look look(String name, long rate, String remark) {
        PieceSet pieces = new PieceSet(10);
        for (int piece = 0; piece < 4; piece++) {
            pieces.add(piece);
        }
        Map<PeerSource, Integer> sources = new EnumMap<>(Map.of(PeerSource.DHT, 1, PeerSource.TRACKER, 2));
        return new Look(name, stats(TorrentState.DOWNLOADING, rate, 3), pieces, sources, OptionalInt.of(8), remark);
    }

    private static TorrentStats stats(TorrentState state, long rate, int peers) {
        return new TorrentStats(
                state,
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
                0,
                Optional.empty());
    }
}
