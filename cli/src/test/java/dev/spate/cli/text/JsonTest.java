package dev.spate.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void writesMembersInTheirOrder() {
        Json json = new Json()
                .put("b", 1)
                .put("a", true)
                .put("nested", new Json().put("x", List.of(1L, "two", List.of())))
                .put("absent", Optional.empty())
                .putUnlessEmpty("none", List.of())
                .putDecimal("d", 1.23456);

        assertThat(json).hasToString("{\"b\":1,\"a\":true,\"nested\":{\"x\":[1,\"two\",[]]},\"d\":1.235}");
    }

    @Test
    void escapesWhatJsonAndTerminalsCannotHave() {
        Json json = new Json().put("t", "\"\\\n\t\u001b[2J\u0085 ü€😀 \ud800");

        assertThat(json).hasToString("{\"t\":\"\\\"\\\\\\n\\t\\u001b[2J\\u0085 ü€😀 \\ud800\"}");
    }
}
