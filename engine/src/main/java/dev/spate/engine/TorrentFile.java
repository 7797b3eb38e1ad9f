package dev.spate.engine;

import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/**
 * One file of a torrent: a handle by which it can be read while it arrives.
 *
 * <p>A read waits until the pieces that it needs are verified and on disk, and what lies ahead of a reader is fetched before
 * everything else, as far ahead as its speed asks for. Bytes that are on disk can be read at any time, also while the torrent is
 * paused. A read that would have to wait for what will not come (the torrent is paused, has failed or was removed, or the bytes are
 * in a file that is not selected for download) fails with an {@link IOException} that says so and what to do; after that was
 * done, the same reader goes on. Reading never selects a file: what is not to be downloaded stays so until somebody says otherwise.
 *
 * <p>For use by any thread.
 */
public final class TorrentFile {

    /** What a stream asks for at once; a few blocks. */
    private static final int STREAM_BUFFER = 64 << 10;

    private final TorrentLife life;
    private final FileEntry entry;

    TorrentFile(TorrentLife life, FileEntry entry) {
        this.life = life;
        this.entry = entry;
    }

    /** Where it is in the torrent's folder, as in {@link FileStats#path}. */
    public Path path() {
        return TorrentLooks.path(life.metainfo(), entry);
    }

    /** Its place in {@link Metainfo#files}. */
    public int index() {
        return entry.index();
    }

    /** Bytes when complete. */
    public long size() {
        return entry.length();
    }

    /** Bytes of it that lie in verified pieces on disk. */
    public long flushedBytes() {
        return TorrentLooks.flushedBytes(life.metainfo().layout(), entry, life.flushed());
    }

    /** Whether all of it is verified and on disk. */
    public boolean isComplete() {
        return flushedBytes() == size();
    }

    /**
     * Opens it for reading. The channel is safe for use by several threads, though one position serves all; several channels of one
     * file are independent. Nothing is fetched before the first read. Closing the channel, or interrupting a thread that
     * waits in it, ends the wait as with any {@link java.nio.channels.InterruptibleChannel}.
     *
     * @throws IOException if too many channels of the torrent are open, or it was removed
     */
    public SeekableByteChannel openChannel() throws IOException {
        return new TorrentFileChannel(life.open(entry));
    }

    /**
     * Opens it for reading from its beginning; skipping is a seek and fetches nothing.
     *
     * @throws IOException as {@link #openChannel}
     */
    public InputStream openStream() throws IOException {
        return new BufferedInputStream(Channels.newInputStream(openChannel()), STREAM_BUFFER);
    }

    @Override
    public String toString() {
        return path() + " of " + life.metainfo().infoHash();
    }
}
