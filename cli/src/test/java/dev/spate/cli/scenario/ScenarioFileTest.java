package dev.spate.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.sim.Conduct;
import dev.spate.sim.DiskOptions;
import dev.spate.sim.Line;
import dev.spate.sim.scenario.Arrival;
import dev.spate.sim.scenario.Group;
import dev.spate.sim.scenario.NamedScenarios;
import dev.spate.sim.scenario.Scenario;
import dev.spate.sim.scenario.Stay;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Scenarios as files: what is written is read again, and what is wrong is named with what to do about it. */
class ScenarioFileTest {
    private static final String SMALL = """
            [[group]]
            name = "seed"
            complete = true
            up = "8Mbit"
            down = "8Mbit"
            """;

    static Stream<Scenario> all() {
        return NamedScenarios.all().stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsWrittenIsReadAgain(Scenario scenario) {
        assertThat(ScenarioReader.read(ScenarioWriter.write(scenario))).isEqualTo(new ScenarioRead.Good(scenario));
    }

    @Test
    void everyKeyIsWrittenAndReadAgain() {
        Group odd = Group.leeches(3, new Line(1001, 2002, Duration.ofMillis(3), 0.25, false))
                .named("quotes \" backslashes \\ and \u0001")
                .on(new DiskOptions(Duration.ofMillis(5), Duration.ofSeconds(6), 7, 0.5))
                .arriving(new Arrival.Together(Duration.ofMillis(1500)));
        Scenario scenario = Scenario.of(
                        "odd",
                        "a line\nand another",
                        Group.seeds(1, Line.FAST),
                        odd.behaving(Conduct.stallingAfter(9)).named("stall"),
                        odd.staying(new Stay.UntilComplete(Duration.ofSeconds(2))),
                        Group.seeds(1, Line.FAST).named("lie").behaving(Conduct.lying(0.125)))
                .withNote("because");
        assertThat(ScenarioReader.read(ScenarioWriter.write(scenario))).isEqualTo(new ScenarioRead.Good(scenario));
    }

    @Test
    void littleNeedsToBeSaid() {
        assertThat(ScenarioReader.read(SMALL)).isInstanceOf(ScenarioRead.Good.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pieces = "many"                 | pieces is not a whole number                    | without quotes
            pieces = 0                      | pieces is 0                                     | Write 1 to 100000.
            limit = 90                      | limit has no unit                               | with a unit
            limit = "soon"                  | limit is 'soon'                                 | 1m30s
            limit = "0s"                    | limit is no time                                | such as "30s"
            pices = 9                       | pices means nothing                             | pieces
            name = 7                        | name is not a text                              | in quotes
            name = "Not So"                 | not lower-case words joined by hyphens: 'Not So' | Change
            network = 1                     | network is not a table                          | [network]
            group = 1                       | group is not a list of tables                   | [[group]]
            happening = [1]                 | happening[1] is not a table                     | [[happening]]
            network = { loss = 2 }          | network.loss is not a part of a whole           | 0.0 to 1.0
            network = { los = 1 }           | network.los means nothing                       | loss
            happening = [{ kind = "flood", group = "seed", at = "1s", time = "1s" }] | happening[1].kind is 'flood' | clog
            happening = [{ kind = "clog", group = "sead", at = "1s", time = "1s" }] | something happens to 'sead', and no group of [seed] is named so | Change
            happening = [{ kind = "clog", group = "seed", at = "1s", time = "1s", share = 0 }] | happening[1].share is nothing | 1.0
            happening = [{ kind = "clog" }] | happening[1].group is missing                   | group =
            pieces =                        | line 1: not TOML                                | --print
            """)
    void whatIsWrongAtTheTopIsNamed(String line, String problem, String remedy) {
        boolean replacesGroups = line.startsWith("group");
        bad(line + "\n" + (replacesGroups ? "" : SMALL), problem, remedy);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            count = 0                          | group[1].count is 0                      | Write 1 to
            count = 100000                     | group[1].count is 100000                 | 60000
            reachable = "yes"                  | group[1].reachable is neither true nor false | without quotes
            lies = 1.5                         | group[1].lies is not a part of a whole   | 0.0 to 1.0
            rides-free = true\\nlies = 0.5     | group[1].rides-free goes with neither    | take the other key out
            mean-up = "1s"                     | group[1].mean-up is alone                | mean-down
            mean-up = "1s"\\nmean-down = "1s"\\nleaves-after = "1s" | group[1].leaves-after contradicts | Take one
            arrives-at = "1s"\\narrives-within = "1s" | group[1].arrives-at contradicts   | Take one
            arrives-within = "0s"              | group[1].arrives-within is no time       | such as
            trading = "fair"                   | group[1].trading is 'fair'               | prop-share
            slots = 0                          | group[1].slots is 0                      | Write 1 to
            watches = "2Mbit"                  | the seed watch                           | Change
            slot = 4                           | group[1].slot means nothing              | slots
            """)
    void whatIsWrongInAGroupIsNamed(String lines, String problem, String remedy) {
        bad(SMALL + lines.replace("\\n", "\n"), problem, remedy);
    }

    @Test
    void whatIsMissingIsNamed() {
        bad("", "there is no group", "[[group]]");
        bad(SMALL.replace("name = \"seed\"", ""), "group[1].name is missing", "name = ");
        bad(SMALL.replace("up = \"8Mbit\"", ""), "group[1].up is missing", "up = \"10Mbit\"");
        bad(SMALL.replace("up = \"8Mbit\"", "up = \"0\""), "group[1].up is nothing", "10Mbit");
        bad(SMALL.replace("up = \"8Mbit\"", "up = \"900Gbit\""), "group[1].up is faster than any line", "100Gbit");
        bad(SMALL.replace("complete = true", ""), "no group is both complete and honest", "Change");
        bad(SMALL + SMALL, "two groups are named 'seed'", "Change");
        bad("#".repeat(ScenarioReader.MAX_LENGTH + 1), "longer than", "one group");
    }

    private static void bad(String text, String problem, String remedy) {
        ScenarioRead read = ScenarioReader.read(text);
        assertThat(read).isInstanceOf(ScenarioRead.Bad.class);
        ScenarioRead.Bad bad = (ScenarioRead.Bad) read;
        assertThat(bad.problem()).startsWith(problem);
        assertThat(bad.remedy()).contains(remedy);
    }
}
