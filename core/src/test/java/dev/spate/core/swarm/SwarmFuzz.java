package dev.spate.core.swarm;

import java.util.Random;

/** A swarm to which the input happens, choice by choice. */
public final class SwarmFuzz {
    private SwarmFuzz() {}

    private static final int MAX_STEPS = 3000;

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            new AnythingGoes(input[0] & 3, new Choices(input)).run(Math.min(MAX_STEPS, input.length));
        }
    }

    /** What would be left to chance is taken from the input; behind its end from chance again, always the same. */
    @SuppressWarnings("serial") // It is not.
    private static final class Choices extends Random {
        private final byte[] choices;
        private int at = 1;

        Choices(byte[] choices) {
            super(1);
            this.choices = choices;
        }

        @Override
        protected int next(int bits) {
            if (at >= choices.length) {
                return super.next(bits);
            }
            int choice = choices[at++] * 0x9E3779B9;
            return choice >>> (32 - bits);
        }
    }
}
