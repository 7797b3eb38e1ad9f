package dev.spate.core.picker;

/** How fast a peer delivers, as the picker needs to know it. */
public enum Pace {
    /** Delivers so little that it should not begin pieces of its own more than it must. */
    SLOW,
    /** Shares pieces with others. */
    MEDIUM,
    /** Delivers a whole piece in a short time, so it takes whole pieces and nobody has to wait for another's block. */
    FAST
}
