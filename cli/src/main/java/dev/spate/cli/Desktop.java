package dev.spate.cli;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Shows a URL in the program that the user has for such things. */
final class Desktop {
    private Desktop() {}

    /** Starts the program and does not wait for it. */
    static void open(URI uri) throws IOException {
        new ProcessBuilder(command(System.getProperty("os.name", ""), uri))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** How each system wants it; the URL is an argument of its own and passes through no shell. */
    static List<String> command(String system, URI uri) {
        String lower = system.toLowerCase(Locale.ROOT);
        if (lower.startsWith("windows")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler", uri.toASCIIString());
        }
        return List.of(lower.startsWith("mac") ? "open" : "xdg-open", uri.toASCIIString());
    }
}
