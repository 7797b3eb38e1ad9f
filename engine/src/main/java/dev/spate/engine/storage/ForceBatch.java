package dev.spate.engine.storage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Forces many files, several at once: journalling file systems commit all that wait with one flush of the device. */
final class ForceBatch {
    private static final int AT_ONCE = 16;

    /** Forces one file. */
    @FunctionalInterface
    interface Forcing {
        void force(int file) throws StorageException;
    }

    private ForceBatch() {}

    /** Returns when all are on the device; a failure is thrown after all were tried. */
    static void forceAll(List<Integer> files, Forcing forcing) throws StorageException {
        if (files.size() == 1) {
            forcing.force(files.getFirst());
            return;
        }
        Iterator<Integer> rest = files.iterator();
        List<Future<?>> strands = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Math.min(AT_ONCE, files.size()); i++) {
                strands.add(threads.submit(() -> {
                    for (int file = next(rest); file >= 0; file = next(rest)) {
                        forcing.force(file);
                    }
                    return null;
                }));
            }
        }
        for (Future<?> strand : strands) {
            if (strand.state() == Future.State.FAILED) {
                switch (strand.exceptionNow()) {
                    case StorageException failure -> throw failure;
                    case RuntimeException bug -> throw bug;
                    case Throwable other -> throw new AssertionError(other);
                }
            }
        }
    }

    private static int next(Iterator<Integer> files) {
        synchronized (files) {
            return files.hasNext() ? files.next() : -1;
        }
    }
}
