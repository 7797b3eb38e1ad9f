package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.Question;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Where everything leaves the node: queries, answers, and what is told to the user; counted. */
final class Post {
    final DhtSettings settings;
    final Queries queries;
    private final ArrayDeque<DhtEffect> effects = new ArrayDeque<>();
    long queriesOut;
    long answersOut;

    Post(DhtSettings settings, Queries queries) {
        this.settings = settings;
        this.queries = queries;
    }

    /** Sends a query; false if too many are under way. */
    boolean ask(
            NodeId own, PeerAddress to, @Nullable NodeId expected, Question question, Queries.Reply reply, long now) {
        if (queries.isFull()) {
            return false;
        }
        Bytes transaction = queries.open(to, expected, reply, now);
        queriesOut++;
        effects.add(new DhtEffect.Send(
                to, new KrpcMessage.Query(transaction, own, question, settings.readOnly(), settings.version())));
        return true;
    }

    void answer(PeerAddress to, KrpcMessage message) {
        answersOut++;
        effects.add(new DhtEffect.Send(to, message));
    }

    void report(DhtEffect effect) {
        effects.add(effect);
    }

    @Nullable
    DhtEffect poll() {
        return effects.poll();
    }
}
