package dev.spate.engine.store;

/** When the room that a file will need is taken. */
public enum Allocation {
    /** As its bytes come: a file is as long as the last piece of it that is there makes it. */
    NONE,
    /** Its length at once, its blocks as its bytes come; costs nothing where the file system knows holes. */
    SPARSE,
    /**
     * All of it at once, by writing zeros: a disk that is too small is found out before anything is downloaded, and the file does not end up in many
     * places of a spinning disk. Takes as long as the disk takes to write so much.
     */
    FULL
}
