package dev.spate.wire.metainfo;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The files with their safe paths and their places in the run of all bytes, each made when it is asked for. Immutable.
 *
 * <p>Safe paths are made anew each time as well: they follow from the original path and, where it clashed with another, the
 * number that was given then.
 */
final class FileTable extends AbstractList<FileEntry> implements RandomAccess {
    /** Refuses what would need more memory for folders than for files. */
    static final int MAX_FOLDERS = Metainfo.MAX_FILES;

    private final RawFiles files;
    private final FilePlaces places;

    /** The whole torrent's safe name where the only file bears it, or null. */
    private final @Nullable String onlyName;

    /** The number in a file's name, or 0; null where no file has one. */
    private final int @Nullable [] numbers;

    private FileTable(RawFiles files, FilePlaces places, @Nullable String onlyName, int @Nullable [] numbers) {
        this.files = files;
        this.places = places;
        this.onlyName = onlyName;
        this.numbers = numbers;
    }

    /** The table of a torrent that is one file of this safe name. */
    static FileTable ofOne(RawFiles files, FilePlaces places, String name) {
        return new FileTable(files, places, name, null);
    }

    /**
     * The table of many files.
     *
     * @param key for hashing paths
     * @return null when there are too many folders
     */
    static @Nullable FileTable ofMany(RawFiles files, FilePlaces places, long key) {
        PathClaims claims = new PathClaims(key);
        for (int i = 0; i < files.count(); i++) {
            RawFile file = files.file(i);
            if (!file.isPad() && claims.claimFolders(SafeNames.clean(file.path())) > MAX_FOLDERS) {
                return null;
            }
        }
        int[] numbers = null;
        for (int i = 0; i < files.count(); i++) {
            RawFile file = files.file(i);
            int number = file.isPad() ? 0 : claims.claimFile(SafeNames.clean(file.path()));
            if (number > 0) {
                if (numbers == null) {
                    numbers = new int[files.count()];
                }
                numbers[i] = number;
            }
        }
        return new FileTable(files, places, null, numbers);
    }

    FilePlaces places() {
        return places;
    }

    @Override
    public int size() {
        return files.count();
    }

    @Override
    public FileEntry get(int index) {
        Objects.checkIndex(index, size());
        RawFile file = files.file(index);
        List<String> original =
                file.path().isEmpty() ? List.of(".pad", Long.toString(places.length(index))) : file.path();
        return new FileEntry(
                index,
                path(index, original),
                original,
                places.offset(index),
                places.length(index),
                file.attributes(),
                file.symlinkPath(),
                file.sha1(),
                file.piecesRoot());
    }

    private List<String> path(int index, List<String> original) {
        if (onlyName != null) {
            return List.of(onlyName);
        }
        List<String> safe = SafeNames.clean(original);
        if (numbers != null && numbers[index] > 0) {
            safe.addLast(SafeNames.numbered(safe.removeLast(), numbers[index]));
        }
        return safe;
    }
}
