package dev.spate.classic.course.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RulePageTest {
    @Test
    void thePageForTeachersHasEachRuleAsItIs() throws IOException {
        assertThat(Files.readAllLines(Path.of("../docs/course.md")))
                .containsAll(Arrays.stream(Rule.values())
                        .map(rule -> "| `" + rule.title() + "` | " + rule.sentence() + " |")
                        .toList());
    }
}
