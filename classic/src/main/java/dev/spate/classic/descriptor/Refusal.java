package dev.spate.classic.descriptor;

import org.jspecify.annotations.Nullable;

/** Why a node does not let another join. */
public enum Refusal {
    NO_FILE(1, "it has no file, it only passes questions on"),
    OTHER_KEY(2, "it has a file under another hash key"),
    OTHER_FILE(3, "it has another file under the same hash key: the info-hashes differ"),
    FULL(4, "it knows as many peers as it can"),
    NOT_JOINED(5, "it does not know us any more"),
    UNSAID(6, "it did not say why");

    private final int number;
    private final String words;

    Refusal(int number, String words) {
        this.number = number;
        this.words = words;
    }

    /** For a person. */
    public String words() {
        return words;
    }

    /** Its number on the wire; 0 is no refusal. */
    int number() {
        return number;
    }

    static @Nullable Refusal of(int number) {
        for (Refusal refusal : values()) {
            if (refusal.number == number) {
                return refusal;
            }
        }
        return null;
    }
}
