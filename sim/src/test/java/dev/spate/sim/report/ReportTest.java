package dev.spate.sim.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.sim.Conduct;
import dev.spate.sim.Line;
import dev.spate.sim.scenario.ChokeMatrix;
import dev.spate.sim.scenario.FluidBound;
import dev.spate.sim.scenario.Group;
import dev.spate.sim.scenario.Happening;
import dev.spate.sim.scenario.Outcome;
import dev.spate.sim.scenario.Sample;
import dev.spate.sim.scenario.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The report of a run that was made up, against the page as it was last found good. */
class ReportTest {
    private static final String RUDE = "<script>alert(\"1\" & '2')</script>";

    private static Outcome madeUp() {
        Scenario scenario = Scenario.of(
                        "made-up",
                        "A story " + RUDE,
                        Group.seeds(1, Line.mbit(8, 8)),
                        Group.leeches(2, Line.mbit(8, 16)).named(RUDE),
                        Group.leeches(1, Line.mbit(8, 16)).named("rider").behaving(Conduct.FREE_RIDING))
                .withTorrent(16, 1 << 18)
                .withNote("It is made up.")
                .happening(
                        new Happening.Clog(RUDE, 0.5, Duration.ofSeconds(2), Duration.ofSeconds(3), 10),
                        new Happening.ClockJump("rider", 1, Duration.ofSeconds(7), Duration.ofHours(1)));
        return new Outcome(
                scenario,
                42,
                List.of(),
                Duration.ofSeconds(12),
                Duration.ofSeconds(11),
                new FluidBound(4.194304, 2.097152, 3.145728),
                List.of(
                        new Sample(0, List.of(1, 0, 0), List.of(1.0, 0.0, 0.0), 1, 1, 0),
                        new Sample(6, List.of(1, 1, 0), List.of(1.0, 0.75, 0.25), 2, 2.75, 0.875),
                        new Sample(12, List.of(1, 2, 1), List.of(1.0, 1.0, 1.0), 4, 4, 0.5)),
                List.of(List.of(), List.of(5.5, 8.25), List.of(11.0)),
                List.of(List.of(1.5), List.of(0.5, 1.0), List.of(0.0)),
                new ChokeMatrix(
                        List.of("seed", RUDE + " 1", RUDE + " 2", "rider"),
                        List.of(
                                List.of(0.0, 0.5, 0.25, 0.125),
                                List.of(0.0, 0.0, 0.75, 0.0),
                                List.of(0.0, 0.5, 0.0, 0.0),
                                List.of(0.0, 0.0, 0.0, 0.0))),
                List.of(new Outcome.Film(1.5, 2, 3.25)),
                Duration.ofMillis(1700),
                32768,
                0,
                12345,
                0x123456789abcdefL);
    }

    @Test
    void thePageIsAsItWasFoundGood() throws IOException {
        Map<String, String> files = Report.files(madeUp(), Duration.ofMillis(500));
        Path seen = Files.createDirectories(Path.of("target/report-test"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(seen.resolve(file.getKey()), file.getValue());
        }
        assertThat(files.get("index.html"))
                .as("look at %s; if it is as it should be, it is the new src/test/resources/.../good.html", seen)
                .isEqualTo(good());
        assertThat(files.keySet())
                .containsExactly(
                        "index.html", "samples.csv", "completions.csv", "ratios.csv", "chokes.csv", "films.csv");
    }

    private static String good() throws IOException {
        try (InputStream in = ReportTest.class.getResourceAsStream("good.html")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void namesAreTextAndNothingComesFromElsewhere() {
        String page = Report.files(madeUp(), Duration.ofMillis(500)).get("index.html");
        assertThat(page)
                .doesNotContain("<script", "http:", "https:", "src=", "@import", "url(")
                .contains("&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;", "default-src 'none'");
    }

    @Test
    void dataIsQuotedWhereItMustBe() {
        Map<String, String> files = Report.files(madeUp(), Duration.ofMillis(500));
        assertThat(files.get("completions.csv")).isEqualTo("""
                        group,complete_seconds
                        "<script>alert(""1"" & '2')</script>",5.5000
                        "<script>alert(""1"" & '2')</script>",8.2500
                        rider,11.0000
                        """);
        assertThat(files.get("samples.csv"))
                .hasLineCount(4)
                .contains("6.0000,2,2.7500,0.8750,1,1,0,1.0000,0.7500,0.2500");
        assertThat(files.get("films.csv")).endsWith("1.5000,2,3.2500\n");
    }

    @Test
    void wordsTellTheWholeStory() {
        assertThat(Words.summary(madeUp(), Duration.ofMillis(500)))
                .contains(
                        "made-up: 4 hosts, 16 pieces of 256 KiB, seed 42",
                        "last host:  complete after 11.0 s; the fluid bound is 4.2 s, so 162 % longer than a fluid",
                        "events:     12,345 in 0.5 s, 24,690 a second",
                        "log hash:   0123456789abcdef",
                        "invariants: held through 12,345 events; everyone honest was complete in the end.");
    }
}
