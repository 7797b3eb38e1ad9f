package dev.spate.classic.course.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.peer.PeerLookText;
import java.nio.charset.StandardCharsets;

/** What no line of a process on another host may do. */
public final class PeerLookFuzz {
    private PeerLookFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        PeerLookText.read(new String(input, StandardCharsets.UTF_8))
                .ifPresent(look ->
                        assertThat(PeerLookText.read(PeerLookText.write(look))).hasValue(look));
    }
}
