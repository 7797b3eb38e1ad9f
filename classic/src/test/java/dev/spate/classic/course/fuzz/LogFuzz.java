package dev.spate.classic.course.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.log.LogCheck;
import dev.spate.classic.course.log.LogReader;
import dev.spate.classic.course.log.LogText;
import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.wire.PieceLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What no log may do. */
public final class LogFuzz {
    private static final Common COMMON = new Common(1, 5, 10, "f", new PieceLayout(100, 10));
    private static final PeerList PEERS =
            new PeerList(List.of(new PeerLine(1, "a", 1, true), new PeerLine(2, "b", 1, false)));

    private LogFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
        LogReader reader = new LogReader();
        for (String line : lines) {
            reader.read(line)
                    .ifPresent(read -> assertThat(new LogReader().read(LogText.of(read.event())))
                            .hasValueSatisfying(
                                    again -> assertThat(again.event()).isEqualTo(read.event())));
        }
        assertThat(LogCheck.check(COMMON, PEERS, Map.of(1, lines.stream(), 2, lines.stream()))
                        .complete())
                .contains(1);
    }
}
