package dev.spate.classic.course.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.setup.Parsed;
import dev.spate.classic.course.setup.PeerList;
import java.nio.charset.StandardCharsets;

/** What no text of {@code PeerInfo.cfg} may do. */
public final class PeerListFuzz {
    private PeerListFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        switch (PeerList.parse(new String(input, StandardCharsets.UTF_8))) {
            case Parsed.Good<PeerList>(var value) ->
                assertThat(PeerList.parse(value.text())).isEqualTo(new Parsed.Good<>(value));
            case Parsed.Bad<PeerList>(var problems) ->
                assertThat(problems).isNotEmpty().allSatisfy(problem -> {
                    assertThat(problem.what()).isNotEmpty().hasSizeLessThan(1000);
                    assertThat(problem.remedy()).isNotEmpty();
                });
        }
    }
}
