package dev.spate.classic.descriptor;

import org.jspecify.annotations.Nullable;

/** What a peer has declared itself to be. */
public enum PeerState {
    /** It has joined and declared nothing yet. */
    IDLE(0),
    /** It wants pieces. */
    LEECH(1),
    /** It has them all. */
    SEED(2);

    private final int number;

    PeerState(int number) {
        this.number = number;
    }

    /** Its number on the wire. */
    int number() {
        return number;
    }

    static @Nullable PeerState of(int number) {
        for (PeerState state : values()) {
            if (state.number == number) {
                return state;
            }
        }
        return null;
    }
}
