package dev.spate.core.picker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The picker's rules once more, in lists and loops: the specification that the fast one is held to.
 *
 * <p>It does not pick by itself. It is shown what the picker picked, and where the rules leave a choice it checks that the
 * choice was one of the allowed ones.
 */
final class NaivePicker {

    /** One block of an open piece. */
    static final class Block {
        final Set<Integer> asked = new LinkedHashSet<>();
        final Set<Integer> late = new LinkedHashSet<>();
        int from = Picker.NOBODY;
        boolean here;
        int writer = Picker.NOBODY;
        long since;

        boolean isFree() {
            return !here && asked.isEmpty();
        }

        boolean inFlight() {
            return !here && !asked.isEmpty();
        }
    }

    /** One open piece. */
    static final class Open {
        final int piece;
        final List<Block> blocks = new ArrayList<>();
        int owner = Picker.NOBODY;
        boolean exclusive;
        boolean abandoned;

        Open(int piece, int count) {
            this.piece = piece;
            IntStream.range(0, count).forEach(i -> blocks.add(new Block()));
        }

        long inFlight() {
            return blocks.stream().filter(Block::inFlight).count();
        }

        long free() {
            return blocks.stream().filter(Block::isFree).count();
        }

        long here() {
            return blocks.stream().filter(block -> block.here).count();
        }
    }

    private static final int OWN = 0;
    private static final int SHARED = 1;
    private static final int RATHER_NOT = 2;
    private static final int FOREIGN = 3;
    private static final int NO = 4;

    final PieceLayout layout;
    final PieceState[] state;
    final int[] priority;
    final boolean[] exclusive;
    final Map<Integer, PieceSet> peers = new TreeMap<>();
    final Map<Integer, Open> open = new TreeMap<>();
    final Map<Integer, Long> deadlines = new TreeMap<>();
    final int budget;
    boolean sequential;

    NaivePicker(PieceLayout layout, PieceSet flushed, int budget) {
        this.layout = layout;
        this.budget = budget;
        state = new PieceState[layout.pieces()];
        priority = new int[state.length];
        exclusive = new boolean[state.length];
        for (int piece = 0; piece < state.length; piece++) {
            state[piece] = flushed.contains(piece) ? PieceState.FLUSHED : PieceState.FREE;
            priority[piece] = 4;
        }
    }

    // What can be looked at.

    int availability(int piece) {
        return (int) peers.values().stream().filter(has -> has.contains(piece)).count();
    }

    boolean isWanted(int piece) {
        return priority[piece] > 0 && !isComplete(piece);
    }

    boolean isComplete(int piece) {
        return state[piece] == PieceState.VERIFIED || state[piece] == PieceState.FLUSHED;
    }

    List<Integer> pieces(IntPredicate which) {
        return IntStream.range(0, state.length).filter(which).boxed().toList();
    }

    int requestedFrom(int peer) {
        return (int) open.values().stream()
                .flatMap(piece -> piece.blocks.stream())
                .filter(block -> !block.here && block.asked.contains(peer))
                .count();
    }

    List<Integer> discardable() {
        return open.values().stream()
                .filter(piece -> state[piece.piece] == PieceState.PARTIAL)
                .filter(piece -> piece.abandoned || priority[piece.piece] == 0)
                .map(piece -> piece.piece)
                .toList();
    }

    boolean isEndgame() {
        boolean nothingToBegin = pieces(
                        piece -> state[piece] == PieceState.FREE && priority[piece] > 0 && availability(piece) > 0)
                .isEmpty();
        boolean nothingFree = needy().stream()
                .noneMatch(
                        piece -> availability(piece.piece) > 0 && !(piece.exclusive && piece.owner != Picker.NOBODY));
        return nothingToBegin && nothingFree && isAnythingInFlight();
    }

    private boolean isAnythingInFlight() {
        return open.values().stream().anyMatch(piece -> piece.inFlight() > 0);
    }

    private List<Open> needy() {
        return open.values().stream()
                .filter(piece -> state[piece.piece] == PieceState.PARTIAL)
                .filter(piece -> !piece.abandoned && priority[piece.piece] > 0 && piece.free() > 0)
                .toList();
    }

    private static boolean mayHave(Picker.Ask ask, int piece) {
        return ask.has().contains(piece) && (ask.only() == null || ask.only().contains(piece));
    }

    // Picking.

    /** Follows a pick step by step. */
    final class Replay {
        private final Picker.Ask ask;
        private final List<BlockRange> picked;
        private final List<Integer> newlyDiscardable;
        private final boolean crowded;
        private final Set<Integer> heldBack = new TreeSet<>();
        private boolean refused;
        private int at;

        Replay(Picker.Ask ask, List<BlockRange> picked, List<Integer> newlyDiscardable) {
            this.ask = ask;
            this.picked = picked;
            this.newlyDiscardable = newlyDiscardable;
            long partials = pieces(piece -> state[piece] == PieceState.PARTIAL).size();
            crowded = partials > 1.5 * peers.size();
        }

        Picked run() {
            assertThat(picked).hasSizeLessThanOrEqualTo(ask.blocks()).doesNotHaveDuplicates();
            if (ask.blocks() > 0) {
                due();
                begun(SHARED);
                fresh();
                begun(FOREIGN);
                if (at == 0) {
                    helpOut();
                }
            }
            assertThat(picked).as("picked beyond the rules").hasSize(at);
            if (at == ask.blocks()) {
                return Picked.ENOUGH;
            }
            return refused ? Picked.OUT_OF_BUDGET : Picked.NOTHING_LEFT;
        }

        private boolean wantsMore() {
            return at < ask.blocks();
        }

        private void due() {
            boolean helped = false;
            for (int piece : byDeadline()) {
                if (!wantsMore()) {
                    return;
                }
                if (!isWanted(piece) || !mayHave(ask, piece)) {
                    continue;
                }
                Open begun = open.get(piece);
                long dueIn = deadlines.getOrDefault(piece, 0L) - ask.now();
                if (begun == null || needy().contains(begun)) {
                    if (!isInTime(piece, dueIn, ask.blocks() - 1)) {
                        heldBack.add(piece);
                    }
                    if (!isInTime(piece, dueIn) || (begun == null && refused)) {
                        continue;
                    }
                    if (begun != null) {
                        if (claim(begun, true) != NO) {
                            take(begun, () -> isInTime(piece, dueIn));
                        }
                    } else {
                        begin(piece, () -> isInTime(piece, dueIn));
                    }
                } else if (!helped && dueIn <= 0 && isInTime(piece, dueIn)) {
                    long most = Math.min(4, 2 + -dueIn / 1_000_000_000L);
                    List<BlockRange> busy = busy(begun).stream()
                            .filter(range -> block(range).asked.size() < most)
                            .toList();
                    if (!busy.isEmpty()) {
                        takeOneOf(fewestAskers(busy));
                        helped = true;
                    }
                }
            }
        }

        /** Whether the next block would come in time, or not more than twice as late as from the soonest other. */
        private boolean isInTime(int piece, long dueIn) {
            return isInTime(piece, dueIn, at);
        }

        private boolean isInTime(int piece, long dueIn, int number) {
            long arrival = ask.prospect().first() + number * ask.prospect().each();
            long soonest = ask.prospect().others().soonest(piece);
            return arrival <= dueIn || soonest > Long.MAX_VALUE / 2 || arrival <= 2 * soonest;
        }

        private List<Integer> byDeadline() {
            return deadlines.keySet().stream()
                    .sorted(Comparator.<Integer>comparingLong(piece -> deadlines.getOrDefault(piece, 0L) - ask.now())
                            .thenComparingInt(piece -> piece))
                    .toList();
        }

        private void begun(int worst) {
            while (wantsMore()) {
                List<Open> allowed = needy().stream()
                        .filter(piece -> claim(piece, crowded) <= worst && !heldBack.contains(piece.piece))
                        .toList();
                if (allowed.isEmpty()) {
                    return;
                }
                Comparator<Open> order = Comparator.<Open>comparingInt(piece -> claim(piece, crowded))
                        .thenComparingInt(piece -> -priority[piece.piece]);
                if (!sequential) {
                    order = order.thenComparingInt(piece -> availability(piece.piece))
                            .thenComparingLong(piece -> ask.pace() == Pace.SLOW ? -piece.free() : piece.free());
                }
                take(allowed.stream()
                        .min(order.thenComparingInt(piece -> piece.piece))
                        .orElseThrow());
            }
        }

        private int claim(Open begun, boolean crowded) {
            boolean own = begun.owner == ask.peer();
            boolean others = begun.owner != Picker.NOBODY && !own;
            if (!mayHave(ask, begun.piece) || (begun.exclusive && others) || (!begun.exclusive && ask.alone())) {
                return NO;
            }
            if (own) {
                return OWN;
            }
            if (begun.inFlight() == 0) {
                return SHARED;
            }
            if (others) {
                return FOREIGN;
            }
            return ask.pace() == Pace.FAST && !crowded ? RATHER_NOT : SHARED;
        }

        private void fresh() {
            while (wantsMore() && !refused) {
                List<Integer> allowed = pieces(piece -> state[piece] == PieceState.FREE
                        && priority[piece] > 0
                        && mayHave(ask, piece)
                        && !heldBack.contains(piece));
                if (allowed.isEmpty()) {
                    return;
                }
                int highest = allowed.stream()
                        .mapToInt(piece -> priority[piece])
                        .max()
                        .orElseThrow();
                allowed = allowed.stream()
                        .filter(piece -> priority[piece] == highest)
                        .toList();
                if (sequential) {
                    allowed = allowed.subList(0, 1);
                } else if (pieces(NaivePicker.this::isComplete).size() >= 4) {
                    allowed = rarest(allowed);
                }
                if (open.size() >= budget) {
                    refused = true;
                } else {
                    assertThat(allowed).as("new piece").contains(picked.get(at).piece());
                    begin(picked.get(at).piece());
                }
            }
        }

        private List<Integer> rarest(List<Integer> allowed) {
            int rarity = allowed.stream()
                    .mapToInt(NaivePicker.this::availability)
                    .min()
                    .orElseThrow();
            for (int suggested : ask.suggested()) {
                if (allowed.contains(suggested) && availability(suggested) == rarity) {
                    return List.of(suggested);
                }
            }
            return allowed.stream()
                    .filter(piece -> availability(piece) == rarity)
                    .toList();
        }

        private void begin(int piece) {
            begin(piece, () -> true);
        }

        private void begin(int piece, BooleanSupplier more) {
            if (open.size() >= budget) {
                refused = true;
                return;
            }
            Open begun = new Open(piece, layout.blocks(piece));
            begun.exclusive = ask.alone() || exclusive[piece];
            open.put(piece, begun);
            state[piece] = PieceState.PARTIAL;
            take(begun, more);
        }

        private void take(Open begun) {
            take(begun, () -> true);
        }

        private void take(Open begun, BooleanSupplier more) {
            if (begun.inFlight() == 0) {
                begun.owner = begun.exclusive || ask.pace() == Pace.FAST ? ask.peer() : Picker.NOBODY;
            }
            for (int number = 0; number < begun.blocks.size() && wantsMore() && more.getAsBoolean(); number++) {
                if (begun.blocks.get(number).isFree()) {
                    takeOneOf(List.of(layout.block(begun.piece, number)));
                }
            }
        }

        private void takeOneOf(List<BlockRange> allowed) {
            assertThat(picked).as("picked less than the rules allow").hasSizeGreaterThan(at);
            assertThat(allowed).contains(picked.get(at));
            Block block = block(picked.get(at));
            block.late.remove(ask.peer());
            block.asked.add(ask.peer());
            at++;
        }

        private List<BlockRange> busy(Open begun) {
            List<BlockRange> result = new ArrayList<>();
            boolean barred = begun.exclusive || begun.abandoned || ask.alone() || priority[begun.piece] == 0;
            for (int number = 0; number < begun.blocks.size() && !barred && mayHave(ask, begun.piece); number++) {
                Block block = begun.blocks.get(number);
                boolean writing = block.writer != Picker.NOBODY && ask.now() - block.since <= 5_000_000_000L;
                if (block.inFlight() && !block.asked.contains(ask.peer()) && !writing && block.asked.size() < 8) {
                    result.add(layout.block(begun.piece, number));
                }
            }
            return result;
        }

        private List<BlockRange> fewestAskers(List<BlockRange> blocks) {
            int fewest = blocks.stream()
                    .mapToInt(range -> block(range).asked.size())
                    .min()
                    .orElseThrow();
            return blocks.stream()
                    .filter(range -> block(range).asked.size() == fewest)
                    .toList();
        }

        private void helpOut() {
            if (requestedFrom(ask.peer()) > 0) {
                return;
            }
            List<BlockRange> busy = open.values().stream()
                    .flatMap(piece -> busy(piece).stream())
                    .toList();
            if (isEndgame() && !busy.isEmpty()) {
                takeOneOf(fewestAskers(busy));
                return;
            }
            boolean stand = !isAnythingInFlight();
            List<Open> orphans = needy().stream()
                    .filter(piece -> piece.exclusive ? piece.owner != ask.peer() : ask.alone() && stand)
                    .filter(piece -> piece.inFlight() == 0 && mayHave(ask, piece.piece))
                    .toList();
            if (orphans.isEmpty()) {
                return;
            }
            int piece = picked.isEmpty()
                    ? newlyDiscardable.getFirst()
                    : picked.getFirst().piece();
            Open orphan = opened(piece);
            assertThat(orphans).contains(orphan);
            if (orphan.here() > 0) {
                orphan.abandoned = true;
            } else {
                orphan.exclusive = ask.alone() || exclusive[piece];
                orphan.blocks.forEach(block -> {
                    block.late.clear();
                    block.writer = Picker.NOBODY;
                });
                take(orphan);
            }
        }
    }

    // The life of a block.

    Block block(BlockRange range) {
        return opened(range.piece()).blocks.get(range.begin() / PieceLayout.BLOCK_LENGTH);
    }

    private Open opened(int piece) {
        return Objects.requireNonNull(open.get(piece), "not open");
    }

    Verdict arriving(int peer, BlockRange range, long now) {
        if (!layout.isBlock(range)) {
            return Verdict.UNREQUESTED;
        }
        if (isComplete(range.piece())) {
            return Verdict.DUPLICATE;
        }
        Open begun = open.get(range.piece());
        if (begun == null) {
            return Verdict.UNREQUESTED;
        }
        Block block = block(range);
        if (block.here) {
            return Verdict.DUPLICATE;
        }
        if (begun.abandoned || !(block.asked.contains(peer) || block.late.contains(peer))) {
            return Verdict.UNREQUESTED;
        }
        Verdict verdict = Verdict.WANTED;
        if (block.writer != Picker.NOBODY && block.writer != peer) {
            boolean stalled = now - block.since > 5_000_000_000L;
            int loser = stalled ? block.writer : peer;
            block.asked.remove(loser);
            block.late.remove(loser);
            if (!stalled) {
                return Verdict.DUPLICATE;
            }
            verdict = Verdict.TAKEN_OVER;
        }
        block.writer = peer;
        block.since = now;
        return verdict;
    }

    Arrived arrived(int peer, BlockRange range) {
        if (!layout.isBlock(range) || !open.containsKey(range.piece()) || block(range).writer != peer) {
            return Arrived.IGNORED;
        }
        Block block = block(range);
        List<Integer> others = new ArrayList<>(block.asked);
        others.addAll(block.late);
        others.removeIf(other -> other == peer);
        block.asked.clear();
        block.late.clear();
        block.here = true;
        block.from = peer;
        block.writer = Picker.NOBODY;
        Open begun = opened(range.piece());
        boolean full = begun.here() == begun.blocks.size();
        if (full) {
            state[range.piece()] = PieceState.FULL;
        }
        return new Arrived(true, full, others);
    }

    void released(int peer, BlockRange range) {
        if (!layout.isBlock(range) || !open.containsKey(range.piece())) {
            return;
        }
        Block block = block(range);
        if (block.writer == peer) {
            block.writer = Picker.NOBODY;
        }
        block.late.remove(peer);
        if (block.asked.remove(peer)) {
            disown(opened(range.piece()), peer);
        }
    }

    void timedOut(int peer, BlockRange range) {
        if (!layout.isBlock(range) || !open.containsKey(range.piece())) {
            return;
        }
        if (opened(range.piece()).exclusive) {
            released(peer, range);
        } else if (block(range).asked.remove(peer)) {
            block(range).late.add(peer);
            disown(opened(range.piece()), peer);
        }
    }

    void peerGone(int peer, int successor) {
        for (Open begun : open.values()) {
            for (int number = 0; number < begun.blocks.size(); number++) {
                released(peer, layout.block(begun.piece, number));
                Block block = begun.blocks.get(number);
                if (block.here && block.from == peer) {
                    block.from = successor;
                }
            }
            disown(begun, peer);
        }
    }

    private void disown(Open begun, int peer) {
        if (begun.owner != peer || state[begun.piece] != PieceState.PARTIAL) {
            return;
        }
        if (!begun.exclusive) {
            begun.owner = Picker.NOBODY;
        } else if (begun.inFlight() == 0) {
            begun.owner = Picker.NOBODY;
            begun.exclusive = exclusive[begun.piece];
            begun.abandoned |= begun.here() > 0;
        }
    }

    // The life of a piece.

    void close(int piece, PieceState next) {
        open.remove(piece);
        state[piece] = next;
        if (isComplete(piece)) {
            deadlines.remove(piece);
        }
    }
}
