package dev.spate.core.picker;

/** What to do with a block whose first byte has arrived. */
public enum Verdict {
    /** Store it; this peer is now the one that writes it. */
    WANTED,
    /** Store it; the peer that wrote it before, {@link Picker#displaced}, stalled and must not write any more. */
    TAKEN_OVER,
    /** Drop it: the block is here already, or another peer is writing it. */
    DUPLICATE,
    /** Drop it: it is no block of ours, or this peer was not asked for it. */
    UNREQUESTED;

    /** Whether the payload is to be stored. */
    public boolean isWanted() {
        return this == WANTED || this == TAKEN_OVER;
    }
}
