package dev.spate.sim;

/** Something happened in a simulation that never may. The message holds the seed, by which it happens again, and what came before. */
public final class InvariantBroken extends AssertionError {
    private static final long serialVersionUID = 1;

    InvariantBroken(String what) {
        super(what);
    }
}
