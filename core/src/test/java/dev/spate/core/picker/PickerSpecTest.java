package dev.spate.core.picker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the picker to its specification, {@link NaivePicker}: the same random operations on both, sensible and hostile ones,
 * and everything that can be looked at compared after each.
 */
final class PickerSpecTest {
    private static final int BLOCK = PieceLayout.BLOCK_LENGTH;
    private static final List<Pace> PACES = List.of(Pace.values());
    private static final int STEPS = 500;
    private static final int MOST_PEERS = 7;

    private record Shape(PieceLayout layout, int budget) {}

    @ParameterizedTest
    @CsvSource({"0, 20", "1, 30", "2, 20", "3, 8"})
    void behavesAsTheRulesSay(int shape, int seeds) {
        Shape[] shapes = {
            new Shape(new PieceLayout(30L * 4 * BLOCK - 5000, 4 * BLOCK), 9),
            new Shape(new PieceLayout(11L * 40_000 + 17_000, 40_000), 100),
            new Shape(new PieceLayout(50L * BLOCK + 1, BLOCK), 20),
            new Shape(new PieceLayout((25L << 20) + 20_000, 1 << 20), 6),
        };
        for (int seed = 0; seed < seeds; seed++) {
            try {
                new Run(shapes[shape], seed).steps();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " of shape " + shape, e);
            }
        }
    }

    @Test
    void aTorrentWithoutBytesWantsNothing() {
        Picker picker = new Picker(new PieceLayout(0, BLOCK), new PieceSet(0), piece -> true, new Random(1));
        List<BlockRange> blocks = new ArrayList<>();

        Picked picked = picker.pick(new Picker.Ask(0, new PieceSet(0), 5, Pace.FAST, null, false, 0), blocks);

        assertThat(picked).isEqualTo(Picked.NOTHING_LEFT);
        assertThat(blocks).isEmpty();
        assertThat(picker.isEndgame()).isFalse();
        assertThat(picker.arriving(0, new BlockRange(0, 0, BLOCK), 0)).isEqualTo(Verdict.UNREQUESTED);
    }

    /** One random history. */
    private static final class Run {
        private final Random random;
        private final PieceLayout layout;
        private final Picker picker;
        private final NaivePicker naive;
        private long now;

        Run(Shape shape, int seed) {
            random = new Random(seed);
            layout = shape.layout;
            PieceSet flushed = someOf(layout.pieces(), seed % 3 == 0 ? 0 : 0.3);
            Picker[] self = new Picker[1];
            picker = new Picker(
                    layout, flushed, piece -> self[0].openPieces().size() < shape.budget, new Random(seed + 1000));
            self[0] = picker;
            naive = new NaivePicker(layout, flushed, shape.budget);
            now = seed % 2 == 0 ? Long.MAX_VALUE - 1_000_000_000L : 0;
        }

        void steps() {
            for (int step = 0; step < STEPS; step++) {
                try {
                    step();
                    compare();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("step " + step, e);
                }
            }
        }

        private void step() {
            now += random.nextInt(10) == 0 ? 3_000_000_000L : 1000;
            switch (random.nextInt(24)) {
                case 0, 1 -> join();
                case 2 -> leave();
                case 3 -> gain();
                case 4 -> wants();
                case 5 -> hostile();
                case 6 -> moveOn(PieceState.FULL);
                case 7 -> moveOn(PieceState.VERIFIED);
                case 8 -> lose();
                case 9 -> discard();
                case 10, 11, 12, 13, 14 -> deliver(random.nextInt(20));
                case 15 -> giveBack();
                default -> pick();
            }
        }

        private Prospect someProspect() {
            long first = random.nextInt(5) == 0 ? Prospect.NEVER / 4 : random.nextLong(20_000_000_000L);
            long soonest = random.nextInt(4) == 0 ? Prospect.NEVER : random.nextLong(10_000_000_000L);
            return new Prospect(
                    first,
                    random.nextLong(3) * 400_000_000L,
                    piece -> soonest + piece % 2 * (soonest == Prospect.NEVER ? 0 : 1_000_000_000L));
        }

        private PieceSet someOf(int pieces, double share) {
            PieceSet set = new PieceSet(pieces);
            for (int piece = 0; piece < pieces; piece++) {
                if (random.nextDouble() < share) {
                    set.add(piece);
                }
            }
            return set;
        }

        private int anyPiece() {
            return random.nextInt(layout.pieces());
        }

        private int anyPeer() {
            List<Integer> peers = List.copyOf(naive.peers.keySet());
            return peers.isEmpty() ? 0 : peers.get(random.nextInt(peers.size()));
        }

        private void join() {
            int peer = random.nextInt(MOST_PEERS);
            if (!naive.peers.containsKey(peer)) {
                PieceSet has = someOf(layout.pieces(), new double[] {0, 0.1, 0.5, 0.9, 1, 1}[random.nextInt(6)]);
                picker.peerJoined(has);
                naive.peers.put(peer, has);
            }
        }

        private void leave() {
            int peer = random.nextInt(MOST_PEERS);
            PieceSet has = naive.peers.remove(peer);
            if (has != null) {
                picker.peerLeft(has);
                int successor = -1 - random.nextInt(3);
                picker.peerGone(peer, successor);
                naive.peerGone(peer, successor);
            }
        }

        private void gain() {
            PieceSet has = naive.peers.get(anyPeer());
            if (has == null || has.pieces() == 0) {
                return;
            }
            for (int i = 0; i < 5; i++) {
                int piece = anyPiece();
                if (has.add(piece)) {
                    picker.peerGained(piece);
                } else if (random.nextInt(4) == 0) {
                    has.remove(piece);
                    picker.peerLost(piece);
                }
            }
        }

        private void wants() {
            int piece = anyPiece();
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    int priority = random.nextBoolean() ? 4 : random.nextInt(8);
                    picker.setPriority(piece, priority);
                    naive.priority[piece] = priority;
                }
                case 2 -> {
                    naive.sequential = random.nextInt(3) == 0;
                    picker.setSequential(naive.sequential);
                }
                case 3 -> {
                    long deadline = now - 500_000 + random.nextInt(1_000_000);
                    if (!naive.isComplete(piece)) {
                        naive.deadlines.put(piece, deadline);
                        picker.setDeadline(piece, deadline);
                    }
                }
                default -> {
                    naive.deadlines.remove(piece);
                    picker.clearDeadline(piece);
                }
            }
        }

        private void pick() {
            int peer = anyPeer();
            PieceSet has = naive.peers.get(peer);
            if (has == null) {
                return;
            }
            Picker.Ask ask = new Picker.Ask(
                    peer,
                    has,
                    random.nextInt(random.nextInt(4) == 0 ? 80 : 5),
                    PACES.get(random.nextInt(PACES.size())),
                    random.nextInt(10) == 0 ? someOf(layout.pieces(), 0.2) : null,
                    random.nextInt(8) == 0,
                    random.nextInt(3) == 0
                            ? List.of(random.nextInt(layout.pieces()), random.nextInt(layout.pieces()))
                            : List.of(),
                    random.nextBoolean() ? Prospect.SOONEST : someProspect(),
                    now);
            List<Integer> discardableBefore = picker.discardable();
            List<BlockRange> blocks = new ArrayList<>();
            Picked picked = picker.pick(ask, blocks);
            List<Integer> newlyDiscardable = new ArrayList<>(picker.discardable());
            newlyDiscardable.removeAll(discardableBefore);

            assertThat(naive.new Replay(ask, blocks, newlyDiscardable).run()).isEqualTo(picked);
        }

        private void deliver(int most) {
            for (int i = 0; i < most; i++) {
                Request request = anyRequest();
                if (request == null) {
                    return;
                }
                arriving(request.peer(), request.block());
                switch (random.nextInt(8)) {
                    case 0 -> {}
                    case 1 -> release(request.peer(), request.block());
                    default -> arrived(request.peer(), request.block());
                }
            }
        }

        private void giveBack() {
            for (int i = 0; i < 5; i++) {
                Request request = anyRequest();
                if (request != null && random.nextBoolean()) {
                    release(request.peer(), request.block());
                } else if (request != null) {
                    picker.timedOut(request.peer(), request.block());
                    naive.timedOut(request.peer(), request.block());
                }
            }
        }

        private void hostile() {
            int peer = random.nextInt(MOST_PEERS);
            for (int i = 0; i < 10; i++) {
                BlockRange block = switch (random.nextInt(4)) {
                    case 0 -> new BlockRange(layout.pieces() + random.nextInt(3), 0, BLOCK);
                    case 1 -> new BlockRange(anyPiece(), random.nextInt(100_000), 1 + random.nextInt(BLOCK));
                    case 2 -> new BlockRange(Integer.MAX_VALUE, Integer.MAX_VALUE - BLOCK, BLOCK);
                    default -> {
                        int piece = anyPiece();
                        yield layout.block(piece, random.nextInt(layout.blocks(piece)));
                    }
                };
                switch (random.nextInt(4)) {
                    case 0 -> arriving(peer, block);
                    case 1 -> arrived(peer, block);
                    case 2 -> release(peer, block);
                    default -> {
                        picker.timedOut(peer, block);
                        naive.timedOut(peer, block);
                    }
                }
            }
        }

        private void arriving(int peer, BlockRange block) {
            int writer = naive.layout.isBlock(block) && naive.open.containsKey(block.piece())
                    ? naive.block(block).writer
                    : Picker.NOBODY;
            Verdict verdict = picker.arriving(peer, block, now);
            assertThat(verdict).isEqualTo(naive.arriving(peer, block, now));
            if (verdict == Verdict.TAKEN_OVER) {
                assertThat(picker.displaced()).isEqualTo(writer);
            }
        }

        private void arrived(int peer, BlockRange block) {
            assertThat(picker.arrived(peer, block)).isEqualTo(naive.arrived(peer, block));
        }

        private void release(int peer, BlockRange block) {
            picker.released(peer, block);
            naive.released(peer, block);
        }

        private @Nullable Request anyRequest() {
            List<Integer> open = List.copyOf(naive.open.keySet());
            if (open.isEmpty()) {
                return null;
            }
            List<Request> requests = picker.requests(open.get(random.nextInt(open.size())));
            return requests.isEmpty() ? null : requests.get(random.nextInt(requests.size()));
        }

        private void moveOn(PieceState from) {
            for (int piece : naive.pieces(piece -> naive.state[piece] == from)) {
                if (random.nextInt(4) == 0) {
                    boolean exclusive = random.nextInt(3) > 0;
                    picker.pieceFailed(piece, exclusive);
                    naive.exclusive[piece] |= exclusive;
                    naive.close(piece, PieceState.FREE);
                } else if (from == PieceState.FULL) {
                    picker.pieceVerified(piece);
                    naive.exclusive[piece] = false;
                    naive.close(piece, PieceState.VERIFIED);
                } else {
                    picker.pieceFlushed(piece);
                    naive.close(piece, PieceState.FLUSHED);
                }
            }
        }

        private void lose() {
            int piece = anyPiece();
            if (naive.isComplete(piece)) {
                picker.pieceLost(piece);
                naive.close(piece, PieceState.FREE);
            } else if (naive.state[piece] == PieceState.FREE && random.nextInt(4) == 0) {
                picker.pieceFlushed(piece);
                naive.close(piece, PieceState.FLUSHED);
            }
        }

        private void discard() {
            List<Integer> useless = picker.discardable();
            int piece = useless.isEmpty() ? anyPiece() : useless.getFirst();
            if (naive.state[piece] == PieceState.PARTIAL) {
                assertThat(picker.discard(piece))
                        .extracting(Request::block)
                        .allMatch(layout::isBlock)
                        .allMatch(block -> !naive.block(block).here);
                naive.close(piece, PieceState.FREE);
            }
        }

        private void compare() {
            IntStream pieces = IntStream.range(0, layout.pieces());
            assertThat(pieces.mapToObj(picker::state)).containsExactly(naive.state);
            for (int piece = 0; piece < layout.pieces(); piece++) {
                boolean same = picker.availability(piece) == naive.availability(piece)
                        && picker.priority(piece) == naive.priority[piece]
                        && picker.isWanted(piece) == naive.isWanted(piece);
                assertThat(same)
                        .as("availability, priority, wanted of %s", piece)
                        .isTrue();
            }
            compareOpen();
            List<Integer> wanted = naive.pieces(naive::isWanted);
            assertThat(picker.wantedPieces()).isEqualTo(wanted.size());
            assertThat(picker.wantedBytes())
                    .isEqualTo(wanted.stream().mapToLong(layout::length).sum());
            assertThat(picker.discardable()).isEqualTo(naive.discardable());
            assertThat(picker.isEndgame()).as("endgame").isEqualTo(naive.isEndgame());
            for (int peer = 0; peer < MOST_PEERS; peer++) {
                assertThat(picker.requestedFrom(peer))
                        .as("in flight from %s", peer)
                        .isEqualTo(naive.requestedFrom(peer));
            }
            naive.peers
                    .values()
                    .forEach(has -> assertThat(picker.isInteresting(has))
                            .isEqualTo(wanted.stream().anyMatch(has::contains)));
        }

        private void compareOpen() {
            List<PieceProgress> looks = new ArrayList<>();
            for (NaivePicker.Open open : naive.open.values()) {
                int piece = open.piece;
                assertThat(picker.contributors(piece))
                        .containsExactly(open.blocks.stream()
                                .mapToInt(block -> block.here ? block.from : Picker.NOBODY)
                                .toArray());
                assertThat(Set.copyOf(picker.requests(piece))).isEqualTo(requests(open));
                looks.add(new PieceProgress(
                        piece,
                        naive.state[piece],
                        open.blocks.size(),
                        (int) open.here(),
                        (int) open.inFlight(),
                        open.exclusive));
            }
            List<PieceProgress> found = new ArrayList<>(picker.openPieces());
            found.sort(Comparator.comparingInt(PieceProgress::piece));
            assertThat(found).isEqualTo(looks);
            int other = anyPiece();
            if (!naive.open.containsKey(other)) {
                assertThat(picker.contributors(other)).isEmpty();
                assertThat(picker.requests(other)).isEmpty();
            }
        }

        private Set<Request> requests(NaivePicker.Open open) {
            Set<Request> requests = new HashSet<>();
            for (int number = 0; number < open.blocks.size(); number++) {
                NaivePicker.Block block = open.blocks.get(number);
                BlockRange range = layout.block(open.piece, number);
                block.asked.forEach(peer -> requests.add(new Request(peer, range, block.writer == peer)));
                block.late.forEach(peer -> requests.add(new Request(peer, range, block.writer == peer)));
            }
            return requests;
        }
    }
}
