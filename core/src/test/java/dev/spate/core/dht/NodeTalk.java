package dev.spate.core.dht;

import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcDecoder;
import dev.spate.wire.dht.KrpcEncoder;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** One node, and a test that plays all the others. */
final class NodeTalk {
    static final long SECOND = 1_000_000_000L;
    static final Bytes TRANSACTION = Bytes.ofText("aa");

    final Random random = new Random(1);
    final DhtNode node;
    final List<DhtEffect> reports = new ArrayList<>();
    long now = 5 * SECOND;

    /** Lengths of the datagrams that it sent since the last look. */
    int bytesSent;

    NodeTalk(DhtSettings settings) {
        this(settings, DhtState.NEW);
    }

    NodeTalk(DhtSettings settings, DhtState state) {
        this.node = new DhtNode(settings, Set.of(Family.IPV4, Family.IPV6), state, new Random(2), now);
    }

    static PeerAddress at(String ip) {
        return PeerAddress.of(new InetSocketAddress(ip, 6881));
    }

    static NodeId id(DhtNode node) {
        return node.id(Family.IPV4).orElseThrow();
    }

    static DhtStats.Half ipv4(DhtNode node) {
        return Objects.requireNonNull(node.stats().ipv4());
    }

    /** What the node sends now. */
    List<DhtEffect.Send> sent() {
        List<DhtEffect.Send> sent = new ArrayList<>();
        bytesSent = 0;
        for (DhtEffect effect = node.poll(); effect != null; effect = node.poll()) {
            if (effect instanceof DhtEffect.Send send) {
                sent.add(send);
                bytesSent += encode(send.message()).remaining();
            } else {
                reports.add(effect);
            }
        }
        return sent;
    }

    static ByteBuffer encode(KrpcMessage message) {
        ByteBuffer datagram = ByteBuffer.allocate(8192);
        KrpcEncoder.encode(message, datagram);
        return datagram.flip();
    }

    List<DhtEffect.Send> say(PeerAddress from, KrpcMessage message) {
        node.received(from, encode(message), now);
        return sent();
    }

    /** Asks, and returns what the node says to who asked, but for its own questions. */
    List<KrpcMessage> ask(PeerAddress from, NodeId id, Question question) {
        return say(from, new KrpcMessage.Query(TRANSACTION, id, question, true, null)).stream()
                .filter(send -> send.to().equals(from))
                .map(DhtEffect.Send::message)
                .filter(message -> !(message instanceof KrpcMessage.Query))
                .toList();
    }

    /** Asks, and returns the results of the one answer. */
    Results results(PeerAddress from, Question question) {
        return ((KrpcMessage.Answer) ask(from, NodeId.random(random), question).getFirst()).results();
    }

    /** Asks, and returns the number of the refusal. */
    long refusal(PeerAddress from, Question question) {
        return ((KrpcMessage.Refusal) ask(from, NodeId.random(random), question).getFirst()).code();
    }

    /** Lets the node know somebody, who answers its ping. */
    void introduce(PeerAddress address, NodeId id) {
        node.nodeFound(address, now);
        for (DhtEffect.Send send : sent()) {
            if (send.to().equals(address) && send.message() instanceof KrpcMessage.Query query) {
                say(address, new KrpcMessage.Answer(query.transaction(), id, Results.NONE, null, null));
            }
        }
    }

    void pass(long seconds) {
        long end = now + seconds * SECOND;
        while (node.deadline() - end <= 0) {
            now = Math.max(now, node.deadline());
            node.timeout(now);
        }
        now = end;
    }

    static KrpcMessage decode(ByteBuffer datagram) {
        return ((Decoding.Decoded<KrpcMessage>) KrpcDecoder.decode(datagram)).value();
    }
}
