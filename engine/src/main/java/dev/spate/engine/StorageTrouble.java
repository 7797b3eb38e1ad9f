package dev.spate.engine;

/** What is wrong with the files of a torrent, as far as a program or a person would act differently. */
public enum StorageTrouble {
    /** There is no room left on the device. */
    DISK_FULL,
    /** The folder or a file may not be written, or not be read. */
    NOT_PERMITTED,
    /** Something that is not this torrent's is where its files belong. */
    NAME_CLASH,
    /** A file that was there is gone. */
    MISSING,
    /** A file was changed by somebody else. */
    CHANGED,
    /** A path would lead out of the folder, over a symbolic link for example. */
    UNSAFE_PATH,
    /** What was named cannot be used: a folder where a file is needed, say. */
    UNSUITABLE,
    /** The system reported an error of another kind. */
    FAILED
}
