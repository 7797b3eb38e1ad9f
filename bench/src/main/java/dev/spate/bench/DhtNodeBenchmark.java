package dev.spate.bench;

import dev.spate.core.dht.DhtEffect;
import dev.spate.core.dht.DhtNode;
import dev.spate.core.dht.DhtSettings;
import dev.spate.core.dht.DhtState;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcDecoder;
import dev.spate.wire.dht.KrpcEncoder;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import dev.spate.wire.dht.Want;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
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

/** How long a node with a full table takes from a query's bytes to its answer's, all but the sockets. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx128m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class DhtNodeBenchmark {
    private static final int NODES = 5000;
    private static final int QUERIES = 1024;

    /** What is asked. */
    @Param({"ping", "find_node", "get_peers"})
    String method = "";

    private final Random random = new Random(1);
    private final PeerAddress asker = address(0);
    private final DhtNode node = new DhtNode(
            new DhtSettings(false, 100_000, 2_000, 1_000_000_000, 1_000_000_000, Bytes.ofInt(0x53700001)),
            Set.of(Family.IPV4),
            DhtState.NEW,
            random,
            0);
    private final ByteBuffer[] queries = new ByteBuffer[QUERIES];
    private final ByteBuffer answer = ByteBuffer.allocateDirect(KrpcDecoder.MAX_LENGTH);
    private int next;

    /** Fills the table and makes the queries. */
    @Setup
    public void fill() {
        for (int i = 1; i < NODES; i++) {
            PeerAddress address = address(i);
            NodeId id = NodeId.random(random);
            node.nodeFound(address, 0);
            for (DhtEffect effect = node.poll(); effect != null; effect = node.poll()) {
                if (effect instanceof DhtEffect.Send(var to, KrpcMessage.Query query) && to.equals(address)) {
                    KrpcMessage message = new KrpcMessage.Answer(query.transaction(), id, Results.NONE, null, null);
                    node.received(address, encoded(message), 0);
                }
            }
        }
        for (int i = 0; i < QUERIES; i++) {
            NodeId target = NodeId.random(random);
            Question question = switch (method) {
                case "ping" -> new Question.Ping();
                case "find_node" -> new Question.FindNode(target, Want.UNSAID);
                default -> new Question.GetPeers(target, Want.UNSAID, false, false);
            };
            queries[i] = encoded(new KrpcMessage.Query(
                    Bytes.ofInt(i), NodeId.random(random), question, true, Bytes.ofInt(0x4c540208)));
        }
    }

    /** One query and its answer. */
    @Benchmark
    public int answer() {
        node.received(asker, queries[next++ & QUERIES - 1], 0);
        answer.clear();
        for (DhtEffect effect = node.poll(); effect != null; effect = node.poll()) {
            if (effect instanceof DhtEffect.Send send) {
                KrpcEncoder.encode(send.message(), answer);
            }
        }
        return answer.position();
    }

    private static PeerAddress address(int number) {
        return PeerAddress.of(new byte[] {11, (byte) (number >>> 16), (byte) (number >>> 8), (byte) number}, 6881);
    }

    private static ByteBuffer encoded(KrpcMessage message) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(500);
        KrpcEncoder.encode(message, datagram);
        return datagram.flip();
    }
}
