package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The calls that wait for their answer: stop-and-wait, each sent again after twice the time, with jitter, until it is answered or its
 * tries are used up.
 *
 * <p>An answer counts if it comes from the address that was asked, with the correlation id that was sent there. Bounded: when too many
 * wait, another one is sent but not waited for, and counts as silent.
 */
final class Calls {
    static final int MAX_OPEN = 1024;

    /** What becomes of a call; one of the two is called once. */
    interface Ending {
        void answered(Message.Reply reply, long now);

        void silent(long now);
    }

    private record Key(PeerAddress to, String id) {}

    private static final class Open {
        final Key key;
        final Message.Call call;
        final Ending ending;
        final long number;
        int triesLeft;
        long waitNanos;
        long at;

        Open(Key key, Message.Call call, Ending ending, long number, int triesLeft, long waitNanos) {
            this.key = key;
            this.call = call;
            this.ending = ending;
            this.number = number;
            this.triesLeft = triesLeft;
            this.waitNanos = waitNanos;
        }
    }

    private final Post post;
    private final Map<Key, Open> open = new HashMap<>();
    private final TreeSet<Open> byTime =
            new TreeSet<>(Comparator.<Open>comparingLong(each -> each.at).thenComparingLong(each -> each.number));
    private long lastNumber;

    Calls(Post post) {
        this.post = post;
    }

    /**
     * Sends a call.
     *
     * @param tries 1 or more
     * @return whether it is waited for; if not, the ending is never called
     */
    boolean call(PeerAddress to, Message.Call call, int tries, Ending ending, long now) {
        Key key = new Key(to, call.id());
        post.send(to, call);
        if (open.size() == MAX_OPEN || open.containsKey(key)) {
            // The latter only with the original's ids, which are all the same.
            return false;
        }
        Open waiting = new Open(key, call, ending, ++lastNumber, tries - 1, post.settings.firstWaitNanos());
        waiting.at = now + post.jittered(waiting.waitNanos);
        open.put(key, waiting);
        byTime.add(waiting);
        return true;
    }

    /** Gives an answer to whoever waits for it; says whether somebody did. */
    boolean answered(PeerAddress from, Message.Reply reply, long now) {
        Key key = new Key(from, reply.id());
        Open waiting = open.get(key);
        if (waiting == null || waiting.call.method() != reply.method()) {
            return false;
        }
        open.remove(key);
        byTime.remove(waiting);
        waiting.ending.answered(reply, now);
        return true;
    }

    long deadline() {
        return byTime.isEmpty() ? Long.MAX_VALUE : byTime.first().at;
    }

    void timeout(long now) {
        while (!byTime.isEmpty() && byTime.first().at - now <= 0) {
            Open late = byTime.pollFirst();
            if (late.triesLeft == 0) {
                open.remove(late.key);
                late.ending.silent(now);
            } else {
                late.triesLeft--;
                late.waitNanos *= 2;
                late.at = now + post.jittered(late.waitNanos);
                byTime.add(late);
                post.send(late.key.to, late.call);
            }
        }
    }

    int size() {
        return open.size();
    }
}
