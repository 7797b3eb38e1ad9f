package dev.spate.wire.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.charset.StandardCharsets;

/** What no input may do to magnet links. */
public final class MagnetFuzz {
    private MagnetFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String link = new String(input, StandardCharsets.UTF_8);
        if (Magnet.parse(link) instanceof Decoding.Decoded<Magnet>(var magnet)) {
            assertThat(Magnet.parse(magnet.toString())).isEqualTo(new Decoding.Decoded<>(magnet));
        }
    }
}
