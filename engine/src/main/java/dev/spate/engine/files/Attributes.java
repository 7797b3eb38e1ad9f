package dev.spate.engine.files;

import java.io.IOException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a file or folder of a torrent.
 *
 * @param size of a file when complete, 0 for a folder
 * @param creationTime when the torrent was made, as it says, or the epoch; also for the other times
 */
record Attributes(boolean isDirectory, long size, FileTime creationTime) implements BasicFileAttributes {
    private static final String PREFIX = "basic:";

    /** Reads them anew each time. */
    record View(Source source) implements BasicFileAttributeView {
        interface Source {
            BasicFileAttributes read() throws IOException;
        }

        @Override
        public String name() {
            return "basic";
        }

        @Override
        public BasicFileAttributes readAttributes() throws IOException {
            return source.read();
        }

        @Override
        public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created) {
            throw new ReadOnlyFileSystemException();
        }
    }

    /**
     * Some of them by name, as {@link java.nio.file.Files#readAttributes} takes them.
     *
     * @throws IllegalArgumentException if one is not known
     */
    Map<String, Object> named(String names) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("size", size);
        all.put("creationTime", creationTime);
        all.put("lastAccessTime", lastAccessTime());
        all.put("lastModifiedTime", lastModifiedTime());
        all.put("isDirectory", isDirectory);
        all.put("isRegularFile", isRegularFile());
        all.put("isSymbolicLink", isSymbolicLink());
        all.put("isOther", isOther());
        String list = names.startsWith(PREFIX) ? names.substring(PREFIX.length()) : names;
        if (list.indexOf(':') >= 0) {
            throw new UnsupportedOperationException("only basic attributes, not " + names);
        }
        Map<String, Object> wanted = new LinkedHashMap<>();
        for (String name : list.split(",", -1)) {
            Object value = all.get(name);
            if (name.equals("*")) {
                wanted.putAll(all);
            } else if (value != null) {
                wanted.put(name, value);
            } else if (!name.equals("fileKey")) {
                throw new IllegalArgumentException("no attribute \"" + name + "\"");
            }
        }
        return wanted;
    }

    @Override
    public FileTime lastModifiedTime() {
        return creationTime;
    }

    @Override
    public FileTime lastAccessTime() {
        return creationTime;
    }

    @Override
    public boolean isRegularFile() {
        return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public @Nullable Object fileKey() {
        return null;
    }
}
