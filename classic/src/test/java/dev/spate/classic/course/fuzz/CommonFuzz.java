package dev.spate.classic.course.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.Parsed;
import java.nio.charset.StandardCharsets;

/** What no text of {@code Common.cfg} may do. */
public final class CommonFuzz {
    private CommonFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        switch (Common.parse(new String(input, StandardCharsets.UTF_8))) {
            case Parsed.Good<Common>(var value) ->
                assertThat(Common.parse(value.text())).isEqualTo(new Parsed.Good<>(value));
            case Parsed.Bad<Common>(var problems) ->
                assertThat(problems).isNotEmpty().allSatisfy(problem -> {
                    assertThat(problem.what()).isNotEmpty().hasSizeLessThan(1000);
                    assertThat(problem.remedy()).isNotEmpty();
                });
        }
    }
}
