package dev.spate.classic.descriptor;

import org.jspecify.annotations.Nullable;

/** What a call asks for. The first four are the original's. */
enum Method {
    GET_PEERS(0),
    JOIN(1),
    /** Declares the caller a leech. The original has the number and does not answer. */
    LEECH(2),
    /** Declares the caller a seed. Likewise. */
    SEED(3),
    /** Asks whether somebody is there. The original wanted it and gave it no number; an original node is silent. */
    PING(4);

    private final int number;

    Method(int number) {
        this.number = number;
    }

    /** Its number on the wire. */
    int number() {
        return number;
    }

    static @Nullable Method of(int number) {
        for (Method method : values()) {
            if (method.number == number) {
                return method;
            }
        }
        return null;
    }
}
