package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spate simulate}, small. */
class SimulateCommandTest {
    @TempDir
    private Path folder;

    private final Console console = new Console();

    @Test
    void runsAScenarioAndWritesItsReport() throws Exception {
        Path report = folder.resolve("report");
        int code =
                console.run("simulate", "flash-crowd", "--peers", 8, "--pieces", 16, "--seed", 3, "--report", report);
        assertThat(code).as(console.err()).isZero();
        assertThat(console.out())
                .contains("flash-crowd: 8 hosts, 16 pieces of 256 KiB, seed 3", "log hash:", "invariants: held");
        assertThat(report.resolve("index.html"))
                .content()
                .startsWith("<!doctype html>")
                .contains("</html>");
        assertThat(report.resolve("samples.csv")).content().startsWith("seconds,");

        assertThat(console.run("simulate", "slow-seed", "--peers", 4, "--pieces", 4, "--report", report))
                .isEqualTo(ExitCode.NAME_CLASH.number());
        assertThat(console.run("simulate", "slow-seed", "--peers", 4, "--pieces", 4, "--report", report, "--overwrite"))
                .isZero();
    }

    @Test
    void aFileIsAsGoodAsAName() throws Exception {
        assertThat(console.run("simulate", "poisoners", "--print")).isZero();
        Path file = Files.writeString(folder.resolve("mine.toml"), console.out());
        Console named = new Console();
        Console read = new Console();
        assertThat(named.run("simulate", "poisoners", "--peers", 12, "--pieces", 16, "--json"))
                .isZero();
        assertThat(read.run("simulate", file, "--peers", 12, "--pieces", 16, "--json"))
                .isZero();
        assertThat(read.out().replaceFirst("\"wallSeconds.*", ""))
                .isEqualTo(named.out().replaceFirst("\"wallSeconds.*", ""))
                .contains("\"good\":true", "\"logHash\":");
    }

    @Test
    void sumsUpManySeedsAndTellsTheCostAtScale() {
        assertThat(console.run("simulate", "flash-crowd", "--peers", 8, "--pieces", 8, "--seeds", 4))
                .isZero();
        assertThat(console.out()).contains("4 swarms", "all ended well", "times the fluid bound");
        assertThat(console.run("simulate", "random", "--seeds", 5)).isZero();
        assertThat(console.out()).contains("5 swarms");
        Path report = folder.resolve("scale");
        assertThat(console.run("simulate", "flash-crowd", "--pieces", 4, "--scale", "4,8", "--report", report))
                .isZero();
        assertThat(console.out()).contains("     4 hosts", "     8 hosts", "ns each");
        assertThat(report.resolve("scale.csv")).content().hasLineCount(3);
    }

    @Test
    void aDhtIsSimulatedToo() {
        Path report = folder.resolve("dht");
        assertThat(console.run("simulate", "dht", "--peers", 200, "--report", report))
                .isZero();
        assertThat(console.out()).contains("dht: 200 nodes, seed 1", "lookups found the peer");
        assertThat(report.resolve("index.html")).content().contains("of searches succeed");
    }

    @Test
    void allNamesAreListed() {
        assertThat(console.run("simulate", "--list")).isZero();
        assertThat(console.out()).contains("flash-crowd ", "streaming-viewers ", "dht ", "random ");
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        usage("no scenario is named", "simulate");
        usage("no scenario is named 'flash-mob'", "simulate", "flash-mob");
        usage("not a number of hosts", "simulate", "churn", "--peers", 1);
        usage("not a number of pieces", "simulate", "churn", "--pieces", 0);
        usage("not a number of seeds", "simulate", "churn", "--seeds", 0);
        usage("--scale says", "simulate", "churn", "--scale", 10, "--peers", 10);
        usage("a report is of one run", "simulate", "churn", "--seeds", 2, "--report", folder);
        usage("a DHT has no pieces", "simulate", "dht", "--pieces", 2);
        usage("a DHT of 1 nodes", "simulate", "dht", "--peers", 1);
        usage("of random swarms", "simulate", "random", "--peers", 4);
        assertThat(console.run("simulate", folder.resolve("none.toml"))).isEqualTo(ExitCode.NOT_FOUND.number());
        Path bad = Files.writeString(folder.resolve("bad.toml"), "pieces = \"many\"");
        assertThat(console.run("simulate", bad)).isEqualTo(ExitCode.BAD_CONFIGURATION.number());
        assertThat(console.err()).contains("bad.toml: there is no group");
    }

    private void usage(String problem, Object... arguments) {
        assertThat(console.run(arguments)).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.err()).contains(problem);
    }
}
