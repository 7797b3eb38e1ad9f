package dev.spate.core.swarm;

import dev.spate.core.choke.ChokeCandidate;
import dev.spate.core.choke.ChokeDecision;
import dev.spate.core.choke.ChokeRound;
import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Choker;
import dev.spate.core.choke.Slots;
import dev.spate.wire.PieceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When the choker is asked, and what becomes of its answer.
 *
 * <p>Every ten seconds a whole round, every thirty the optimistic unchoke moves on (BEP 3). In between only what interest
 * demands: a peer that becomes interested while a slot is free need not wait for the round. Nothing runs while nobody is
 * interested, so an idle swarm sleeps.
 */
final class ChokeRounds {

    /** How many pieces a peer gets in one turn of round-robin (libtorrent's {@code seeding_piece_quota}). */
    private static final int QUOTA_PIECES = 20;

    private final Bounds bounds;
    private final PieceLayout layout;
    private final Conversations conversations;
    private final Progress progress;
    private final Suggestions suggestions;
    private final Outputs outputs;
    private final RandomGenerator random;
    private int optimistic = ChokeRound.NOBODY;
    private long roundAt = Long.MAX_VALUE;
    private long rotateAt;
    private boolean everRotated;
    private boolean adjust;

    ChokeRounds(
            Bounds bounds,
            PieceLayout layout,
            Conversations conversations,
            Progress progress,
            Suggestions suggestions,
            Outputs outputs,
            RandomGenerator random) {
        this.bounds = bounds;
        this.layout = layout;
        this.conversations = conversations;
        this.progress = progress;
        this.suggestions = suggestions;
        this.outputs = outputs;
        this.random = random;
    }

    /** A peer became interested or lost its interest, or there are more slots or fewer. */
    void interestChanged() {
        adjust = true;
    }

    /** A connection is over. */
    void gone(Conversation peer) {
        if (peer.slot == optimistic) {
            optimistic = ChokeRound.NOBODY;
        }
        if (!peer.peer.wantsChoke() || peer.peer.peerInterested()) {
            adjust = true;
        }
    }

    long deadline() {
        return roundAt;
    }

    /** Does what is due. */
    void settle(long now) {
        if (roundAt != Long.MAX_VALUE && now - roundAt >= 0) {
            round(now);
        } else if (adjust) {
            apply(Choker.adjust(gather(false, now)), now);
        }
        adjust = false;
    }

    private void round(long now) {
        boolean rotate = !everRotated || now - rotateAt >= 0;
        if (rotate) {
            everRotated = true;
            rotateAt = now + Choker.OPTIMISTIC_NANOS;
        }
        roundAt = Long.MAX_VALUE;
        apply(Choker.choose(gather(rotate, now), random), now);
    }

    private ChokeRound gather(boolean rotate, long now) {
        List<ChokeCandidate> candidates = new ArrayList<>();
        long[] uploadRates = new long[conversations.all().size()];
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                long uploadRate = each.out.bytesPerSecond(now);
                uploadRates[candidates.size()] = uploadRate;
                candidates.add(new ChokeCandidate(
                        each.slot,
                        each.peer.peerInterested(),
                        each.peer.wantsChoke(),
                        each.peer.snubbed(),
                        each.in.bytesPerSecond(now),
                        uploadRate,
                        each.since,
                        each.unchokedAt,
                        each.peer.payloadOut() - each.sentAtUnchoke,
                        layout.pieces() == 0 ? 1 : (double) each.peer.pieces().count() / layout.pieces()));
            }
        }
        SwarmSettings settings = bounds.settings();
        int slots = settings.autoSlots()
                ? Slots.byRate(uploadRates, settings.uploadSlots(), settings.maxUploadSlots())
                : settings.uploadSlots();
        return new ChokeRound(
                candidates,
                progress.isDone() ? settings.seeding() : ChokeStrategy.LEECHING,
                slots,
                optimistic,
                rotate,
                (long) QUOTA_PIECES * layout.pieceLength(),
                now);
    }

    private void apply(ChokeDecision decision, long now) {
        optimistic = decision.optimistic();
        for (int peer : decision.toChoke()) {
            Conversation each = conversations.at(peer);
            each.peer.wantChoke(true);
            outputs.touch(each);
        }
        for (int peer : decision.toUnchoke()) {
            Conversation each = conversations.at(peer);
            each.peer.wantChoke(false);
            suggestions.tell(each);
            each.unchokedAt = now;
            each.sentAtUnchoke = each.peer.payloadOut();
            outputs.touch(each);
        }
        if (roundAt == Long.MAX_VALUE && isAnyoneInterested()) {
            roundAt = now + Choker.ROUND_NANOS;
        }
    }

    private boolean isAnyoneInterested() {
        for (Conversation each : conversations.all()) {
            if (each.isLive() && each.peer.peerInterested()) {
                return true;
            }
        }
        return false;
    }
}
