package dev.spate.engine.files;

import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** What is in a folder; to be walked once, as the JDK's own. */
final class Listing implements DirectoryStream<Path> {
    private final List<Path> paths;
    private boolean walked;
    private volatile boolean closed;

    Listing(List<Path> paths) {
        this.paths = List.copyOf(paths);
    }

    @Override
    public synchronized Iterator<Path> iterator() {
        if (closed || walked) {
            throw new IllegalStateException(closed ? "closed" : "an iterator was given already");
        }
        walked = true;
        Iterator<Path> all = paths.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !closed && all.hasNext();
            }

            @Override
            public Path next() {
                if (closed) {
                    throw new NoSuchElementException("closed");
                }
                return all.next();
            }
        };
    }

    @Override
    public void close() {
        closed = true;
    }
}
