package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    @Test
    void theManualListsEachCodeAsItIs() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("../docs/cli.md")).stream()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(ExitCode.values())
                        .map(code -> "| " + code.number() + " | `" + code + "` | " + code.meaning() + " |")
                        .toList());
    }

    @Test
    void aProcessCanEndWithEachCode() {
        assertThat(ExitCode.values()).extracting(ExitCode::number).doesNotHaveDuplicates();
        assertThat(ExitCode.values())
                .allSatisfy(code -> assertThat(code.number()).isBetween(0, 255));
    }
}
