package dev.spate.engine;

import dev.spate.engine.storage.StorageException;
import java.util.concurrent.CompletionException;

/** Says in the words of the door what went wrong in storage. */
final class StorageFailures {
    private StorageFailures() {}

    /** Whatever the cause is; one that is not of storage is a bug, and the message says so. */
    static SpateException toSpate(Throwable cause) {
        return switch (cause) {
            case CompletionException wrapper when wrapper.getCause() != null -> toSpate(wrapper.getCause());
            case SpateException known -> known;
            case StorageException known ->
                new SpateException.Storage(trouble(known), String.valueOf(known.getMessage()), known);
            default -> new SpateException.Storage(StorageTrouble.FAILED, "unexpected: " + cause, cause);
        };
    }

    private static StorageTrouble trouble(StorageException failure) {
        return switch (failure) {
            case StorageException.DiskFull known -> StorageTrouble.DISK_FULL;
            case StorageException.NotPermitted known -> StorageTrouble.NOT_PERMITTED;
            case StorageException.NameClash known -> StorageTrouble.NAME_CLASH;
            case StorageException.Missing known -> StorageTrouble.MISSING;
            case StorageException.Changed known -> StorageTrouble.CHANGED;
            case StorageException.UnsafePath known -> StorageTrouble.UNSAFE_PATH;
            case StorageException.Unsuitable known -> StorageTrouble.UNSUITABLE;
            case StorageException.Failed known -> StorageTrouble.FAILED;
        };
    }
}
