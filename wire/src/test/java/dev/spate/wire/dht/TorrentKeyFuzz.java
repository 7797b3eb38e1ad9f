package dev.spate.wire.dht;

import dev.spate.wire.Decoding;
import java.nio.charset.StandardCharsets;

/** Any text is a link to a key or not, and what is one survives being written and read again. */
public final class TorrentKeyFuzz {
    private TorrentKeyFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String link = new String(input, StandardCharsets.UTF_8);
        if (TorrentKey.parse(link) instanceof Decoding.Decoded<TorrentKey>(var key)
                && !TorrentKey.parse(key.toString()).equals(new Decoding.Decoded<>(key))) {
            throw new AssertionError("not the same again: " + key);
        }
    }
}
