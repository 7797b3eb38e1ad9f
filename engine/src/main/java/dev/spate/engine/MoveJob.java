package dev.spate.engine;

import dev.spate.engine.storage.Relocation;
import java.util.concurrent.CompletableFuture;

/** A torrent's files on their way to another folder. For use by any thread. */
public final class MoveJob {

    /** How many files and bytes are at their new place, of those that are to be moved. */
    public record Progress(int files, int allFiles, long bytes, long allBytes) {}

    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private volatile Relocation.Progress progress = Relocation.Progress.NOTHING;
    private volatile Relocation.Wish wish = Relocation.Wish.GO_ON;

    MoveJob() {}

    /**
     * Done when all files are at their new place, and the torrent goes on there. Fails with a {@link SpateException} or a {@link
     * java.util.concurrent.CancellationException} when all are where they were; the torrent goes on there then. A copy each time.
     */
    public CompletableFuture<Void> result() {
        return result.copy();
    }

    /** How far it is at this moment. */
    public Progress progress() {
        Relocation.Progress now = progress;
        return new Progress(now.files(), now.allFiles(), now.bytes(), now.allBytes());
    }

    /** Puts everything back, unless all files are at their new place already. */
    public void cancel() {
        wish = Relocation.Wish.GO_BACK;
    }

    /** Stops where it is; the journal leads on. */
    void leave() {
        wish = Relocation.Wish.LEAVE;
    }

    CompletableFuture<Void> future() {
        return result;
    }

    Relocation.Watch watch() {
        return new Relocation.Watch() {
            @Override
            public void progress(Relocation.Progress latest) {
                progress = latest;
            }

            @Override
            public Relocation.Wish wish() {
                return wish;
            }
        };
    }
}
