package dev.spate.engine.storage;

import dev.spate.engine.store.FileStamp;
import dev.spate.io.memory.DirectMemory;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Decides which of the files that exist where a torrent's files belong may be written to, so that nobody's data is lost.
 *
 * <p>An existing file is ours when we know it from earlier, when a piece that lies in it verifies, or when there is nothing in
 * it to lose: no bytes, or zeros only, as other programs allocate files in advance. It is a name clash in all other cases, and
 * whenever it is longer than the torrent says; the user may allow to overwrite those. What is no ordinary file is in the way in
 * any case.
 */
final class NameClashes {
    private final TorrentStorage storage;
    private final FileLayout layout;

    NameClashes(TorrentStorage storage) {
        this.storage = storage;
        this.layout = storage.layout();
    }

    /** Returns how the files look, or throws what is in the way. Parameters as of {@link TorrentStorage#prepare}. */
    List<FileStamp> check(PieceSet verified, BitSet trusted, boolean overwrite) throws StorageException {
        List<FileStamp> stamps = new ArrayList<>(layout.files());
        List<Path> foreign = new ArrayList<>();
        List<Path> tooLong = new ArrayList<>();
        for (int file = 0; file < layout.files(); file++) {
            FileStamp stamp = storage.stamp(file);
            stamps.add(stamp);
            if (stamp.length() > layout.file(file).length()) {
                tooLong.add(storage.path(file));
            } else if (stamp.length() > 0
                    && !trusted.get(file)
                    && !overwrite
                    && !hasVerified(file, verified)
                    && !isBlank(file, stamp.length())) {
                foreign.add(storage.path(file));
            }
        }
        if (!overwrite && !foreign.isEmpty()) {
            throw new StorageException.NameClash(foreign, "a file that is not this torrent's is in its place", null);
        }
        if (!overwrite && !tooLong.isEmpty()) {
            throw new StorageException.NameClash(tooLong, "it is longer than the torrent says", null);
        }
        return stamps;
    }

    private boolean hasVerified(int file, PieceSet verified) {
        int piece = verified.next(layout.firstPiece(file));
        return piece >= 0 && piece < layout.endPiece(file);
    }

    private boolean isBlank(int file, long length) throws StorageException {
        ByteBuffer buffer = DirectMemory.allocate(PieceBuffers.SLAB_LENGTH);
        ByteBuffer zeros = ByteBuffer.allocate(PieceBuffers.SLAB_LENGTH);
        for (long at = 0; at < length; at += buffer.capacity()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
            storage.read(layout.offset(file) + at, buffer);
            if (buffer.flip().mismatch(zeros.slice(0, buffer.limit())) >= 0) {
                return false;
            }
        }
        return true;
    }
}
