package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.choke.Trading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the rules of trading do to those who follow them, and to the others. */
class TradingScenariosTest {

    @Test
    void explore() {
        for (long seed = 0; seed < 2; seed++) {
            for (Trading crowd : Trading.values()) {
                StringBuilder line = new StringBuilder("== seed " + seed + " crowd " + crowd);
                for (Trading ours : Trading.values()) {
                    Run run = run(seed, crowd, ours);
                    line.append("; ")
                            .append(ours)
                            .append(' ')
                            .append(run.one)
                            .append(" others ")
                            .append(run.others)
                            .append(" sent ")
                            .append(run.sent);
                }
                System.out.println(line);
            }
        }
    }

    private record Run(long one, long others, long sent) {}

    private static Run run(long seed, Trading crowd, Trading ours) {
        Simulation world =
                new Simulation(SimulationOptions.of(seed, 200, 256 * 1024).withLookEvery(5000));
        world.host("seed", world.complete().withLine(Line.mbit(2, 10))).join();
        List<Host> others = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Host host = world.host(
                    "other " + i,
                    world.ordinary()
                            .withLine(Line.mbit(1, 20))
                            .withSettings(world.ordinary().settings().withTrading(crowd)));
            host.join();
            others.add(host);
        }
        Host one = world.host(
                "one",
                world.ordinary()
                        .withLine(Line.mbit(8, 50))
                        .withSettings(world.ordinary().settings().withTrading(ours)));
        one.join();
        assertThat(world.runUntil(one::isComplete, Duration.ofMinutes(60))).isTrue();
        long done = world.elapsed().toSeconds();
        long sent = one.blocksSent();
        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(60)))
                .isTrue();
        long all = others.stream()
                        .mapToLong(host -> Objects.requireNonNull(host.completedAfter()).toSeconds())
                        .sum()
                / others.size();
        return new Run(done, all, sent);
    }
}
