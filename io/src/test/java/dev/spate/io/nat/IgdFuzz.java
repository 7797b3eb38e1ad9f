package dev.spate.io.nat;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What no answer of an Internet gateway device may do: its datagram, its description, its SOAP answer. */
public final class IgdFuzz {
    private IgdFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Igd.location(new String(input, StandardCharsets.ISO_8859_1), "192.168.1.1");
        Igd.service(input, URI.create("http://192.168.1.1:5000/root.xml"));
        Igd.values(input);
    }
}
