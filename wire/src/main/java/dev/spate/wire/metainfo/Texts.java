package dev.spate.wire.metainfo;

import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a metainfo's strings as text.
 *
 * <p>BEP 3 wants UTF-8. Old programs wrote whatever their system used, named it under {@code encoding}, and sometimes added
 * the UTF-8 form under a key of the same name with {@code .utf-8} behind it. So that one is asked first; a string that is
 * not UTF-8 is read as {@code encoding} says; and where that does not help, its strange bytes become U+FFFD.
 *
 * @param declared the character set that the metainfo names, or null
 */
record Texts(@Nullable Charset declared) {
    static final Texts UTF_8 = new Texts(null);

    private static final char REPLACEMENT = '\uFFFD';

    static Texts of(BencodeDictionary root) {
        return root.text("encoding").flatMap(Texts::charset).map(Texts::new).orElse(UTF_8);
    }

    private static Optional<Charset> charset(String name) {
        try {
            return Charset.isSupported(name) ? Optional.of(Charset.forName(name)) : Optional.empty();
        } catch (IllegalCharsetNameException e) {
            return Optional.empty();
        }
    }

    String read(BencodeString string) {
        String text = string.text();
        if (declared == null || declared.equals(StandardCharsets.UTF_8) || text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        return new String(string.bytes(), declared);
    }

    /** The strings of a list; what is not a string is passed over. */
    List<String> readAll(BencodeList list) {
        List<String> texts = new ArrayList<>(4);
        for (BencodeValue value : list) {
            if (value instanceof BencodeString string) {
                texts.add(read(string));
            }
        }
        return texts;
    }

    /** The text under {@code key}, from the key's UTF-8 form where there is one. */
    Optional<String> read(BencodeDictionary dictionary, String key) {
        return dictionary.text(key + ".utf-8").or(() -> dictionary.string(key).map(this::read));
    }
}
