package dev.spate.engine.storage;

import dev.spate.engine.store.FileStamp;
import dev.spate.wire.PieceSet;
import java.util.BitSet;
import java.util.List;

/**
 * What can be believed of resume data, given how the files look now. Pure.
 *
 * <p>A claimed piece is trusted unless there is evidence against one of its files, or its writing was begun again. Evidence
 * against a file is: it is gone; it is not as it was when the session was closed properly; or, after a crash, it is not as it was
 * and we had no reason to write to it since, because it was complete. A file that was incomplete at a crash may have grown and
 * have a later time, since we were writing to it; being shorter or older it must have been replaced.
 *
 * @param trusted pieces that are on disk
 * @param doubtful pieces that may be, and must be read to know: claimed ones with evidence against them, and those whose writing
 *     was begun after the last checkpoint
 * @param ours files that are as we left them, as far as we can know
 * @param changed files with evidence against them
 */
public record Inspection(PieceSet trusted, PieceSet doubtful, BitSet ours, BitSet changed) {

    /**
     * What should be in the part file.
     *
     * @param pieces those that have a part in files that are not wanted and do not exist
     * @param held those that have their place in the part file
     */
    record Parked(PieceSet pieces, PieceSet held) {}

    /**
     * Compares.
     *
     * @param found of this very torrent: its numbers of pieces and files must be the layout's
     * @param now the files' stamps, and the part file's
     * @param parked what should be in the part file
     */
    static Inspection of(FileLayout layout, ResumeFile.Found found, List<FileStamp> now, Parked parked) {
        ResumeData.Claim claim = found.data().claim();
        if (!fits(layout, found.data()) || now.size() != layout.files() + 1) {
            throw new IllegalArgumentException("resume data of another torrent");
        }
        PieceSet claimed = claim.flushed();
        PieceSet trusted = claimed.copy();
        PieceSet doubtful = found.begun().copy();
        BitSet ours = new BitSet();
        BitSet changed = new BitSet();
        for (int file = 0; file < layout.files(); file++) {
            if (!layout.file(file).isStored()) {
                continue;
            }
            boolean mayHaveGrown = !claim.closed() && !isComplete(layout, file, claimed, found.begun());
            FileStamp before = claim.stamps().get(file);
            if (isAsExpected(before, now.get(file), mayHaveGrown)) {
                // A file that was missing at the checkpoint and is there now was made by us: when the checkpoint was
                // made, it was
                // certain that nothing was in its place.
                if (before.length() >= 0 || mayHaveGrown) {
                    ours.set(file);
                }
                continue;
            }
            changed.set(file);
            for (int piece = claimed.next(layout.firstPiece(file));
                    piece >= 0 && piece < layout.endPiece(file);
                    piece = claimed.next(piece + 1)) {
                doubtful.add(piece);
            }
        }
        boolean partsAsLeft =
                isAsExpected(claim.stamps().get(layout.files()), now.get(layout.files()), !claim.closed());
        for (int piece = claimed.nextInBoth(parked.pieces(), 0);
                piece >= 0;
                piece = claimed.nextInBoth(parked.pieces(), piece + 1)) {
            if (!partsAsLeft || !parked.held().contains(piece)) {
                doubtful.add(piece);
            }
        }
        for (int piece = doubtful.next(0); piece >= 0; piece = doubtful.next(piece + 1)) {
            trusted.remove(piece);
        }
        return new Inspection(trusted, doubtful, ours, changed);
    }

    /** Whether resume data is of a torrent with this layout. */
    public static boolean fits(FileLayout layout, ResumeData data) {
        return data.claim().flushed().pieces() == layout.pieces().pieces()
                && data.claim().stamps().size() == layout.files() + 1;
    }

    /** Whether every piece of a file is claimed, and none is being written. */
    static boolean isComplete(FileLayout layout, int file, PieceSet claimed, PieceSet begun) {
        for (int piece = layout.firstPiece(file); piece < layout.endPiece(file); piece++) {
            if (!claimed.contains(piece) || begun.contains(piece)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAsExpected(FileStamp before, FileStamp now, boolean mayHaveGrown) {
        if (!mayHaveGrown || before.length() < 0) {
            // A file that was made after the checkpoint holds nothing that was claimed.
            return now.equals(before) || mayHaveGrown;
        }
        return now.length() >= before.length() && now.modifiedNanos() >= before.modifiedNanos();
    }
}
