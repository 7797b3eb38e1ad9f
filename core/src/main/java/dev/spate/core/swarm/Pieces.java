package dev.spate.core.swarm;

import dev.spate.core.picker.Picker;
import dev.spate.core.picker.PieceState;
import dev.spate.wire.PieceLayout;
import org.jspecify.annotations.Nullable;

/** What becomes of a piece once all its blocks are here: verified and flushed, or fetched again; or lost later. */
final class Pieces {
    private final PieceLayout layout;
    private final Picker picker;
    private final Progress progress;
    private final Downloads downloads;
    private final SmartBan smartBan;
    private final Justice justice;
    private final HaveBroadcast haves;
    private final Conversations conversations;
    private final Interest interest;
    private final Outputs outputs;

    Pieces(
            PieceLayout layout,
            Picker picker,
            Progress progress,
            Downloads downloads,
            SmartBan smartBan,
            Justice justice,
            HaveBroadcast haves,
            Conversations conversations,
            Interest interest,
            Outputs outputs) {
        this.layout = layout;
        this.picker = picker;
        this.progress = progress;
        this.downloads = downloads;
        this.smartBan = smartBan;
        this.justice = justice;
        this.haves = haves;
        this.conversations = conversations;
        this.interest = interest;
        this.outputs = outputs;
    }

    void verified(int piece, @Nullable BlockDigests digests) {
        picker.pieceVerified(piece);
        progress.verified(piece);
        haves.lessIsWanted();
        if (justice.praise(smartBan.contributors(piece))) {
            // It need not keep to itself any more, nor need others wait for its trial.
            downloads.workFreed();
        }
        for (SmartBan.BadBlock bad : smartBan.verified(piece, digests)) {
            justice.convict(
                    bad.origin(),
                    "block " + bad.block().begin() / PieceLayout.BLOCK_LENGTH + " of piece " + piece + " was bad");
        }
    }

    void flushed(int piece) {
        if (progress.flushed().contains(piece)) {
            return;
        }
        picker.pieceFlushed(piece);
        progress.flushed(piece);
        haves.add(piece);
        outputs.report(new SwarmEvent.PieceFlushed(piece));
    }

    void corrupt(int piece, @Nullable BlockDigests digests) {
        progress.corruptBytes += layout.length(piece);
        outputs.report(new SwarmEvent.PieceFailed(piece));
        SmartBan.Blame blame = smartBan.failed(piece, digests);
        // Before anyone is shown the door, so that what he held of other pieces is given back to a picker that knows.
        downloads.failed(piece, true);
        progress.failed(piece);
        if (blame.culprit() != null) {
            justice.convict(blame.culprit(), "delivered all of piece " + piece + ", which was bad");
        }
        justice.suspect(blame.suspects());
        reviewInterest();
    }

    void writeFailed(int piece) {
        downloads.failed(piece, false);
        progress.failed(piece);
        reviewInterest();
    }

    void lost(int piece) {
        if (picker.state(piece) != PieceState.VERIFIED && picker.state(piece) != PieceState.FLUSHED) {
            return;
        }
        picker.pieceLost(piece);
        if (progress.flushed().contains(piece)) {
            haves.forget(piece);
            for (Conversation each : conversations.all()) {
                if (each.isLive()) {
                    each.peer.dontHave(piece);
                    outputs.touch(each);
                }
            }
        }
        progress.lost(piece);
        progress.failed(piece);
        downloads.workFreed();
        reviewInterest();
    }

    /** How much a piece is wanted, 0 (not at all) to 7. */
    void prioritise(int piece, int priority) {
        picker.setPriority(piece, priority);
        PieceState state = picker.state(piece);
        progress.choose(piece, priority > 0, state == PieceState.VERIFIED);
        haves.wantsChanged();
        downloads.reprioritised();
    }

    private void reviewInterest() {
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                interest.review(each);
            }
        }
    }
}
