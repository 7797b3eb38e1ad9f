package dev.spate.core.picker;

/** Why {@link Picker#pick} stopped. */
public enum Picked {
    /** As many blocks as were asked for. */
    ENOUGH,
    /** This peer has nothing more that may be asked of it now. */
    NOTHING_LEFT,
    /** A piece could have been begun, but the budget refused it; ask again when memory is free. */
    OUT_OF_BUDGET
}
