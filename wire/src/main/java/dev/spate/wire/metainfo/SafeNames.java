package dev.spate.wire.metainfo;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Turns a stranger's file names into names that are harmless on every file system, the same ones on all of them.
 *
 * <p>Of a name remains what is left when these are gone: separators (each becomes {@code _}, also the colon of a drive
 * letter), control characters and those that turn the direction of writing around, dots and spaces at the end, and with them
 * {@code .} and {@code ..}; bytes beyond {@link #MAX_BYTES}. A device name of Windows gets a {@code _} in front. Other
 * characters that only Windows refuses stay, so that data which other clients have written is found under its name.
 */
public final class SafeNames {
    /** The longest name in bytes of UTF-8; the limit of ext4, XFS, APFS and others, within that of NTFS. */
    static final int MAX_BYTES = 255;

    /** A name's ending that is kept when the name is cut, in characters with its dot. */
    private static final int MAX_ENDING = 16;

    /** Room for " (1000000)". */
    private static final int NUMBER_BYTES = 10;

    private static final Pattern DEVICE = Pattern.compile(
            "(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\\..*)?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private SafeNames() {}

    /** Whether a name of one part is harmless as it is. */
    public static boolean isSafe(String part) {
        return !part.isEmpty() && clean(part).equals(part);
    }

    /** The safe form of one part of a path; empty when nothing is left of it. */
    static String clean(String part) {
        String name = part;
        if (!isPlain(part)) {
            name = withoutTrailing(withoutForbidden(part));
            if (DEVICE.matcher(name).matches()) {
                name = "_" + name;
            }
        }
        return cut(name, MAX_BYTES);
    }

    /** The safe form of a file's path: folders of which nothing is left are gone, the file itself is {@code _} then. */
    static List<String> clean(List<String> path) {
        List<String> safe = new ArrayList<>(path.size());
        for (String folder : path.subList(0, path.size() - 1)) {
            String name = clean(folder);
            if (!name.isEmpty()) {
                safe.add(name);
            }
        }
        String name = clean(path.getLast());
        safe.add(name.isEmpty() ? "_" : name);
        return safe;
    }

    /** The name with a number before its ending, as in {@code film (2).mkv}; still not too long. */
    static String numbered(String name, int number) {
        int ending = endingOf(name);
        String stem = cutStem(name.substring(0, ending), MAX_BYTES - NUMBER_BYTES - bytes(name.substring(ending)));
        return stem + " (" + number + ")" + name.substring(ending);
    }

    /**
     * What two names have in common that some file system takes for the same: case, the ways to write an accent, characters
     * that are not seen. It errs to the side of taking too many for the same.
     */
    public static String folded(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                return foldedBeyondAscii(name);
            }
            folded.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return folded.toString();
    }

    private static String foldedBeyondAscii(String name) {
        StringBuilder seen = new StringBuilder(name.length());
        name.codePoints().filter(c -> Character.getType(c) != Character.FORMAT).forEach(seen::appendCodePoint);
        String decomposed = Normalizer.normalize(seen, Normalizer.Form.NFD);
        String cased = decomposed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(cased, Normalizer.Form.NFC);
    }

    /** Whether nothing but its length can be wrong with a name. A quick answer for nearly all names. */
    private static boolean isPlain(String part) {
        if (part.isEmpty()) {
            return true;
        }
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '/' || c == '\\' || c == ':') {
                return false;
            }
        }
        char last = part.charAt(part.length() - 1);
        return last != '.' && last != ' ' && !mayBeDevice(part.charAt(0));
    }

    private static boolean mayBeDevice(char first) {
        return "cpanlCPANL".indexOf(first) >= 0;
    }

    private static String withoutForbidden(String part) {
        StringBuilder name = new StringBuilder(part.length());
        part.codePoints().forEach(c -> {
            if (c == '/' || c == '\\' || c == 0xFFFD || isSurrogate(c)) {
                name.append('_');
            } else if (!isControl(c)) {
                name.appendCodePoint(c);
            }
        });
        // "C:" leaves the folder on Windows, wherever it stands.
        if (name.length() >= 2 && name.charAt(1) == ':' && isAsciiLetter(name.charAt(0))) {
            name.setCharAt(1, '_');
        }
        return name.toString();
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c)
                // Marks and overrides of the direction of writing: "gpj.exe" reads as "exe.jpg".
                || c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x2028 && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }

    private static String withoutTrailing(String name) {
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) == ' ')) {
            end--;
        }
        return name.substring(0, end);
    }

    private static String cut(String name, int maxBytes) {
        // No character takes more than three bytes of UTF-8.
        if (name.length() * 3 <= maxBytes || bytes(name) <= maxBytes) {
            return name;
        }
        int ending = endingOf(name);
        String end = name.substring(ending);
        return withoutTrailing(cutStem(name.substring(0, ending), maxBytes - bytes(end)) + end);
    }

    private static String cutStem(String stem, int maxBytes) {
        int bytes = 0;
        int end = 0;
        while (end < stem.length()) {
            int c = stem.codePointAt(end);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (bytes > maxBytes) {
                break;
            }
            end += Character.charCount(c);
        }
        return stem.substring(0, end);
    }

    /** Where a name's ending begins, with its dot; its length where it has none. */
    private static int endingOf(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.length() - dot <= MAX_ENDING ? dot : name.length();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
