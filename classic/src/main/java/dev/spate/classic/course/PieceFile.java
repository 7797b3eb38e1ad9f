package dev.spate.classic.course;

import dev.spate.classic.course.setup.PeerLine;
import dev.spate.io.file.FilePool;
import dev.spate.io.file.FileStamp;
import dev.spate.io.file.PooledFile;
import dev.spate.io.memory.DirectMemory;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The shared file of one peer on disk, complete or not. Blocking; for one thread at a time.
 *
 * <h2>Implementation note</h2>
 *
 * While it is not complete the file is called {@code NAME.part}, and beside it lies a journal {@code NAME.part.pieces}: a header that
 * says of which size and pieces it speaks, then eight bytes for each piece that is here, its index and the CRC-32C of its content. A
 * record is appended soon after the piece has been written, and before anybody is told of it. When a peer starts again every record is compared with what the file has:
 * a piece counts if both agree. So nothing depends on the order in which bytes reached the disk, a torn record or a lost write
 * costs that piece, and a killed process loses none that others know of. The protocol has no hashes of its own; see {@code docs/decisions/0032-course-resume.md}.
 *
 * <p>Under its own name a file is always complete: it gets it by a rename, after all of it was forced to the disk.
 */
final class PieceFile implements AutoCloseable {
    private static final long MAGIC = 0x5370617465434e54L;
    private static final int HEADER = 24;
    private static final int RECORD = 8;
    private static final int RECORDS = 1024;
    private static final int READ_AT_ONCE = 256 * 1024;

    private final PieceLayout layout;
    private final FilePool pool = new FilePool(3);
    private final PooledFile whole;
    private final PooledFile part;
    private final PooledFile journal;
    private final PieceSet have;
    private final ByteBuffer record = DirectMemory.allocate(HEADER);
    private final ByteBuffer records = DirectMemory.allocate(RECORDS * RECORD);
    private long journalEnd;
    private boolean complete;

    private PieceFile(CourseSetup setup, int id) {
        this.layout = setup.common().layout();
        String name = setup.common().fileName();
        Path folder = setup.peerFolder(id);
        this.whole = pool.file(folder, Path.of(name));
        this.part = pool.file(folder, Path.of(name + ".part"));
        this.journal = pool.file(folder, Path.of(name + ".part.pieces"));
        this.have = new PieceSet(layout.pieces());
    }

    /** Opens what a peer has, and finds out how much that is. */
    static PieceFile open(CourseSetup setup, PeerLine line) throws CourseException {
        PieceFile file = new PieceFile(setup, line.id());
        boolean opened = false;
        try {
            file.look(setup, line);
            opened = true;
            return file;
        } catch (IOException e) {
            throw trouble(setup.peerFolder(line.id()), e);
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    static CourseException trouble(Path where, IOException e) {
        return new CourseException(
                CourseException.Kind.FILE_TROUBLE,
                "cannot use " + where + ": " + e.getMessage(),
                "See that it may be written and that there is space.",
                e);
    }

    private void look(CourseSetup setup, PeerLine line) throws IOException, CourseException {
        Optional<FileStamp> stamp = whole.stamp();
        if (stamp.isPresent()) {
            if (stamp.get().length() != layout.totalLength()) {
                throw new CourseException(
                        CourseException.Kind.WRONG_FILE,
                        whole.path() + " has " + stamp.get().length() + " bytes, and FileSize in "
                                + setup.folder().resolve("Common.cfg") + " is " + layout.totalLength(),
                        "Put the right file there (git may have changed its line ends), or correct FileSize.");
            }
            have.addAll();
            complete = true;
        } else if (line.hasFile()) {
            throw new CourseException(
                    CourseException.Kind.NOT_FOUND,
                    "peer " + line.id() + " has the file by its line, and there is no " + whole.path(),
                    "Put the file there, or write 0 at the end of the line.");
        } else {
            resume();
        }
    }

    private void resume() throws IOException {
        part.create();
        journal.create();
        ByteBuffer header = record.clear().limit(HEADER);
        boolean ours = journal.read(header, 0) == HEADER && isOurs(header.flip());
        if (!ours) {
            journal.setLength(0);
            header.clear();
            header.putLong(MAGIC)
                    .putLong(layout.totalLength())
                    .putLong(layout.pieceLength())
                    .flip();
            journal.write(header, 0);
            journalEnd = HEADER;
            return;
        }
        long end = HEADER;
        ByteBuffer content = DirectMemory.allocate(Math.min(READ_AT_ONCE, layout.pieceLength()));
        ByteBuffer each = record.clear().limit(RECORD);
        // A file can have no more good records than there are pieces; what is behind a hundred times as many is not
        // read.
        for (long records = 0; records < 2L * layout.pieces() && journal.read(each, end) == RECORD; records++) {
            each.flip();
            int piece = each.getInt();
            int crc = each.getInt();
            if (piece >= 0 && piece < layout.pieces() && !have.contains(piece) && crc(piece, content) == crc) {
                have.add(piece);
            }
            end += RECORD;
            each.clear().limit(RECORD);
        }
        journalEnd = end;
    }

    private boolean isOurs(ByteBuffer header) {
        return header.getLong() == MAGIC
                && header.getLong() == layout.totalLength()
                && header.getLong() == layout.pieceLength();
    }

    private int crc(int piece, ByteBuffer content) throws IOException {
        CRC32C crc = new CRC32C();
        int length = layout.length(piece);
        for (int begin = 0; begin < length; begin += content.capacity()) {
            content.clear().limit(Math.min(content.capacity(), length - begin));
            if (part.read(content, layout.offset(piece) + begin) < content.limit()) {
                return ~(int) crc.getValue();
            }
            crc.update(content.flip());
        }
        return (int) crc.getValue();
    }

    /** What is here; not to be changed. */
    PieceSet have() {
        return have;
    }

    boolean isComplete() {
        return complete;
    }

    /** Writes some content of a piece, where it belongs. */
    void write(int piece, int begin, ByteBuffer content) throws IOException {
        part.write(content, layout.offset(piece) + begin);
    }

    /** All of a piece is written, and this is its CRC-32C. The journal has it after {@link #record}, at the latest. */
    void stored(int piece, int crc) throws IOException {
        have.add(piece);
        if (records.remaining() < RECORD) {
            record();
        }
        records.putInt(piece).putInt(crc);
    }

    /** Brings what is stored into the journal. */
    void record() throws IOException {
        if (!complete && records.position() > 0) {
            int bytes = records.flip().remaining();
            journal.write(records, journalEnd);
            journalEnd += bytes;
            records.clear();
        }
    }

    /** Returns when all pieces are on the disk. Any thread. */
    void force() throws IOException {
        part.force();
    }

    /** Gives the file its name. All pieces are here and forced. */
    void complete() throws IOException {
        part.moveTo(whole);
        journal.delete();
        complete = true;
    }

    /** Fills the buffer with the content of a piece from {@code begin} on. */
    void read(int piece, int begin, ByteBuffer into) throws IOException {
        (complete ? whole : part).readFully(into, layout.offset(piece) + begin);
    }

    @Override
    public void close() {
        pool.close();
    }
}
