package dev.spate.classic.course;

import dev.spate.classic.course.log.LogEvent;
import dev.spate.classic.course.log.LogText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * A peer's log: lines go to the end of the file, many at a time. What is there already stays, so that a peer that was
 * started again goes on with its log. For one thread.
 */
final class LogFile implements AutoCloseable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("'['yyyy-MM-dd HH:mm:ss']: '");
    private static final int BUFFER = 64 * 1024;

    /** Longer than any line but that of a thousand preferred neighbours. */
    private static final int USUAL_LINE = 256;

    private final FileChannel channel;
    private final InstantSource clock;
    private final Earlier earlier;
    private final StringBuilder line = new StringBuilder(USUAL_LINE);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private long second = Long.MIN_VALUE;
    private String time = "";

    private LogFile(FileChannel channel, InstantSource clock, Earlier earlier) {
        this.channel = channel;
        this.clock = clock;
        this.earlier = earlier;
    }

    /**
     * Goes on with a log, or begins it.
     *
     * @param earlier brought to its file each time before lines are
     */
    static LogFile open(Path path, InstantSource clock, Earlier earlier) throws IOException {
        return new LogFile(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND), clock, earlier);
    }

    /** What a killed process must know of before its log says so. */
    @FunctionalInterface
    interface Earlier {
        void bring() throws IOException;
    }

    /** Adds a line; it is in the file after {@link #flush} at the latest. */
    void write(LogEvent event) throws IOException {
        line.setLength(0);
        line.append(time());
        LogText.append(event, line);
        line.append('\n');
        for (int i = 0; i < line.length(); i++) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.put((byte) line.charAt(i));
        }
    }

    private String time() {
        long now = Math.floorDiv(clock.millis(), 1000L);
        if (now != second) {
            second = now;
            time = TIME.format(LocalDateTime.ofInstant(Instant.ofEpochSecond(now), ZoneId.systemDefault()));
        }
        return time;
    }

    void flush() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        earlier.bring();
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
    }
}
