package dev.spate.engine.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Set;

/** A channel that its file system knows, to close it when it is closed itself. */
final class TrackedChannel implements SeekableByteChannel {
    private final SeekableByteChannel channel;
    private final Set<TrackedChannel> open;

    /** @param open from which it takes itself when it is closed */
    TrackedChannel(SeekableByteChannel channel, Set<TrackedChannel> open) {
        this.channel = channel;
        this.open = open;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return channel.write(from);
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        channel.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        channel.truncate(size);
        return this;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        open.remove(this);
        channel.close();
    }
}
