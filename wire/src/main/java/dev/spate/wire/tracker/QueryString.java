package dev.spate.wire.tracker;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of a URL behind the question mark: names and values, in order.
 *
 * <p>Values are any bytes, so each {@code char} of a value stands for one byte. A plus sign is itself: clients escape spaces
 * as {@code %20}, and info-hashes are full of bytes that some leave as a plus sign.
 */
final class QueryString {

    /** The longest query that is read, in characters; an announce has about 400, a scrape of 100 swarms 7,500. */
    static final int MAX_LENGTH = 16_384;

    private static final String UNESCAPED = "-._~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private record Item(String name, String value) {}

    private final List<Item> items = new ArrayList<>();

    /**
     * Takes a query apart.
     *
     * @param query as it stood in the URL, still escaped, without the question mark
     */
    static Decoding<QueryString> decode(String query) {
        if (query.length() > MAX_LENGTH) {
            return new Malformed<>(MAX_LENGTH, "query of " + query.length() + " characters");
        }
        QueryString result = new QueryString();
        int begin = 0;
        while (begin < query.length()) {
            int end = query.indexOf('&', begin);
            end = end < 0 ? query.length() : end;
            int equals = query.indexOf('=', begin);
            equals = equals < 0 || equals > end ? end : equals;
            String name = unescaped(query.substring(begin, equals));
            String value = unescaped(query.substring(Math.min(equals + 1, end), end));
            if (name == null || value == null) {
                return new Malformed<>(begin, "query with a broken escape");
            }
            result.items.add(new Item(name, value));
            begin = end + 1;
        }
        return new Decoded<>(result);
    }

    private static @Nullable String unescaped(String text) {
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = hexDigit(text, i + 1);
                int low = hexDigit(text, i + 2);
                if (high < 0 || low < 0) {
                    return null;
                }
                c = (char) (high << 4 | low);
                i += 2;
            } else if (c > 0xff) {
                return null;
            }
            result.append(c);
        }
        return result.toString();
    }

    /** The digit's value; -1 where there is none. */
    private static int hexDigit(String text, int index) {
        return index < text.length() && text.charAt(index) < 0x80 ? Character.digit(text.charAt(index), 16) : -1;
    }

    /** The value of the first item with this name. */
    Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }

    /** The values of all items with this name. */
    List<String> values(String name) {
        return items.stream()
                .filter(item -> item.name().equals(name))
                .map(Item::value)
                .toList();
    }

    QueryString add(String name, String value) {
        items.add(new Item(name, value));
        return this;
    }

    QueryString add(String name, long value) {
        return add(name, Long.toString(value));
    }

    QueryString add(String name, byte[] value) {
        return add(name, new String(value, StandardCharsets.ISO_8859_1));
    }

    /** The URL with this query behind the one that it may have; a fragment is dropped, since no server sees it. */
    String appendedTo(String url) {
        int fragment = url.indexOf('#');
        StringBuilder result = new StringBuilder(fragment < 0 ? url : url.substring(0, fragment));
        int query = result.indexOf("?");
        char separator = query < 0 ? '?' : '&';
        boolean separated = query >= 0 && (query == result.length() - 1 || result.charAt(result.length() - 1) == '&');
        for (Item item : items) {
            if (!separated) {
                result.append(separator);
            }
            result.append(item.name()).append('=');
            escape(item.value(), result);
            separator = '&';
            separated = false;
        }
        return result.toString();
    }

    private static void escape(String value, StringBuilder into) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain = (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || UNESCAPED.indexOf(c) >= 0;
            if (plain) {
                into.append(c);
            } else {
                into.append('%').append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
            }
        }
    }
}
