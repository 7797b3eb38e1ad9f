package dev.spate.cli;

/**
 * How a command ended, for the program that started it. The table in {@code docs/cli.md} says the same to its readers; a
 * number once given keeps its meaning.
 */
enum ExitCode {
    OK(0, "done, and what was asked for is true"),
    BUG(1, "something happened that Spate did not expect; please report it"),
    USAGE(2, "the command line is not understood"),
    BAD_TORRENT(3, "not a torrent file or descriptor, or metadata that is broken or beyond the limits"),
    UNSUPPORTED(4, "a good torrent that this version cannot transfer (v2 only), or a descriptor without hashes"),
    NOT_FOUND(5, "a file, folder or address that was named does not exist"),
    NOT_PERMITTED(6, "a file or folder that may not be read or written"),
    DISK_FULL(7, "no space left for the download"),
    NAME_CLASH(8, "a file that is not ours is in the way; nothing was overwritten"),
    PORT_IN_USE(9, "another program listens on the address"),
    NO_PEERS(10, "nobody to get the data from in the time given"),
    TRACKER_FAILED(11, "the tracker cannot be reached or refused"),
    NOT_VERIFIED(12, "data is missing or differs from the torrent"),
    UNREACHABLE(13, "the peer or server cannot be reached, or does not speak the protocol"),
    FILE_TROUBLE(14, "a file or folder that cannot be used, or that the system reports an error at"),
    ON_DONE_FAILED(15, "the download is complete, and the program of --on-done cannot be started or failed"),
    BAD_CONFIGURATION(16, "a configuration file that is wrong or contradicts itself"),
    INTERRUPTED(130, "stopped by Ctrl-C; what was got is kept");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The status the process ends with, 0 to 255. */
    int number() {
        return number;
    }

    /** A phrase for the table of exit codes. */
    String meaning() {
        return meaning;
    }
}
