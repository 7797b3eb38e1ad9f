package dev.spate.wire;

/** Makes what a stranger wrote fit to be shown to a person. */
public final class PlainText {
    private PlainText() {}

    /**
     * The text without anything that could steer a terminal or reorder a line: control, format and unpaired surrogate
     * characters become spaces, and spaces at the ends go.
     *
     * @param maxLength of the result, in {@code char}s, at least 1; a longer text is cut and ends in an ellipsis
     */
    public static String of(String text, int maxLength) {
        // Cut before it is cleaned, so that the work is bounded; a surrogate pair that the cut halves is cleaned away.
        boolean cut = text.length() > maxLength;
        String kept = cut ? text.substring(0, maxLength - 1) : text;
        StringBuilder plain = new StringBuilder(kept.length() + 1);
        kept.codePoints().forEach(c -> plain.appendCodePoint(isPlain(c) ? c : ' '));
        String stripped = plain.toString().strip();
        return cut ? stripped + "…" : stripped;
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
