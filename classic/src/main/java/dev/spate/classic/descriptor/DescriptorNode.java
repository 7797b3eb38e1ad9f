package dev.spate.classic.descriptor;

import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node of the descriptor network: a state machine without sockets or clock.
 *
 * <pre>
 *   walk ----get_peers----> neighbours ----> ... ----> somebody who knows peers
 *    ^                                                        |
 *    |  nobody yet                        answer, straight to whoever began
 *    |                                                        v
 *  rest <---- joined <---- join <---- (there) <---- ping <---- named
 *               |
 *        idle / leech / seed, declared to all who joined
 * </pre>
 *
 * <p>Inputs are calls that end in {@code now}, monotonic nanoseconds. After each, {@link #poll} gives what is to be done, until it gives
 * nothing, and {@link #deadline} says when {@link #timeout} is to be called. For one thread.
 */
final class DescriptorNode {
    private final Post post;
    private final Calls calls;
    private final Neighbours neighbours;
    private final PeerTable table = new PeerTable();
    private final Joining joining;
    private final Search search;
    private final Answerer answerer;
    private long careAt;

    /**
     * A node that begins to look for its file at once.
     *
     * @param membership its file; null for one that only passes on the questions of others
     * @param origin where it takes datagrams, as others are told
     * @param neighbours that it passes questions on to
     * @param random for correlation ids and tokens, which strangers must not foresee
     */
    DescriptorNode(
            NodeSettings settings,
            @Nullable Membership membership,
            PeerAddress origin,
            List<PeerAddress> neighbours,
            RandomGenerator random,
            long now) {
        this.post = new Post(settings, origin, membership, random);
        this.calls = new Calls(post);
        this.neighbours = new Neighbours(neighbours, origin, random);
        this.joining = new Joining(post, calls, table);
        this.search = new Search(post, calls, this.neighbours, table, joining, now);
        this.answerer = new Answerer(post, calls, this.neighbours, table, joining, now);
        this.careAt = now + settings.quietNanos() / 4;
        if (membership != null) {
            boolean opened = table.open(membership.key());
            assert opened : "the table was empty";
        }
    }

    // ---- inputs

    /**
     * A datagram came.
     *
     * @param datagram from its position to its limit, which stay where they are
     */
    void received(PeerAddress from, ByteBuffer datagram, long now) {
        switch (Datagrams.decode(datagram)) {
            case Decoding.Decoded<Message>(Message.Call call) -> answerer.called(from, call, now);
            case Decoding.Decoded<Message>(Message.Reply reply) -> replied(from, reply, now);
            case Decoding.Malformed<Message> _, Decoding.NeedMore<Message> _ -> post.malformed++;
        }
    }

    private void replied(PeerAddress from, Message.Reply reply, long now) {
        boolean expected = calls.answered(from, reply, now);
        if (expected) {
            neighbours.heard(from, reply.extension() != null);
        }
        boolean taken = reply.method() == Method.GET_PEERS && search.take(from, reply, expected, now);
        if (expected || taken) {
            post.repliesIn++;
        } else {
            post.stray++;
        }
    }

    /** We are a leech now, or a seed. */
    void becomes(PeerState state, long now) {
        Membership us = post.membership;
        if (us != null && us.state() != state) {
            post.membership = us.as(state);
            joining.declareToAll(us.key(), now);
        }
    }

    /** When {@link #timeout} is to be called next. */
    long deadline() {
        return Math.min(careAt, Math.min(calls.deadline(), search.deadline()));
    }

    /** Time has passed; without effect before the deadline. */
    void timeout(long now) {
        calls.timeout(now);
        search.timeout(now);
        if (careAt - now <= 0) {
            careAt = now + post.settings.quietNanos() / 4;
            joining.care(now);
        }
    }

    // ---- outputs

    /** The next thing to be done; null if there is nothing. */
    @Nullable
    NodeEffect poll() {
        return post.poll();
    }

    /** The peers that we are joined with. */
    List<Peer> peers() {
        Membership us = post.membership;
        return us == null ? List.of() : table.proven(us.key());
    }

    NodeStats stats() {
        return new NodeStats(
                peers().size(),
                post.callsIn,
                post.callsOut,
                post.repliesIn,
                post.repliesOut,
                post.passedOn,
                post.looped,
                post.limited,
                post.malformed,
                post.stray);
    }

    int openCalls() {
        return calls.size();
    }
}
