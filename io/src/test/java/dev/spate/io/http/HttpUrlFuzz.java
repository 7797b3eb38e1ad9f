package dev.spate.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** What no URL of a torrent or a redirect may do. */
public final class HttpUrlFuzz {
    private HttpUrlFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        HttpUrl.parse(new String(input, StandardCharsets.UTF_8)).ifPresent(url -> {
            assertThat(url.host()).isNotEmpty();
            assertThat(url.port()).isBetween(0, 65535);
        });
    }
}
