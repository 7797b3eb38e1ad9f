package dev.spate.core.dht;

import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;

/** Asks some nodes to store something, and counts those that do. */
final class Storing implements Queries.Reply {
    /** Who waits for the count. */
    interface Done {
        void stored(int nodes, long now);
    }

    private final Done done;
    private int waiting;
    private int stored;
    private boolean allAsked;

    Storing(Done done) {
        this.done = done;
    }

    void ask(Half half, NodeInfo node, Question question, long now) {
        if (half.ask(node.address(), node.id(), question, this, now)) {
            waiting++;
        }
    }

    /** Nobody else will be asked. */
    void allAsked(long now) {
        allAsked = true;
        settle(now);
    }

    @Override
    public void answered(KrpcMessage.Answer answer, long now) {
        stored++;
        ended(now);
    }

    @Override
    public void refused(long code, long now) {
        ended(now);
    }

    @Override
    public void silent(long now) {
        ended(now);
    }

    @Override
    public void slow(long now) {
        // The count is not urgent.
    }

    private void ended(long now) {
        waiting--;
        settle(now);
    }

    private void settle(long now) {
        if (allAsked && waiting == 0) {
            done.stored(stored, now);
        }
    }
}
