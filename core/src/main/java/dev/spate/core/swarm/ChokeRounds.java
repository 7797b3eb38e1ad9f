package dev.spate.core.swarm;

import dev.spate.core.choke.ChokeCandidate;
import dev.spate.core.choke.ChokeDecision;
import dev.spate.core.choke.ChokeRound;
import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Choker;
import dev.spate.core.choke.Deal;
import dev.spate.core.choke.Partner;
import dev.spate.core.choke.Slots;
import dev.spate.core.choke.TradeRound;
import dev.spate.core.choke.Trader;
import dev.spate.core.choke.Trading;
import dev.spate.core.choke.UplinkEstimate;
import dev.spate.wire.PieceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
    private final HaveBroadcast haves;
    private final Suggestions suggestions;
    private final Uploads uploads;
    private final Outputs outputs;
    private final RandomGenerator random;

    /** Who decides while we download, if that is one who learns; null: {@link Choker}. */
    private @Nullable Trader trader;

    private Trading trading = Trading.TIT_FOR_TAT;
    private UplinkEstimate uplink = UplinkEstimate.NEW;
    private long sentAtRound;
    private long lastRoundAt;
    private int autoSlots;
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
            HaveBroadcast haves,
            Suggestions suggestions,
            Uploads uploads,
            Outputs outputs,
            RandomGenerator random) {
        this.bounds = bounds;
        this.layout = layout;
        this.conversations = conversations;
        this.progress = progress;
        this.haves = haves;
        this.suggestions = suggestions;
        this.uploads = uploads;
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
        if (trader != null) {
            trader = trader.without(peer.slot);
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
            chooseTrader();
            round(now);
        } else if (adjust) {
            boolean changed = chooseTrader();
            Trader present = trader;
            if (present == null) {
                if (changed || isToBeAdjusted()) {
                    apply(Choker.adjust(gather(false, now)), now);
                }
            } else {
                apply(present.adjust(gatherPartners(false, now), random), now);
            }
        }
        adjust = false;
    }

    /** Whether too many are served, or somebody waits while a slot is free. */
    private boolean isToBeAdjusted() {
        int served = 0;
        int waiting = 0;
        for (Conversation each : conversations.all()) {
            if (each.isLive() && each.peer.peerInterested()) {
                waiting += each.peer.wantsChoke() ? 1 : 0;
                served += each.peer.wantsChoke() ? 0 : 1;
            }
        }
        int slots = slots();
        return served > slots || (served < slots && waiting > 0) || (roundAt == Long.MAX_VALUE && served > 0);
    }

    /** What we do, or the user's wish, may have changed since the last decision; returns whether it has. */
    private boolean chooseTrader() {
        Trading wanted = progress.isDone()
                ? Trading.TIT_FOR_TAT
                : bounds.settings().choking().trading();
        if (wanted != trading) {
            trading = wanted;
            trader = wanted.begin().orElse(null);
            optimistic = ChokeRound.NOBODY;
            return true;
        }
        return false;
    }

    private void round(long now) {
        boolean rotate = !everRotated || now - rotateAt >= 0;
        if (rotate) {
            everRotated = true;
            rotateAt = now + Choker.OPTIMISTIC_NANOS;
        }
        roundAt = Long.MAX_VALUE;
        measure(now);
        Trader present = trader;
        if (present == null) {
            setSlots(now);
            apply(Choker.choose(gather(rotate, now), random), now);
        } else {
            apply(present.choose(gatherPartners(rotate, now), random), now);
        }
    }

    /** What was sent since the last round tells what can be sent until the next, unless that was long ago. */
    private void measure(long now) {
        long nanos = now - lastRoundAt;
        long sent = progress.out.total() - sentAtRound;
        if (nanos > 0 && nanos < 2 * Choker.ROUND_NANOS) {
            uplink = uplink.after((long) (sent * 1e9 / nanos));
        }
        sentAtRound = progress.out.total();
        lastRoundAt = now;
    }

    private TradeRound gatherPartners(boolean rotate, long now) {
        List<Partner> partners = new ArrayList<>();
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                partners.add(new Partner(
                        candidate(each, now),
                        each.peer.wantsInterest(),
                        each.peer.peerChokesUs(),
                        each.peer.payloadIn(),
                        each.peer.payloadOut(),
                        (long) each.peer.pieces().count() * layout.pieceLength()));
            }
        }
        return new TradeRound(partners, uplink.allowed(), rotate, now);
    }

    private ChokeRound gather(boolean rotate, long now) {
        List<ChokeCandidate> candidates = new ArrayList<>();
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                candidates.add(candidate(each, now));
            }
        }
        return new ChokeRound(
                candidates,
                progress.isDone() ? bounds.settings().choking().seeding() : ChokeStrategy.LEECHING,
                slots(),
                optimistic,
                rotate,
                (long) QUOTA_PIECES * layout.pieceLength(),
                now);
    }

    /** How many slots there are until the next round. */
    private int slots() {
        SwarmSettings settings = bounds.settings();
        return settings.autoSlots()
                ? Math.clamp(autoSlots, settings.uploadSlots(), settings.maxUploadSlots())
                : settings.uploadSlots();
    }

    /** Chooses how many slots there are, by how fast those are who are served. */
    private void setSlots(long now) {
        SwarmSettings settings = bounds.settings();
        if (settings.autoSlots()) {
            long[] rates = conversations.all().stream()
                    .filter(Conversation::isLive)
                    .mapToLong(each -> each.out.bytesPerSecond(now))
                    .toArray();
            autoSlots = Slots.byRate(rates, settings.uploadSlots(), settings.maxUploadSlots());
        }
    }

    private ChokeCandidate candidate(Conversation each, long now) {
        return new ChokeCandidate(
                each.slot,
                each.peer.peerInterested(),
                each.peer.wantsChoke(),
                each.peer.snubbed(),
                each.in.bytesPerSecond(now),
                each.out.bytesPerSecond(now),
                each.since,
                each.unchokedAt,
                each.peer.payloadOut() - each.sentAtUnchoke,
                layout.pieces() == 0 ? 1 : (double) each.peer.pieces().count() / layout.pieces());
    }

    private void apply(Deal deal, long now) {
        trader = deal.next();
        deal.rates().forEach((peer, rate) -> uploads.allow(conversations.at(peer), rate, now));
        carryOut(deal.decision(), now);
    }

    private void apply(ChokeDecision decision, long now) {
        for (int peer : decision.unchoked()) {
            uploads.free(conversations.at(peer));
        }
        carryOut(decision, now);
    }

    private void carryOut(ChokeDecision decision, long now) {
        optimistic = decision.optimistic();
        for (int peer : decision.toChoke()) {
            Conversation each = conversations.at(peer);
            each.peer.wantChoke(true);
            uploads.free(each);
            outputs.touch(each);
        }
        for (int peer : decision.toUnchoke()) {
            Conversation each = conversations.at(peer);
            each.peer.wantChoke(false);
            haves.tell(each);
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
