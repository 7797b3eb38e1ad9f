package dev.spate.engine;

import dev.spate.engine.storage.CheckTurns;
import dev.spate.engine.storage.FileSystemStore;
import dev.spate.engine.storage.PieceChecker;
import dev.spate.engine.storage.Places;
import dev.spate.engine.storage.Recheck;
import dev.spate.engine.storage.TorrentStorage;
import dev.spate.io.file.FilePool;
import dev.spate.io.work.Workers;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.Version;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** Compares the files of a torrent with its hashes, without a session, and without making or changing anything. */
public final class Verification {

    /** How often the caller is told how far it is. */
    private static final long REPORT_MILLIS = 100;

    private static final int MAX_OPEN_FILES = 64;

    private Verification() {}

    /**
     * Reads all files with as many threads as there are processors. Blocks; no thread that it started runs on when it returns or
     * throws.
     *
     * @param folder where the torrent's file, or the folder of its files, lies
     * @param checked is told now and then how many pieces were looked at, on the calling thread
     * @return the pieces that are there and good; files that are missing or too short lack pieces, and that is no failure
     * @throws SpateException.Unsupported if the torrent has no v1 hashes
     * @throws SpateException.Storage if a file that exists cannot be read
     * @throws InterruptedException if the calling thread was interrupted, which is how to cancel
     */
    public static PieceSet goodPieces(Metainfo metainfo, Path folder, IntConsumer checked) throws InterruptedException {
        if (metainfo.version() == Version.V2) {
            throw new SpateException.Unsupported(metainfo.name()
                    + " is a v2-only torrent (BEP 52), which this version cannot verify; use a v1 or hybrid one");
        }
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 64);
        try (Workers workers = Workers.start("spate-verify", threads);
                FilePool files = new FilePool(MAX_OPEN_FILES)) {
            Recheck recheck = Recheck.start(
                    new TorrentStorage(metainfo, Places.in(folder), new FileSystemStore(files)),
                    metainfo::pieceHashMatches,
                    new PieceChecker(),
                    PieceSet.full(metainfo.layout().pieces()),
                    workers,
                    new CheckTurns());
            try {
                return await(recheck, checked);
            } finally {
                recheck.cancel();
            }
        }
    }

    private static PieceSet await(Recheck recheck, IntConsumer checked) throws InterruptedException {
        CompletableFuture<PieceSet> result = recheck.result();
        while (true) {
            try {
                PieceSet good = result.get(REPORT_MILLIS, TimeUnit.MILLISECONDS);
                checked.accept(good.pieces());
                return good;
            } catch (TimeoutException e) {
                checked.accept(recheck.checked());
            } catch (ExecutionException e) {
                throw StorageFailures.toSpate(e.getCause() == null ? e : e.getCause());
            }
        }
    }
}
