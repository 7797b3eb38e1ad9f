package dev.spate.cli.text;

import java.util.Collection;
import java.util.Optional;

/**
 * Writes one JSON object on one line (RFC 8259), its members in the order in which they were put. What is absent is left out.
 * For one thread.
 */
public final class Json {
    private final StringBuilder text = new StringBuilder("{");

    /** The value of a member: its text is JSON already. */
    private record Raw(String json) {}

    /** A member that is text, a number, a truth value, a list of such, or another object. */
    public Json put(String name, Object value) {
        if (text.length() > 1) {
            text.append(',');
        }
        string(name);
        text.append(':');
        value(value);
        return this;
    }

    /** The same, where there is a value. */
    public Json put(String name, Optional<?> value) {
        value.ifPresent(present -> put(name, (Object) present));
        return this;
    }

    /** The same, where the list has something in it. */
    public Json putUnlessEmpty(String name, Collection<?> values) {
        return values.isEmpty() ? this : put(name, (Object) values);
    }

    /** A number with three decimals at most. */
    public Json putDecimal(String name, double value) {
        return put(name, new Raw(Double.isFinite(value) ? String.valueOf(Math.round(value * 1000) / 1000.0) : "null"));
    }

    private void value(Object value) {
        switch (value) {
            case Integer number -> text.append(number.intValue());
            case Long number -> text.append(number.longValue());
            case Boolean truth -> text.append(truth.booleanValue());
            case Raw(String json) -> text.append(json);
            case Json object -> text.append(object);
            case Collection<?> list -> {
                text.append('[');
                String separator = "";
                for (Object element : list) {
                    text.append(separator);
                    value(element);
                    separator = ",";
                }
                text.append(']');
            }
            default -> string(value.toString());
        }
    }

    private void string(String content) {
        text.append('"');
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    // Also what steers a terminal, and halves of characters, which UTF-8 cannot hold.
                    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || isLone(content, i)) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static boolean isLone(String content, int i) {
        char c = content.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == content.length() || !Character.isLowSurrogate(content.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(content.charAt(i - 1)));
    }

    /** The object, on one line. */
    @Override
    public String toString() {
        return text + "}";
    }
}
