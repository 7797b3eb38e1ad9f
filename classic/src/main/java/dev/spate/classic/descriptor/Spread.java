package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.List;

/** One question on its way to several neighbours: so many at a time, and for each that is silent the next one. */
final class Spread {
    private final Calls calls;
    private final Neighbours neighbours;
    private final Message.Call call;
    private final List<PeerAddress> targets;
    private final int tries;
    private int next;

    private Spread(Calls calls, Neighbours neighbours, Message.Call call, List<PeerAddress> targets, int tries) {
        this.calls = calls;
        this.neighbours = neighbours;
        this.call = call;
        this.targets = targets;
        this.tries = tries;
    }

    /**
     * Asks.
     *
     * @param targets in the order in which they are to be asked
     * @param fanOut how many of them, if all answer
     */
    static void begin(
            Calls calls,
            Neighbours neighbours,
            Message.Call call,
            List<PeerAddress> targets,
            int fanOut,
            int tries,
            long now) {
        Spread spread = new Spread(calls, neighbours, call, targets, tries);
        for (int i = 0; i < fanOut; i++) {
            spread.askNext(now);
        }
    }

    private void askNext(long now) {
        if (next < targets.size()) {
            PeerAddress target = targets.get(next++);
            calls.call(
                    target,
                    call,
                    neighbours.tries(target, tries),
                    new Calls.Ending() {
                        @Override
                        public void answered(Message.Reply reply, long then) {
                            // It has taken the question on.
                        }

                        @Override
                        public void silent(long then) {
                            neighbours.silent(target, then);
                            askNext(then);
                        }
                    },
                    now);
        }
    }
}
