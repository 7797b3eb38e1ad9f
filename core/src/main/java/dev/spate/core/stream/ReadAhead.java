package dev.spate.core.stream;

import dev.spate.wire.PieceLayout;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which pieces of a torrent are needed when, by everyone who reads its files while they arrive.
 *
 * <p>Inputs say where readers are; {@link #poll} until null gives the wishes that follow, for the swarm; {@link #deadline} says when
 * {@link #timeout} is due. Where the windows of readers meet, the earliest deadline is wished. A reader that has not read anything
 * needs nothing; one that seeks needs at once what is there, and nothing of where it was. Not safe for use by several threads.
 *
 * <p>Implementation note: while a reader rests, the moments at which it will need what lies ahead move on with the clock; so every
 * {@link #REPLAN} the windows that still lack pieces are laid anew. One that lacks nothing costs nothing. What was wished is kept,
 * so that only changes are told; a piece is looked at again only if a window that holds or held it has changed.
 */
public final class ReadAhead {

    /** Readers at the same time; what a family of players and a file manager need, many times over. */
    public static final int MAX_READERS = 256;

    static final long REPLAN = Duration.ofSeconds(1).toNanos();

    /** What must be known of the pieces. */
    public interface Pieces {
        boolean isFlushed(int piece);
    }

    private final PieceLayout layout;
    private final Pieces pieces;
    private final Map<Integer, Reader> readers = new LinkedHashMap<>();
    private final Map<Integer, Long> wished = new TreeMap<>();
    private final TreeSet<Integer> changed = new TreeSet<>();
    private int nextReader;

    public ReadAhead(PieceLayout layout, Pieces pieces) {
        this.layout = layout;
        this.pieces = pieces;
    }

    /**
     * Somebody begins to read a file.
     *
     * @param begin where the file begins in the run of all bytes
     * @param length its bytes
     * @return the reader's number, or -1 if there are {@link #MAX_READERS} already
     */
    public int opened(long begin, long length) {
        if (begin < 0 || length < 0 || begin > layout.totalLength() - length) {
            throw new IllegalArgumentException("no file: " + begin + "+" + length);
        }
        if (readers.size() == MAX_READERS) {
            return -1;
        }
        int reader = nextReader++;
        readers.put(reader, new Reader(layout, begin + length));
        return reader;
    }

    /**
     * A reader has come to a place, by reading on or by a seek.
     *
     * @param offset in the run of all bytes; at the end of its file it needs nothing
     * @param waits whether it wants the byte there now and has to wait for it
     */
    public void at(int reader, long offset, boolean waits, long now) {
        Reader moved = readers.get(reader);
        if (moved != null) {
            review(moved);
            moved.at(offset, waits, now);
            review(moved);
        }
    }

    /** A reader reads no more; without effect if it was closed before. */
    public void closed(int reader) {
        Reader gone = readers.remove(reader);
        if (gone != null) {
            review(gone);
        }
    }

    /** A piece is on disk. What was wished of it has come true, and is not taken back. */
    public void flushed(int piece) {
        wished.remove(piece);
    }

    /** The wishes were told to nobody, or to somebody who is no more: all of them are to be told again. */
    public void forgotten() {
        wished.clear();
        readers.values().forEach(this::review);
    }

    private void review(Reader reader) {
        for (int piece = reader.first(); piece < reader.behind(); piece++) {
            changed.add(piece);
        }
    }

    /** The next wish, or null when there is none until the next input. */
    public @Nullable Wish poll() {
        for (Integer piece = changed.pollFirst(); piece != null; piece = changed.pollFirst()) {
            Long deadline = pieces.isFlushed(piece) ? null : earliest(piece);
            if (deadline == null) {
                if (wished.remove(piece) != null) {
                    return new Wish.NotDue(piece);
                }
            } else if (!deadline.equals(wished.put(piece, deadline))) {
                return new Wish.Due(piece, deadline);
            }
        }
        return null;
    }

    private @Nullable Long earliest(int piece) {
        Long earliest = null;
        for (Reader reader : readers.values()) {
            if (reader.needs(piece)) {
                earliest = Reader.earlier(earliest, reader.deadline(piece));
            }
        }
        return earliest;
    }

    /** When {@link #timeout} is due, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        Long deadline = null;
        for (Reader reader : readers.values()) {
            if (lacks(reader)) {
                deadline = Reader.earlier(deadline, reader.plannedAt() + REPLAN);
            }
        }
        return deadline == null ? Long.MAX_VALUE : deadline;
    }

    private boolean lacks(Reader reader) {
        for (int piece = reader.first(); piece < reader.behind(); piece++) {
            if (!pieces.isFlushed(piece)) {
                return true;
            }
        }
        return false;
    }

    /** Time has passed; without effect before the deadline. */
    public void timeout(long now) {
        for (Reader reader : readers.values()) {
            if (now - reader.plannedAt() >= REPLAN && lacks(reader)) {
                review(reader);
                reader.plan(now);
                review(reader);
            }
        }
    }

    /** How many readers there are. */
    public int readers() {
        return readers.size();
    }
}
