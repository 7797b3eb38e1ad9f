package dev.spate.core.peer;

import dev.spate.wire.Decoding;
import dev.spate.wire.peer.ExtensionHandshake;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a peer says about itself in its extension handshakes, of which a later one changes only what it holds (BEP 10). */
final class TheirDescription {
    private @Nullable ExtensionHandshake known;

    /** All that was said so far; null before anything was. */
    @Nullable
    ExtensionHandshake known() {
        return known;
    }

    /** The number that the peer wants to see on messages of an extension, or 0 if it does not want any. */
    int idOf(String extension) {
        ExtensionHandshake said = known;
        return said == null ? 0 : said.extensions().getOrDefault(extension, 0);
    }

    Heard heard(ByteBuffer payload) {
        return switch (ExtensionHandshake.decode(payload)) {
            case Decoding.Decoded<ExtensionHandshake>(var said) -> {
                known = known == null ? said : merged(known, said);
                yield new Heard.Described();
            }
            case Decoding.NeedMore<ExtensionHandshake> _ -> malformed("it ends early");
            case Decoding.Malformed<ExtensionHandshake> why -> malformed(why.toString());
        };
    }

    private static Heard malformed(String why) {
        return Heard.ended(CloseReason.Kind.BAD_EXTENSION_MESSAGE, why);
    }

    private static ExtensionHandshake merged(ExtensionHandshake before, ExtensionHandshake said) {
        SortedMap<String, Integer> extensions = new TreeMap<>(before.extensions());
        for (Map.Entry<String, Integer> each : said.extensions().entrySet()) {
            if (extensions.size() < ExtensionHandshake.MAX_EXTENSIONS || extensions.containsKey(each.getKey())) {
                extensions.put(each.getKey(), each.getValue());
            }
        }
        return new ExtensionHandshake(
                extensions,
                later(before.client(), said.client()),
                later(before.listenPort(), said.listenPort()),
                later(before.maxRequests(), said.maxRequests()),
                later(before.yourIp(), said.yourIp()),
                later(before.ipv4(), said.ipv4()),
                later(before.ipv6(), said.ipv6()),
                later(before.uploadOnly(), said.uploadOnly()),
                later(before.metadataSize(), said.metadataSize()));
    }

    private static <T> @Nullable T later(@Nullable T before, @Nullable T said) {
        return said == null ? before : said;
    }
}
