package dev.spate.bench;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import dev.spate.wire.peer.PeerMessageEncoder;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The message codec on what the byte path is made of: nanoseconds for one message, in a direct buffer as a lane has it. Run
 * with {@code -prof gc} to see that encoding allocates nothing, and decoding only the value.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PeerMessageBenchmark {
    private static final int MESSAGES = 1000;
    private static final int PIECES = 10_000;

    private final PeerMessageDecoder decoder = new PeerMessageDecoder(PIECES);
    private final PeerMessage[] requests = new PeerMessage[MESSAGES];
    private final PeerMessage[] blocks = new PeerMessage[MESSAGES];
    private final PeerMessage[] mixed = new PeerMessage[MESSAGES];
    private final ByteBuffer requestStream = ByteBuffer.allocateDirect(MESSAGES * 17);
    private final ByteBuffer blockStream = ByteBuffer.allocateDirect(MESSAGES * 13);
    private final ByteBuffer mixedStream = ByteBuffer.allocateDirect(MESSAGES * 17);
    private final ByteBuffer out = ByteBuffer.allocateDirect(MESSAGES * 17);
    private final PeerMessage bitfield = new PeerMessage.Bitfield(PieceSet.full(PIECES));
    private final ByteBuffer bitfieldStream = ByteBuffer.allocateDirect(PeerMessageEncoder.length(bitfield));

    @Setup
    public void fill() {
        for (int i = 0; i < MESSAGES; i++) {
            BlockRange block = new BlockRange(i, (i & 63) * PieceLayout.BLOCK_LENGTH, PieceLayout.BLOCK_LENGTH);
            requests[i] = new PeerMessage.Request(block);
            blocks[i] = new PeerMessage.Piece(block);
            mixed[i] = switch (i % 5) {
                case 0 -> new PeerMessage.Have(i);
                case 1 -> new PeerMessage.Cancel(block);
                case 2 -> new PeerMessage.Unchoke();
                default -> requests[i];
            };
            PeerMessageEncoder.encode(requests[i], requestStream);
            PeerMessageEncoder.encode(blocks[i], blockStream);
            PeerMessageEncoder.encode(mixed[i], mixedStream);
        }
        PeerMessageEncoder.encode(bitfield, bitfieldStream);
        requestStream.flip();
        blockStream.flip();
        mixedStream.flip();
        bitfieldStream.flip();
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void decodeRequests(Blackhole hole) {
        decode(requestStream, hole);
    }

    /** Headers only; the blocks themselves are not part of the stream here. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void decodePieceHeaders(Blackhole hole) {
        decode(blockStream, hole);
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void decodeMixed(Blackhole hole) {
        decode(mixedStream, hole);
    }

    @Benchmark
    public void decodeBitfieldOf10000(Blackhole hole) {
        decode(bitfieldStream, hole);
    }

    private void decode(ByteBuffer stream, Blackhole hole) {
        stream.rewind();
        while (decoder.decode(stream) instanceof Decoding.Decoded<PeerMessage>(PeerMessage message)) {
            hole.consume(message);
        }
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public ByteBuffer encodeRequests() {
        return encode(requests);
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public ByteBuffer encodePieceHeaders() {
        return encode(blocks);
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public ByteBuffer encodeMixed() {
        return encode(mixed);
    }

    @Benchmark
    public ByteBuffer encodeBitfieldOf10000() {
        out.clear();
        PeerMessageEncoder.encode(bitfield, out);
        return out;
    }

    private ByteBuffer encode(PeerMessage[] messages) {
        out.clear();
        for (PeerMessage message : messages) {
            PeerMessageEncoder.encode(message, out);
        }
        return out;
    }
}
