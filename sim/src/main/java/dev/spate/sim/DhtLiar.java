package dev.spate.sim;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import dev.spate.wire.dht.Want;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A node that lies about everything but its own name, and makes itself known to all: it tells of nodes right at the target that are not there, or are there
 * under another name, gives tokens but stores nothing, and says to everybody that he is somewhere else.
 */
final class DhtLiar {
    private static final int TOLD = 8;

    /** How near the nodes of its tales are: nearer than any real one. */
    private static final int LIE_BITS = 60;

    final NodeId id;
    private final RandomGenerator random;

    DhtLiar(NodeId id, RandomGenerator random) {
        this.id = id;
        this.random = random;
    }

    /** A question whose answer is of no interest: those who are asked get to know the liar by it. */
    KrpcMessage greeting() {
        return new KrpcMessage.Query(
                Bytes.ofInt(random.nextInt()),
                id,
                new Question.FindNode(NodeId.random(random), Want.UNSAID),
                false,
                null);
    }

    /**
     * The answer to a query.
     *
     * @param honest addresses of nodes that are there, to be told under wrong names
     */
    KrpcMessage answer(KrpcMessage.Query query, List<PeerAddress> honest) {
        return new KrpcMessage.Answer(
                query.transaction(), id, results(query.question(), honest), somewhere(random), null);
    }

    private Results results(Question question, List<PeerAddress> honest) {
        return switch (question) {
            case Question.FindNode find -> tale(find.target(), honest);
            case Question.GetPeers get -> tale(get.infoHash(), honest);
            case Question.Get get -> tale(get.target(), honest);
            case Question.SampleInfohashes sample -> tale(sample.target(), honest);
            case Question.Ping _, Question.AnnouncePeer _, Question.Put _, Question.Unknown _ -> Results.NONE;
        };
    }

    private Results tale(NodeId target, List<PeerAddress> honest) {
        List<NodeInfo> nodes = new ArrayList<>(TOLD);
        for (int i = 0; i < TOLD; i++) {
            PeerAddress address = i % 2 == 0 ? somewhere(random) : honest.get(random.nextInt(honest.size()));
            nodes.add(new NodeInfo(target.randomWithPrefix(LIE_BITS + i, random), address));
        }
        return new Results(nodes, null, List.of(), Bytes.ofLong(random.nextLong()), null, null, null);
    }

    /** An address outside of the part in which the simulation's nodes are. */
    static PeerAddress somewhere(RandomGenerator random) {
        byte[] ip = new byte[4];
        random.nextBytes(ip);
        ip[0] = (byte) 77;
        return PeerAddress.of(ip, 1 + random.nextInt(65535));
    }
}
