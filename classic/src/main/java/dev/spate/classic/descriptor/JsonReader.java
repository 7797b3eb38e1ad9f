package dev.spate.classic.descriptor;

import dev.spate.wire.Decoding;
import dev.spate.wire.PlainText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text (RFC 8259) strictly: UTF-8, nothing behind the value, no name twice in an object, at most {@link #MAX_DEPTH} deep.
 * A reason begins with line and column, both from 1.
 *
 * <p>Implementation note. Each method reads one kind of value and returns null when it cannot; the first reason is kept, and everybody
 * above returns null as well.
 */
final class JsonReader {
    static final int MAX_DEPTH = 64;

    private final String text;
    private int at;
    private int depth;
    private @Nullable String problem;
    private int problemAt;

    private JsonReader(String text) {
        this.text = text;
    }

    /** {@code Decoded}, or {@code Malformed} with the number of a character as its offset. */
    static Decoding<JsonValue> read(byte[] utf8) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Decoding.Malformed<>(0, "the text is not UTF-8; save it as UTF-8");
        }
        JsonReader reader = new JsonReader(text);
        JsonValue value = reader.value();
        if (value != null) {
            reader.skipSpace();
            if (reader.at == text.length()) {
                return new Decoding.Decoded<>(value);
            }
            reader.fail("something stands behind the last brace; remove it");
        }
        return new Decoding.Malformed<>(reader.problemAt, place(text, reader.problemAt) + reader.problem);
    }

    /** Where a character stands, to begin a sentence with. */
    static String place(String text, int at) {
        int line = 1;
        int lineBegin = 0;
        for (int i = 0; i < Math.min(at, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineBegin = i + 1;
            }
        }
        return "line " + line + ", column " + (at - lineBegin + 1) + ": ";
    }

    private @Nullable JsonValue value() {
        skipSpace();
        int begin = at;
        return switch (peek()) {
            case '{' -> nested(begin, true);
            case '[' -> nested(begin, false);
            case '"' -> {
                String content = string();
                if (content == null) {
                    yield null;
                }
                yield new JsonValue.Text(content, begin);
            }
            case 't' -> word("true", new JsonValue.Truth(true, begin));
            case 'f' -> word("false", new JsonValue.Truth(false, begin));
            case 'n' -> word("null", new JsonValue.Nothing(begin));
            default -> number(begin);
        };
    }

    private @Nullable JsonValue nested(int begin, boolean object) {
        if (depth == MAX_DEPTH) {
            return fail("nested more than " + MAX_DEPTH + " deep");
        }
        depth++;
        at++;
        JsonValue value = object ? members(begin) : elements(begin);
        depth--;
        return value;
    }

    private @Nullable JsonValue members(int begin) {
        SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
        skipSpace();
        if (take('}')) {
            return new JsonValue.Members(members, begin);
        }
        do {
            skipSpace();
            int nameAt = at;
            if (peek() != '"') {
                return fail("a name in quotes is missing");
            }
            String name = string();
            if (name == null) {
                return null;
            }
            skipSpace();
            if (!take(':')) {
                return fail("a colon is missing behind \"" + shown(name) + "\"");
            }
            JsonValue value = value();
            if (value == null) {
                return null;
            }
            if (members.put(name, value) != null) {
                at = nameAt;
                return fail("\"" + shown(name) + "\" is there twice; remove one of them");
            }
            skipSpace();
        } while (take(','));
        return take('}') ? new JsonValue.Members(members, begin) : fail("a comma or a closing brace is missing");
    }

    private static String shown(String name) {
        return PlainText.of(name, 40);
    }

    private @Nullable JsonValue elements(int begin) {
        List<JsonValue> elements = new ArrayList<>();
        skipSpace();
        if (take(']')) {
            return new JsonValue.Elements(elements, begin);
        }
        do {
            JsonValue value = value();
            if (value == null) {
                return null;
            }
            elements.add(value);
            skipSpace();
        } while (take(','));
        return take(']') ? new JsonValue.Elements(elements, begin) : fail("a comma or a closing bracket is missing");
    }

    private @Nullable String string() {
        StringBuilder content = new StringBuilder();
        at++;
        while (true) {
            int c = peek();
            if (c < 0) {
                fail("a closing quote is missing");
                return null;
            } else if (c == '"') {
                at++;
                return content.toString();
            } else if (c < 0x20) {
                fail("a control character stands in a text");
                return null;
            } else if (c != '\\') {
                content.append((char) c);
                at++;
            } else if (!escape(content)) {
                return null;
            }
        }
    }

    private boolean escape(StringBuilder content) {
        at++;
        int escaped = "\"\\/bfnrt".indexOf(peek());
        if (escaped >= 0) {
            content.append("\"\\/\b\f\n\r\t".charAt(escaped));
            at++;
            return true;
        }
        if (peek() == 'u' && text.length() - at >= 5) {
            String digits = text.substring(at + 1, at + 5);
            if (digits.matches("\\p{XDigit}{4}")) {
                content.append((char) Integer.parseInt(digits, 16));
                at += 5;
                return true;
            }
        }
        fail("no such escape; write \\\\ for a backslash");
        return false;
    }

    private @Nullable JsonValue number(int begin) {
        take('-');
        if (!take('0') && !digits()) {
            at = begin;
            return fail(at == text.length() ? "the text ends early" : "not a value of JSON");
        }
        if (take('.') && !digits()) {
            return fail("a digit is missing behind the point");
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            if (!digits()) {
                return fail("a digit of the exponent is missing");
            }
        }
        return new JsonValue.Numeral(text.substring(begin, at), begin);
    }

    private boolean digits() {
        int begin = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at > begin;
    }

    private @Nullable JsonValue word(String word, JsonValue meaning) {
        if (!text.startsWith(word, at)) {
            return fail("not a value of JSON");
        }
        at += word.length();
        return meaning;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    private boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    /** The next character, or -1 at the end. */
    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private @Nullable JsonValue fail(String reason) {
        if (problem == null) {
            problem = reason;
            problemAt = at;
        }
        return null;
    }
}
