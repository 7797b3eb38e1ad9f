package dev.spate.engine.storage;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.util.ArrayList;
import java.util.List;

/**
 * How the run of a torrent's bytes is spread over its files; all arithmetic between the two is here. Immutable.
 *
 * <p>The files' bytes follow each other without a gap (BEP 3, "info dictionary"). Pad files (BEP 47) take part in the run and
 * are zeros, but are never stored.
 */
public final class FileLayout {

    /**
     * One file of the run.
     *
     * @param path its names from the download folder on, at least one, already made safe
     * @param length in bytes
     * @param isStored whether it exists on disk; false for pad files and symbolic links
     */
    public record StoredFile(List<String> path, long length, boolean isStored) {
        public StoredFile {
            path = List.copyOf(path);
            if (path.isEmpty() || length < 0) {
                throw new IllegalArgumentException("not a file: " + path + " of " + length + " bytes");
            }
        }

        /** The names with slashes between. */
        public String pathText() {
            return String.join("/", path);
        }
    }

    /** Is shown the parts of a range, in order. */
    @FunctionalInterface
    interface PartVisitor<X extends Exception> {

        /**
         * Looks at a part.
         *
         * @param file which file
         * @param position where the part begins in the file
         * @param from where the part begins within the range
         * @param length bytes, at least 1
         */
        void part(int file, long position, int from, int length) throws X;
    }

    private final PieceLayout pieces;
    private final List<StoredFile> files;
    /** Where each file begins in the run; one more entry, for the end. */
    private final long[] begins;

    /**
     * Lays files out.
     *
     * @throws IllegalArgumentException if their lengths do not add up to the layout's
     */
    public FileLayout(PieceLayout pieces, List<StoredFile> files) {
        this.pieces = pieces;
        this.files = List.copyOf(files);
        this.begins = new long[files.size() + 1];
        for (int i = 0; i < this.files.size(); i++) {
            begins[i + 1] = Math.addExact(begins[i], this.files.get(i).length());
        }
        if (begins[files.size()] != pieces.totalLength()) {
            throw new IllegalArgumentException(
                    "files of " + begins[files.size()] + " bytes in a run of " + pieces.totalLength());
        }
    }

    /** The layout of a torrent's v1 run; a multi-file torrent's files lie in a folder of its name (BEP 3). */
    public static FileLayout of(Metainfo metainfo) {
        List<StoredFile> files = new ArrayList<>(metainfo.files().size());
        for (FileEntry entry : metainfo.files()) {
            List<String> path = new ArrayList<>(entry.path().size() + 1);
            if (!metainfo.isSingleFile()) {
                path.add(metainfo.name());
            }
            path.addAll(entry.path());
            files.add(new StoredFile(path, entry.length(), !entry.isPad() && !entry.isSymlink()));
        }
        return new FileLayout(metainfo.layout(), files);
    }

    public PieceLayout pieces() {
        return pieces;
    }

    /** The number of files, pad files included. */
    public int files() {
        return files.size();
    }

    public StoredFile file(int file) {
        return files.get(file);
    }

    /** Where a file begins in the run of all bytes. */
    public long offset(int file) {
        return begins[file];
    }

    /** The file that holds a byte of the run; never one of length 0. */
    public int fileAt(long offset) {
        if (offset < 0 || offset >= pieces.totalLength()) {
            throw new IndexOutOfBoundsException("no byte " + offset + " of " + pieces.totalLength());
        }
        // The last file that begins at or before the offset: files of length 0 begin where their successor does.
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (begins[middle] <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The first piece that holds a byte of the file; of a file of length 0, the piece that would. */
    public int firstPiece(int file) {
        return (int) (begins[file] / pieces.pieceLength());
    }

    /** The piece behind the last one that holds a byte of the file; {@link #firstPiece} if there is none. */
    public int endPiece(int file) {
        return file(file).length() == 0 ? firstPiece(file) : (int) ((begins[file + 1] - 1) / pieces.pieceLength()) + 1;
    }

    /** Shows the parts of the files that make up a range of the run, pad files included, in order. */
    <X extends Exception> void forEachPart(long offset, int length, PartVisitor<X> visitor) throws X {
        if (offset < 0 || length < 0 || offset > pieces.totalLength() - length) {
            throw new IndexOutOfBoundsException("no bytes " + offset + "+" + length + " of " + pieces.totalLength());
        }
        int from = 0;
        int file = length == 0 ? 0 : fileAt(offset);
        while (from < length) {
            long position = offset + from - begins[file];
            int part = (int) Math.min(length - from, begins[file + 1] - begins[file] - position);
            if (part > 0) {
                visitor.part(file, position, from, part);
            }
            from += part;
            file++;
        }
    }
}
