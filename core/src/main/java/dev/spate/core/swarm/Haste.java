package dev.spate.core.swarm;

import dev.spate.core.peer.Peer;
import dev.spate.core.picker.Picker;
import dev.spate.core.picker.Prospect;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * What pieces with a deadline need beyond their place in the order: to know who delivers soon, and room at the front of
 * pipelines.
 *
 * <p>Who owes a block that is due and falls silent loses it to others within seconds, long before it counts as snubbing.
 *
 * <p>A pipeline holds some seconds of a peer's rate, and peers answer in order; so what is needed at once would wait for all that was
 * asked for before. When it is asked for the first time, requests of whatever is not due soon are taken back and made again
 * behind it. A peer that has sent such a block already loses nothing, since it is taken as if it had been asked for.
 */
final class Haste {

    /** A piece that is due so soon cannot wait for what is in the pipelines. */
    static final long URGENT = Duration.ofSeconds(1).toNanos();

    /** Requests of pieces that are due within this time keep their place. */
    static final long SOON = Duration.ofSeconds(5).toNanos();

    /** A pipeline that is done sooner is not worth the cancels. */
    static final long SHORT_PIPELINE = Duration.ofMillis(250).toNanos();

    /** What a peer is taken to deliver, at least, in bytes per second: one of which nothing is known yet must be tried. */
    static final long LEAST_RATE = 16 << 10;

    /** A peer that sends nothing for so long, and for {@link #SILENT_BLOCKS} blocks at its rate, is not counted on. */
    static final long SILENT = Duration.ofSeconds(2).toNanos();

    private static final int SILENT_BLOCKS = 4;

    /** How often those who are silent are looked for. */
    static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

    private static final long NEVER = Long.MAX_VALUE;

    private final Picker picker;
    private final Conversations conversations;
    private final TreeSet<Integer> urgent = new TreeSet<>();
    private long lookAt = NEVER;

    Haste(Picker picker, Conversations conversations) {
        this.picker = picker;
        this.conversations = conversations;
    }

    /** How soon a peer delivers, for the picker. */
    Prospect prospect(Conversation of, long now) {
        if (!picker.hasDeadlines()) {
            return Prospect.SOONEST;
        }
        long each = blockNanos(of, now);
        return new Prospect(first(of, now), each, piece -> soonest(piece, of, now));
    }

    private long soonest(int piece, Conversation but, long now) {
        long soonest = Prospect.NEVER;
        for (Conversation each : conversations.all()) {
            if (each != but
                    && each.isLive()
                    && !each.onParole
                    && each.peer.pieces().contains(piece)
                    && each.peer.mayRequest(piece)) {
                soonest = Math.min(soonest, first(each, now));
            }
        }
        return soonest;
    }

    private static long first(Conversation of, long now) {
        return isSilent(of, now) ? Prospect.NEVER : (of.peer.inFlight() + 1) * blockNanos(of, now);
    }

    private static long blockNanos(Conversation of, long now) {
        return PieceLayout.BLOCK_LENGTH * 1_000_000_000L / Math.max(LEAST_RATE, of.in.bytesPerSecond(now));
    }

    /** Whether it owes us blocks and sends none; a snub comes only after much longer. */
    private static boolean isSilent(Conversation of, long now) {
        return of.peer.snubbed() || of.peer.silence(now) > Math.max(SILENT, SILENT_BLOCKS * blockNanos(of, now));
    }

    /** When {@link #timeout} is due. */
    long deadline() {
        return lookAt;
    }

    /**
     * Takes from peers that fell silent what is due and another would deliver.
     *
     * @param takeBack told what to take back from whom
     * @return whether anything was
     */
    boolean timeout(long now, BiConsumer<Conversation, BlockRange> takeBack) {
        if (lookAt == NEVER || now - lookAt < 0) {
            return false;
        }
        lookAt = picker.hasDeadlines() ? now + LOOK_EVERY : NEVER;
        boolean any = false;
        for (Conversation each : List.copyOf(conversations.all())) {
            if (each.isLive() && each.peer.inFlight() > 0 && isSilent(each, now)) {
                for (BlockRange block : owed(each, now)) {
                    takeBack.accept(each, block);
                    due(block.piece(), now);
                    any = true;
                }
            }
        }
        return any;
    }

    private List<BlockRange> owed(Conversation of, long now) {
        List<BlockRange> blocks = new ArrayList<>();
        for (BlockRange block : of.peer.requests()) {
            if (!block.equals(of.peer.arriving())
                    && picker.hasDeadline(block.piece())
                    && !picker.isExclusive(block.piece())
                    && soonest(block.piece(), of, now) != Prospect.NEVER) {
                blocks.add(block);
            }
        }
        return blocks;
    }

    /** The deadline of a piece was set. */
    void due(int piece, long now) {
        if (lookAt == NEVER) {
            lookAt = now + LOOK_EVERY;
        }
        if (picker.isDueBy(piece, now + URGENT) && picker.hasFreeBlocks(piece)) {
            urgent.add(piece);
        }
    }

    /**
     * Makes room for what became urgent since the last call.
     *
     * @param takeBack told what to take back from whom
     * @return whether anything was
     */
    boolean makeWay(long now, BiConsumer<Conversation, BlockRange> takeBack) {
        if (urgent.isEmpty()) {
            return false;
        }
        boolean any = false;
        for (Conversation each : List.copyOf(conversations.all())) {
            if (each.isLive() && !each.peer.snubbed() && hasUrgent(each) && first(each, now) > SHORT_PIPELINE) {
                for (BlockRange block : canWait(each.peer, now)) {
                    takeBack.accept(each, block);
                    any = true;
                }
            }
        }
        urgent.clear();
        return any;
    }

    private boolean hasUrgent(Conversation each) {
        for (int piece : urgent) {
            if (each.peer.pieces().contains(piece) && each.peer.mayRequest(piece) && picker.hasFreeBlocks(piece)) {
                return true;
            }
        }
        return false;
    }

    private List<BlockRange> canWait(Peer peer, long now) {
        List<BlockRange> blocks = new ArrayList<>();
        for (BlockRange block : peer.requests()) {
            if (!block.equals(peer.arriving())
                    && !picker.isDueBy(block.piece(), now + SOON)
                    && !picker.isExclusive(block.piece())) {
                blocks.add(block);
            }
        }
        return blocks;
    }
}
