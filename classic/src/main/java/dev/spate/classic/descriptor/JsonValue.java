package dev.spate.classic.descriptor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A value of JSON (RFC 8259), as it was written: members keep their order, numbers their digits.
 *
 * <p>Each knows at which character of its text it began, for what is said about it; -1 if it was never in a text.
 */
sealed interface JsonValue {

    int at();

    /** Members in the order of the text, each name once. */
    record Members(SequencedMap<String, JsonValue> members, int at) implements JsonValue {
        public Members {
            members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
        }

        /** The same with this member, in its old place if it had one. */
        Members with(String name, JsonValue value) {
            SequencedMap<String, JsonValue> changed = new LinkedHashMap<>(members);
            changed.put(name, value);
            return new Members(changed, at);
        }
    }

    record Elements(List<JsonValue> elements, int at) implements JsonValue {
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    record Text(String text, int at) implements JsonValue {}

    /** As it was written, for it may have more digits than a {@code long} or {@code double}. */
    record Numeral(String digits, int at) implements JsonValue {}

    record Truth(boolean value, int at) implements JsonValue {}

    record Nothing(int at) implements JsonValue {}

    static Text of(String text) {
        return new Text(text, -1);
    }

    static Numeral of(long number) {
        return new Numeral(String.valueOf(number), -1);
    }

    static Elements of(List<? extends JsonValue> elements) {
        return new Elements(new ArrayList<>(elements), -1);
    }

    /** Text with a member or element a line; objects and lists within lists stand on one line. */
    static String write(JsonValue value) {
        StringBuilder text = new StringBuilder();
        write(value, "\n", text);
        return text.append('\n').toString();
    }

    /** @param lineBreak and indentation of the line that the value stands in; empty for none */
    private static void write(JsonValue value, String lineBreak, StringBuilder into) {
        String inner = lineBreak.isEmpty() ? "" : lineBreak + "  ";
        switch (value) {
            case Members(var members, int _) -> {
                String separator = "{";
                for (var member : members.entrySet()) {
                    into.append(separator).append(inner);
                    quote(member.getKey(), into);
                    into.append(": ");
                    write(member.getValue(), inner, into);
                    separator = lineBreak.isEmpty() ? ", " : ",";
                }
                into.append(members.isEmpty() ? "{" : lineBreak).append('}');
            }
            case Elements(var elements, int _) -> {
                String separator = "[";
                for (JsonValue element : elements) {
                    into.append(separator).append(inner);
                    write(element, "", into);
                    separator = lineBreak.isEmpty() ? ", " : ",";
                }
                into.append(elements.isEmpty() ? "[" : lineBreak).append(']');
            }
            case Text(String text, int _) -> quote(text, into);
            case Numeral(String digits, int _) -> into.append(digits);
            case Truth(boolean truth, int _) -> into.append(truth);
            case Nothing(int _) -> into.append("null");
        }
    }

    private static void quote(String text, StringBuilder into) {
        into.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                into.append('\\').append(c);
            } else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c)) {
                into.append(String.format("\\u%04x", (int) c));
            } else {
                into.append(c);
            }
        }
        into.append('"');
    }
}
