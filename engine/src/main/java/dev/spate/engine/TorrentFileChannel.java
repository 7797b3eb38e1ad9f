package dev.spate.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.locks.ReentrantLock;

/** A read-only channel over a file that is arriving. The JDK's own class gives it the ways in which a wait ends early. */
final class TorrentFileChannel extends AbstractInterruptibleChannel implements SeekableByteChannel {
    private final Reading reading;

    /** Held during a read: positions of concurrent reads follow each other. */
    private final ReentrantLock reads = new ReentrantLock();

    private volatile long position;

    TorrentFileChannel(Reading reading) {
        this.reading = reading;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("a read-only buffer");
        }
        reads.lock();
        try {
            requireOpen();
            if (!into.hasRemaining()) {
                return 0;
            }
            if (position >= reading.length()) {
                return -1;
            }
            return read(into, position);
        } finally {
            reads.unlock();
        }
    }

    private int read(ByteBuffer into, long from) throws IOException {
        boolean completed = false;
        begin();
        try {
            int bytes = reading.read(into, from);
            position = from + bytes;
            completed = true;
            return bytes;
        } finally {
            end(completed);
        }
    }

    @Override
    public long position() throws IOException {
        requireOpen();
        return position;
    }

    /** Seeks. Beyond the end there is nothing to read, as with every channel. */
    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        if (newPosition < 0) {
            throw new IllegalArgumentException("before the first byte: " + newPosition);
        }
        reads.lock();
        try {
            requireOpen();
            position = newPosition;
            reading.seek(Math.min(newPosition, reading.length()));
            return this;
        } finally {
            reads.unlock();
        }
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return reading.length();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    private void requireOpen() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    protected void implCloseChannel() {
        reading.close();
    }
}
