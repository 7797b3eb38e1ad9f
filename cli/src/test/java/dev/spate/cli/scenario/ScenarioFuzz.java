package dev.spate.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** What no scenario may do; one that is good is the same after it was written and read again. */
public final class ScenarioFuzz {
    private ScenarioFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        switch (ScenarioReader.read(new String(input, StandardCharsets.UTF_8))) {
            case ScenarioRead.Good good ->
                assertThat(ScenarioReader.read(ScenarioWriter.write(good.scenario())))
                        .isEqualTo(good);
            case ScenarioRead.Bad(String problem, String remedy) -> {
                assertThat(problem).isNotBlank();
                assertThat(remedy).isNotBlank();
            }
        }
    }
}
