package dev.spate.engine.storage;

import dev.spate.wire.PieceLayout;

/** What the arriving pieces of one torrent have in common. */
record PieceWork(TorrentStorage storage, Checkpoint checkpoint, PieceChecker checker, PieceChecker.PieceHashes hashes) {

    PieceLayout layout() {
        return storage.layout().pieces();
    }
}
