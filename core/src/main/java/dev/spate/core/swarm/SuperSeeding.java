package dev.spate.core.swarm;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Super-seeding (BEP 16): a seed that shows itself as a leech without pieces, and lets each peer know of one piece at a time, as
 * {@link Offers} decides.
 *
 * <pre>
 *   OFF --wanted--> WANTED --all pieces are here--> ON --a whole copy is out, or not wanted any more--> OFF
 *                      ^                             |
 *                      `-------- a piece is lost ----'
 * </pre>
 *
 * <p>It holds for connections that are made while it is ON. Those who know already what we have are not misled: with the fast
 * extension they are told by a suggestion (BEP 6) what the others are offered. Nothing is allowed fast meanwhile, for that would let
 * pieces out twice.
 *
 * <p>At the end peers learn what we have by ordinary haves, some at a time, and then that we only upload.
 */
final class SuperSeeding {

    /** A peer is told so many pieces at once when all is revealed, and more after {@link #REVEAL_EVERY}. */
    static final int REVEAL_AT_ONCE = 1024;

    static final long REVEAL_EVERY = Duration.ofMillis(100).toNanos();

    private final PieceLayout layout;
    private final Conversations conversations;
    private final Progress progress;
    private final Greeter greeter;
    private final Outputs outputs;
    private final Consumer<Conversation> ended;
    private boolean wanted;

    /** While it is ON. */
    private @Nullable Offers offers;

    private boolean revealing;
    private long revealAt;

    /** @param ended told of each connection when this has ended for it, so that it knows all that we have */
    SuperSeeding(
            PieceLayout layout,
            Conversations conversations,
            Progress progress,
            Greeter greeter,
            Outputs outputs,
            Consumer<Conversation> ended) {
        this.ended = ended;
        this.layout = layout;
        this.conversations = conversations;
        this.progress = progress;
        this.greeter = greeter;
        this.outputs = outputs;
    }

    /** What the user wants. */
    void want(boolean wish, long now) {
        wanted = wish;
        if (!wish) {
            end(now);
        }
    }

    /** Whether it is wanted and not done yet. */
    boolean isWanted() {
        return wanted;
    }

    /** Whether it is in force, so that what others have is of interest. */
    boolean isOn() {
        return offers != null;
    }

    /** A connection is open, whose peer was told nothing; it has nothing either, as far as is known. */
    void opened(Conversation peer) {
        if (offers != null) {
            peer.told = new PieceSet(layout.pieces());
            offers.joined(peer.slot);
        }
    }

    void gone(Conversation peer) {
        if (offers != null) {
            offers.left(peer.slot);
        }
    }

    /** It described itself. */
    void described(Conversation peer) {
        if (offers != null) {
            offers.takes(peer.slot, !peer.isUploadOnly());
        }
    }

    /** It told for the first time what it has. */
    void arrivedWith(Conversation peer, long now) {
        gainedAll(peer, peer.peer.pieces(), now);
    }

    void gained(Conversation peer, int piece, long now) {
        if (offers != null) {
            offers.gained(peer.slot, piece, now);
        }
    }

    void gainedAll(Conversation peer, PieceSet pieces, long now) {
        if (offers != null) {
            for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
                offers.gained(peer.slot, piece, now);
            }
        }
    }

    void lost(Conversation peer, int piece) {
        if (offers != null) {
            offers.lost(peer.slot, piece);
        }
    }

    void sent(Conversation peer, BlockRange block, long now) {
        if (offers != null) {
            offers.sent(peer.slot, block, now);
        }
    }

    long deadline() {
        long deadline = offers == null ? Long.MAX_VALUE : offers.deadline();
        return revealing ? Math.min(deadline, revealAt) : deadline;
    }

    /** Does what is due. */
    void settle(long now) {
        if (wanted && offers == null && progress.hasAll()) {
            begin(now);
        }
        Offers present = offers;
        if (present != null) {
            if (present.isEnough()) {
                wanted = false;
                outputs.report(new SwarmEvent.CopyOut());
                end(now);
            } else if (!progress.hasAll()) {
                end(now);
            } else {
                present.settle(this::offer, now);
            }
        }
        if (revealing && now - revealAt >= 0) {
            reveal(now);
        }
    }

    private void begin(long now) {
        revealing = false;
        Offers made = new Offers(layout);
        offers = made;
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                made.joined(each.slot);
                arrivedWith(each, now);
                described(each);
            }
        }
    }

    private void offer(int peer, int piece) {
        Conversation to = conversations.at(peer);
        PieceSet told = to.told;
        if (told == null) {
            to.peer.suggest(piece);
        } else {
            told.add(piece);
            to.peer.have(new PeerMessage.Have(piece));
        }
        outputs.touch(to);
    }

    private void end(long now) {
        if (offers != null) {
            offers = null;
            revealing = true;
            revealAt = now;
        }
    }

    private void reveal(long now) {
        revealing = false;
        revealAt = now + REVEAL_EVERY;
        for (Conversation each : List.copyOf(conversations.all())) {
            PieceSet told = each.told;
            if (each.isLive() && told != null && !revealSome(each, told)) {
                revealing = true;
                outputs.touch(each);
            } else if (each.isLive()) {
                outputs.touch(each);
                ended.accept(each);
            }
        }
    }

    /** Returns whether that was all. */
    private boolean revealSome(Conversation to, PieceSet told) {
        PieceSet ours = progress.flushed();
        int left = REVEAL_AT_ONCE;
        for (int piece = ours.next(to.revealedTo); piece >= 0; piece = ours.next(piece + 1)) {
            if (left == 0) {
                to.revealedTo = piece;
                return false;
            }
            if (told.add(piece)) {
                to.peer.have(new PeerMessage.Have(piece));
                left--;
            }
        }
        to.told = null;
        greeter.describeAgain(to);
        return true;
    }
}
