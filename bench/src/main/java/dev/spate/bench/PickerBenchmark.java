package dev.spate.bench;

import dev.spate.core.picker.Pace;
import dev.spate.core.picker.Picked;
import dev.spate.core.picker.Picker;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The picker in a swarm of 1,000 peers, of which half are seeds; the times should not grow with the pieces.
 *
 * <p>The state is steady: half of all pieces are here, and each block that is delivered completes in time a piece that is
 * lost again at once, so that there is always something to fetch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class PickerBenchmark {
    private static final int PEERS = 1_000;
    private static final int BLOCKS_PER_PIECE = 16;

    /** The size of the torrent. */
    @Param({"1000", "32000", "1000000"})
    int pieces;

    private Picker picker = new Picker(new PieceLayout(0, 1), new PieceSet(0), piece -> true, new SplittableRandom(1));
    private final List<PieceSet> peers = new ArrayList<>();
    private final List<BlockRange> blocks = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(2);
    private PieceSet flushed = new PieceSet(0);

    /** Makes the swarm. */
    @Setup
    public void join() {
        int pieceLength = BLOCKS_PER_PIECE * PieceLayout.BLOCK_LENGTH;
        PieceLayout layout = new PieceLayout((long) pieces * pieceLength, pieceLength);
        flushed = someOf(0.5);
        picker = new Picker(layout, flushed, piece -> true, random.split());
        // Eight sets serve all incomplete peers, or the sets alone would take 60 MB.
        List<PieceSet> sets = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            sets.add(someOf(i / 10.0));
        }
        PieceSet all = PieceSet.full(pieces);
        for (int peer = 0; peer < PEERS; peer++) {
            peers.add(peer % 2 == 0 ? all : sets.get(peer / 2 % sets.size()));
            picker.peerJoined(peers.get(peer));
        }
    }

    private PieceSet someOf(double share) {
        PieceSet set = new PieceSet(pieces);
        for (int piece = 0; piece < pieces; piece++) {
            if (random.nextDouble() < share) {
                set.add(piece);
            }
        }
        return set;
    }

    /** A whole life of one block of a fast peer that shares with nobody: pick, arrival, and its part in a piece. */
    @Benchmark
    public void blockOfOneFastPeer() {
        fetch(0, Pace.FAST);
    }

    /** The same at a random one of the peers. */
    @Benchmark
    public void blockOfAnyPeer() {
        fetch(random.nextInt(PEERS), Pace.MEDIUM);
    }

    private void fetch(int peer, Pace pace) {
        picker.pick(new Picker.Ask(peer, peers.get(peer), 1, pace, null, false, 0), blocks);
        for (int i = 0; i < blocks.size(); i++) {
            BlockRange block = blocks.get(i);
            picker.arriving(peer, block, 0);
            if (picker.arrived(peer, block).pieceFull()) {
                picker.pieceVerified(block.piece());
                picker.pieceLost(block.piece());
            }
        }
        blocks.clear();
    }

    /** A peer announces a piece (BEP 3, "have") and loses it again. */
    @Benchmark
    public void have() {
        int piece = random.nextInt(pieces);
        picker.peerGained(piece);
        picker.peerLost(piece);
    }

    /** A pick for a peer that has half the pieces, of which we need none. */
    @Benchmark
    public Picked pickInVain() {
        return picker.pick(new Picker.Ask(PEERS, flushed, 1, Pace.MEDIUM, null, false, 0), blocks);
    }

    /** A seed joins and leaves. */
    @Benchmark
    public void seedJoins() {
        picker.peerJoined(peers.getFirst());
        picker.peerLeft(peers.getFirst());
    }

    /** A peer with half the pieces joins and leaves; the only operation whose cost is that of the pieces. */
    @Benchmark
    public void halfJoins() {
        PieceSet half = peers.get(9); // the fifth of the eight sets
        picker.peerJoined(half);
        picker.peerLeft(half);
    }
}
