package dev.spate.engine.storage;

import dev.spate.engine.store.Allocation;

/**
 * The taking of room for the files of a torrent that are wanted, before their bytes come. By one thread at a time, but for {@link #missing}.
 *
 * <p>Files that are as long as they will be stay as they are, holes included.
 */
final class Room {
    private final TorrentStorage storage;
    private final Allocation allocation;
    private int file;
    private volatile long missing;

    Room(TorrentStorage storage, Allocation allocation) {
        this.storage = storage;
        this.allocation = allocation;
    }

    /** How many bytes of the file at hand, and of those after it, have no room yet; 0 before the first look. */
    long missing() {
        return missing;
    }

    /**
     * Takes some; what one call writes takes a few milliseconds.
     *
     * @return whether there is more to do
     */
    boolean takeMore() throws StorageException {
        FileLayout layout = storage.layout();
        if (allocation == Allocation.NONE) {
            return false;
        }
        long left = missing == 0 ? total() : missing;
        while (file < layout.files()) {
            long before = storage.lacking(file);
            if (before > 0) {
                storage.lengthen(file, allocation);
                missing = Math.max(0, left - (before - storage.lacking(file)));
                return true;
            }
            file++;
        }
        return false;
    }

    private long total() throws StorageException {
        long total = 0;
        for (int each = file; each < storage.layout().files(); each++) {
            total += storage.lacking(each);
        }
        return total;
    }
}
