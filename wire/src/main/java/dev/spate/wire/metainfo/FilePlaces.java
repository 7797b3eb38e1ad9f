package dev.spate.wire.metainfo;

import java.util.Arrays;

/** Where each file lies in the run of all bytes. Grows while a metainfo is read, and is not changed any more afterwards. */
final class FilePlaces {
    private static final long MAX_TOTAL = 1L << 62;

    private long[] offsets = new long[8];
    private long[] lengths = new long[8];
    private int count;
    private long end;

    /** Adds a file at the first multiple of {@code alignment} behind the file before it. */
    void add(long length, long alignment) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        long offset = Math.ceilDiv(end, alignment) * alignment;
        offsets[count] = offset;
        lengths[count] = length;
        count++;
        // An empty file takes no room: the gap before it does not become part of the run.
        end = length == 0 ? end : offset + length;
    }

    /** Whether the run of all bytes stays so short with a file of this length that no sum overflows. */
    boolean hasRoomFor(long length) {
        return length <= MAX_TOTAL - end;
    }

    int count() {
        return count;
    }

    long offset(int file) {
        return offsets[file];
    }

    long length(int file) {
        return lengths[file];
    }

    /** The length of the run of all bytes. */
    long total() {
        return end;
    }

    /** The file that holds a byte of the run, or -1 where it lies between two files. */
    int fileAt(long offset) {
        int at = Arrays.binarySearch(offsets, 0, count, offset);
        int file = at >= 0 ? at : -at - 2;
        // Of the files that begin at the same place, only the last is not empty.
        while (file + 1 < count && offsets[file + 1] == offsets[file]) {
            file++;
        }
        return file >= 0 && offset - offsets[file] < lengths[file] ? file : -1;
    }
}
