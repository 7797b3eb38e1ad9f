package dev.spate.engine.storage;

import dev.spate.engine.store.FileStamp;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered about one torrent between sessions.
 *
 * @param infoHash of 20 bytes, as on the wire
 * @param claim what lies on disk
 * @param notes everything else
 */
public record ResumeData(Digest infoHash, Claim claim, Notes notes) {

    public ResumeData {
        if (infoHash.length() != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException("not the info-hash on the wire: " + infoHash);
        }
    }

    /**
     * The pieces that are on disk for certain, and how the files looked then.
     *
     * @param flushed verified pieces whose bytes were forced to the device; not to be changed any more
     * @param stamps one for each file, pad files included, and one for the part file; {@link TorrentStorage#NO_FILE} where there
     *     was none
     * @param closed whether nothing was written after this was saved, so that each file must look as its stamp; otherwise files
     *     that were not complete may have changed since
     */
    public record Claim(PieceSet flushed, List<FileStamp> stamps, boolean closed) {
        public Claim {
            stamps = List.copyOf(stamps);
        }
    }

    /**
     * What the session and its user want to be remembered.
     *
     * @param folder the download folder that the torrent was added into, absolute
     * @param transferred payload bytes since the torrent was added
     * @param addedAt when it was added, to the second
     * @param completedAt when it became complete, to the second
     * @param trackers tiers that replace the torrent's own (BEP 12), or empty if they were not edited
     * @param priorities of the files, 0 to 7 each, or empty if they were not edited
     * @param paused whether the user paused it
     * @param sequential whether pieces are preferred in their order
     * @param places where its files lie
     * @param rules what it may do
     * @param queue its place in the queue; empty at first
     */
    public record Notes(
            String folder,
            Transferred transferred,
            Instant addedAt,
            Optional<Instant> completedAt,
            Optional<List<List<String>>> trackers,
            List<Integer> priorities,
            boolean paused,
            boolean sequential,
            Places places,
            KeptRules rules,
            Optional<QueueRank> queue) {
        public Notes {
            trackers = trackers.map(tiers -> tiers.stream().map(List::copyOf).toList());
            priorities = List.copyOf(priorities);
            for (int priority : priorities) {
                if (priority < 0 || priority > 7) {
                    throw new IllegalArgumentException("not a priority: " + priority);
                }
            }
        }
    }

    /** Payload bytes, 0 or more each; {@code corrupt} are those of {@code downloaded} that failed their hash. */
    public record Transferred(long uploaded, long downloaded, long corrupt) {
        public static final Transferred NOTHING = new Transferred(0, 0, 0);

        public Transferred {
            if (uploaded < 0 || downloaded < 0 || corrupt < 0) {
                throw new IllegalArgumentException(
                        "negative counter: " + uploaded + ", " + downloaded + ", " + corrupt);
            }
        }
    }
}
