package dev.spate.classic.descriptor;

import org.jspecify.annotations.Nullable;

/** IPv4 addresses in dotted text, as {@code inet_pton} takes them: four numbers without leading zeros. */
final class Ipv4Text {
    private Ipv4Text() {}

    /** The four bytes, or null for any other text. Looks nothing up. */
    static byte @Nullable [] parse(String text) {
        byte[] bytes = new byte[4];
        int part = 0;
        int value = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (value < 0 || part == 3) {
                    return null;
                }
                bytes[part++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) {
                value = Math.max(value, 0) * 10 + c - '0';
                if (value > 255) {
                    return null;
                }
            } else {
                return null;
            }
        }
        if (part != 3 || value < 0) {
            return null;
        }
        bytes[3] = (byte) value;
        return bytes;
    }
}
