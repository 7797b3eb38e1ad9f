package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What all rooms of a node share: who it is, what it sends and reports, and its chance. */
final class Post {
    private static final String LETTERS = "0123456789abcdefghijklmnopqrstuv";

    final NodeSettings settings;
    final PeerAddress origin;
    final RandomGenerator random;

    @Nullable
    Membership membership;

    private final ArrayDeque<NodeEffect> effects = new ArrayDeque<>();
    long callsIn;
    long callsOut;
    long repliesIn;
    long repliesOut;
    long passedOn;
    long looped;
    long limited;
    long malformed;
    long stray;

    Post(NodeSettings settings, PeerAddress origin, @Nullable Membership membership, RandomGenerator random) {
        this.settings = settings;
        this.origin = origin;
        this.membership = membership;
        this.random = random;
    }

    void send(PeerAddress to, Message message) {
        switch (message) {
            case Message.Call _ -> callsOut++;
            case Message.Reply _ -> repliesOut++;
        }
        effects.add(new NodeEffect.Send(to, message));
    }

    void report(NetworkEvent event) {
        effects.add(new NodeEffect.Report(event));
    }

    @Nullable
    NodeEffect poll() {
        return effects.poll();
    }

    /** A correlation id of 75 bits that nobody can guess, and that leaves room for the original's zero. */
    String newId() {
        StringBuilder id = new StringBuilder(Datagrams.ID_LENGTH - 1);
        for (int i = 0; i < Datagrams.ID_LENGTH - 1; i++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return id.toString();
    }

    /** Give or take a quarter, so that what began together does not go on together. */
    long jittered(long nanos) {
        return nanos - nanos / 4 + random.nextLong(nanos / 2 + 1);
    }

    /** What we say of ourselves. */
    Extension about(long mark, @Nullable Refusal refusal) {
        return about(mark, 0, 0, 0, refusal);
    }

    Extension about(long mark, int hops, int fanOut, int segment, @Nullable Refusal refusal) {
        Membership us = membership;
        return us == null
                ? new Extension(mark, hops, fanOut, 0, null, segment, null, refusal)
                : new Extension(mark, hops, fanOut, us.enginePort(), us.state(), segment, us.infoHash(), refusal);
    }

    /** A call about our file. */
    Message.Call call(Method method, long mark) {
        Membership us = membership;
        return new Message.Call(method, origin, origin, us == null ? null : us.key(), newId(), about(mark, null));
    }
}
