package dev.spate.core.swarm;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sent bad blocks.
 *
 * <p>A piece that fails its hash says only that one of its blocks is bad. If one connection delivered the whole piece, it was
 * that one. Otherwise the digests of all blocks are kept with who delivered them, the piece is fetched again (from one
 * connection alone, so that the next failure has one name), and when it is good at last, each kept block that differs from the good
 * one names its sender. Nobody is accused on less, so an honest peer never is; and each failure costs a bad one its connection
 * or its cover, so that one honest seed suffices in the end.
 *
 * <p>Memory: a reference a block of pieces that are open, and for at most {@link #MAX_SUSPECT_PIECES} failed pieces a reference and
 * eight bytes a block of at most {@link #MAX_FAILURES} failures each; the oldest are forgotten.
 */
final class SmartBan {
    static final int MAX_SUSPECT_PIECES = 256;
    static final int MAX_FAILURES = 8;

    /** One bad copy of a piece: whose each block was, and how it looked. */
    private static final class Failure {
        final @Nullable Origin[] origins;
        final BlockDigests digests;

        Failure(@Nullable Origin[] origins, BlockDigests digests) {
            this.origins = origins;
            this.digests = digests;
        }
    }

    /** What is known after a failure. */
    record Blame(@Nullable Origin culprit, List<Origin> suspects) {}

    /** One block that was bad. */
    record BadBlock(Origin origin, BlockRange block) {}

    private final PieceLayout layout;
    // Never iterated.
    private final Map<Integer, @Nullable Origin[]> open = new HashMap<>();
    private final LinkedHashMap<Integer, ArrayDeque<Failure>> suspects = new LinkedHashMap<>();

    SmartBan(PieceLayout layout) {
        this.layout = layout;
    }

    /** A whole block came. */
    void arrived(BlockRange block, Origin origin) {
        @Nullable
        Origin[] origins = open.computeIfAbsent(block.piece(), piece -> new @Nullable Origin[layout.blocks(piece)]);
        origins[PieceLayout.blockNumber(block.begin())] = origin;
    }

    /** Whether the digests of this piece are needed even if it is good. */
    boolean isSuspect(int piece) {
        return suspects.containsKey(piece);
    }

    /** The piece's blocks are thrown away, for no fault of theirs. */
    void discarded(int piece) {
        open.remove(piece);
    }

    /** The piece is bad. */
    Blame failed(int piece, @Nullable BlockDigests digests) {
        @Nullable Origin[] origins = open.remove(piece);
        if (origins == null) {
            return new Blame(null, List.of());
        }
        List<Origin> all = distinct(origins);
        boolean complete = Arrays.stream(origins).noneMatch(origin -> origin == null);
        if (all.size() == 1 && complete) {
            return new Blame(all.getFirst(), List.of());
        }
        if (digests != null && digests.blocks() == origins.length) {
            remember(piece, new Failure(origins, digests));
        }
        return new Blame(null, all);
    }

    private void remember(int piece, Failure failure) {
        ArrayDeque<Failure> failures = suspects.computeIfAbsent(piece, _ -> new ArrayDeque<>());
        failures.add(failure);
        if (failures.size() > MAX_FAILURES) {
            failures.removeFirst();
        }
        if (suspects.size() > MAX_SUSPECT_PIECES) {
            suspects.pollFirstEntry();
        }
    }

    /** The piece is good; returns the blocks of earlier copies that were not, the first of each sender. */
    List<BadBlock> verified(int piece, @Nullable BlockDigests good) {
        ArrayDeque<Failure> failures = suspects.remove(piece);
        if (failures == null || good == null) {
            return List.of();
        }
        List<BadBlock> bad = new ArrayList<>();
        Set<Origin> named = new LinkedHashSet<>();
        for (Failure failure : failures) {
            for (int block = 0; block < failure.origins.length && block < good.blocks(); block++) {
                Origin origin = failure.origins[block];
                if (origin != null && failure.digests.digest(block) != good.digest(block) && named.add(origin)) {
                    bad.add(new BadBlock(origin, layout.block(piece, block)));
                }
            }
        }
        return bad;
    }

    /** Whose blocks the good piece was made of; forgets them. */
    List<Origin> contributors(int piece) {
        @Nullable Origin[] origins = open.remove(piece);
        return origins == null ? List.of() : distinct(origins);
    }

    private static List<Origin> distinct(@Nullable Origin[] origins) {
        // Origins have no order of their own; that of the blocks is the same in each run.
        Set<Origin> distinct = new LinkedHashSet<>();
        Origin last = null;
        for (Origin origin : origins) {
            if (origin != null && origin != last) {
                distinct.add(origin);
                last = origin;
            }
        }
        return List.copyOf(distinct);
    }

    /** How many pieces have failed and not been good since. */
    int suspectPieces() {
        return suspects.size();
    }
}
