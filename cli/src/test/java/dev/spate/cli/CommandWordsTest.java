package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandWordsTest {

    static Stream<Arguments> commands() {
        return Stream.of(
                Arguments.of("notify", List.of("notify")),
                Arguments.of("  a \t b\n", List.of("a", "b")),
                Arguments.of("a 'b  c' \"d e\"", List.of("a", "b  c", "d e")),
                Arguments.of("a''b x\"y\"z", List.of("ab", "xyz")),
                Arguments.of("a '' \"\"", List.of("a", "", "")),
                Arguments.of("a\\ b \\'", List.of("a b", "'")),
                Arguments.of("a '\\' \"\\\"\"", List.of("a", "\\", "\"")),
                Arguments.of("a; b && $C > *", List.of("a;", "b", "&&", "$C", ">", "*")));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void areDividedAsTheyAreWritten(String command, List<String> words) {
        assertThat(CommandWords.of(command)).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "''", "a 'b", "a \"b'", "a\\"})
    void halfACommandIsNone(String command) {
        assertThatThrownBy(() -> CommandWords.of(command)).isInstanceOf(IllegalArgumentException.class);
    }
}
