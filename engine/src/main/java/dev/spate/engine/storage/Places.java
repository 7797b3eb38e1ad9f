package dev.spate.engine.storage;

import dev.spate.wire.Digest;
import dev.spate.wire.metainfo.SafeNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the files of a torrent lie: below which folder, and under which names where these are not the torrent's own. Immutable.
 *
 * @param root the folder that all lie in, absolute
 * @param top the name of the torrent's own folder, where the user gave it another
 * @param renamed the names, from the torrent's own folder on, of files that the user renamed
 * @param suffix whether files have {@code .part} behind their names until they are complete
 */
public record Places(Path root, Optional<String> top, SortedMap<Integer, List<String>> renamed, boolean suffix) {

    public Places {
        root = root.toAbsolutePath().normalize();
        SortedMap<Integer, List<String>> copy = new TreeMap<>();
        renamed.forEach((file, names) -> copy.put(file, List.copyOf(names)));
        renamed = Collections.unmodifiableSortedMap(copy);
        top.ifPresent(name -> requireSafe(List.of(name)));
        renamed.values().forEach(Places::requireSafe);
    }

    /** Under the torrent's own names. */
    public static Places in(Path root) {
        return new Places(root, Optional.empty(), new TreeMap<>(), false);
    }

    public Places withSuffix() {
        return new Places(root, top, renamed, true);
    }

    public Places withRoot(Path other) {
        return new Places(other, top, renamed, suffix);
    }

    /** With another name for the torrent's own folder; of a torrent that is a single file, for the file. */
    public Places withTop(FileLayout layout, String name) {
        return isSingleFile(layout) ? withName(0, List.of(name)) : new Places(root, Optional.of(name), renamed, suffix);
    }

    /** With other names for a file, from the torrent's own folder on. */
    public Places withName(int file, List<String> names) {
        SortedMap<Integer, List<String>> more = new TreeMap<>(renamed);
        more.put(file, names);
        return new Places(root, top, more, suffix);
    }

    /** The names of a file from the root on. */
    public List<String> names(FileLayout layout, int file) {
        List<String> own = layout.file(file).path();
        List<String> names = renamed.get(file);
        if (names == null && top.isEmpty()) {
            return own;
        }
        if (isSingleFile(layout)) {
            return names == null ? own : names;
        }
        List<String> all = new ArrayList<>();
        all.add(top.orElse(own.getFirst()));
        all.addAll(names == null ? own.subList(1, own.size()) : names);
        return all;
    }

    /**
     * Whether a file's path is that of another, or lies below it, on a file system that does not tell upper from lower case.
     *
     * @return the first such file, or empty
     */
    public Optional<String> clash(FileLayout layout) {
        Map<String, Integer> files = new TreeMap<>();
        for (int file = 0; file < layout.files(); file++) {
            if (layout.file(file).isStored()) {
                String path = folded(names(layout, file));
                if (files.put(path, file) != null) {
                    return Optional.of(String.join("/", names(layout, file)));
                }
            }
        }
        Set<String> folders = new HashSet<>();
        for (String path : files.keySet()) {
            for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
                folders.add(path.substring(0, end));
            }
        }
        // A file whose path is a folder of another's could not be made.
        return files.entrySet().stream()
                .filter(file -> folders.contains(file.getKey()))
                .map(file -> String.join("/", names(layout, file.getValue())))
                .findFirst();
    }

    private static String folded(List<String> names) {
        return String.join("/", names.stream().map(SafeNames::folded).toList());
    }

    /** A multi-file torrent's files have its folder's name before their own (see {@link FileLayout#of}). */
    static boolean isSingleFile(FileLayout layout) {
        return layout.files() == 1 && layout.file(0).path().size() == 1;
    }

    /** The name of the hidden file for the parts of pieces whose files are not wanted. */
    static String partFile(Digest infoHash) {
        return "." + infoHash + ".parts";
    }

    /** The name under which a copy grows. */
    static String copy(Digest infoHash) {
        return "." + infoHash + ".copy";
    }

    private static void requireSafe(List<String> names) {
        if (names.isEmpty() || !names.stream().allMatch(SafeNames::isSafe)) {
            throw new IllegalArgumentException("not a safe name for a file: " + String.join("/", names));
        }
    }
}
