package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Our own walks: asks the neighbours who has the file, takes what comes back from whoever knows, and begins again with more neighbours
 * while we are joined with nobody.
 *
 * <p>The answer comes from somebody whom we did not ask, so its address proves nothing; its correlation id does, which only those on the
 * walk have seen. A node of the original puts its own constant in its place. So answers without our id are taken too, but few of each
 * walk; what they name is pinged before anything else, as always.
 */
final class Search {
    /** Answers of one walk that do not have its id. */
    static final int MAX_WEAK = 4;

    /** Answers of one walk in all. */
    static final int MAX_ANSWERS = 64;

    private final Post post;
    private final Calls calls;
    private final Neighbours neighbours;
    private final PeerTable table;
    private final Joining joining;
    private final Set<PeerAddress> answered = new HashSet<>();
    private String id = "";
    private long endsAt;
    private long beginsAt;
    private boolean runs;
    private int walks;
    private int fruitless;
    private int weak;

    Search(Post post, Calls calls, Neighbours neighbours, PeerTable table, Joining joining, long now) {
        this.post = post;
        this.calls = calls;
        this.neighbours = neighbours;
        this.table = table;
        this.joining = joining;
        this.beginsAt = now;
    }

    long deadline() {
        if (post.membership == null) {
            return Long.MAX_VALUE;
        }
        return runs ? endsAt : beginsAt;
    }

    void timeout(long now) {
        Membership us = post.membership;
        if (us == null || deadline() - now > 0) {
            return;
        }
        if (runs) {
            end(us, now);
        }
        if (beginsAt - now <= 0) {
            begin(us, now);
        }
    }

    private void begin(Membership us, long now) {
        NodeSettings settings = post.settings;
        runs = true;
        walks++;
        id = post.newId();
        weak = 0;
        answered.clear();
        // Doubled each time, so that what the first walk missed is found by the third.
        int fanOut = Math.min(settings.maxFanOut(), settings.fanOut() << Math.min(fruitless, 8));
        long span = Math.min(settings.restNanos(), settings.walkNanos() << Math.min(fruitless, 16));
        endsAt = now + post.jittered(span);
        Message.Call call = new Message.Call(
                Method.GET_PEERS,
                post.origin,
                post.origin,
                us.key(),
                id,
                post.about(post.random.nextLong() | 1, settings.hops(), fanOut, 0, null));
        List<PeerAddress> targets = neighbours.nearest(us.key(), post.origin, post.origin, now);
        Spread.begin(
                calls, neighbours, call, targets, Math.min(settings.maxFanOut(), 2 * fanOut), settings.tries(), now);
    }

    private void end(Membership us, long now) {
        runs = false;
        int joined = table.proven(us.key()).size();
        post.report(new NetworkEvent.WalkEnded(walks, answered.size(), joined));
        fruitless = joined == 0 ? fruitless + 1 : 0;
        long rest = joined == 0 ? 0 : post.settings.restNanos() * (us.state() == PeerState.SEED ? 5 : 1);
        if (us.state() == PeerState.SEED && joined == 0) {
            // Nobody has to be found by a seed.
            rest = post.settings.restNanos();
        }
        beginsAt = now + rest;
    }

    /**
     * An answer came; says whether it is one of a walk of ours.
     *
     * @param expected whether its sender was asked for it, so that it is of the walk only if it has the walk's id
     */
    boolean take(PeerAddress from, Message.Reply reply, boolean expected, long now) {
        if (!runs || reply.peers().isEmpty() || answered.size() >= MAX_ANSWERS) {
            return false;
        }
        if (!reply.id().equals(id)) {
            if (expected || weak == MAX_WEAK) {
                return false;
            }
            weak++;
        }
        if (answered.add(from)) {
            post.report(new NetworkEvent.PeersFound(from, reply.peers().size()));
            if (reply.extension() != null && reply.segment() == 0 && reply.segments() > 1) {
                askForSegment(from, 1, reply.segments(), now);
            }
        }
        joining.found(reply.peers(), from, now);
        return true;
    }

    /** A long answer is fetched datagram by datagram, by us, so that nobody can have it thrown at another. */
    private void askForSegment(PeerAddress holder, int segment, int segments, long now) {
        Membership us = post.membership;
        if (us == null || segment >= segments) {
            return;
        }
        Message.Call call = new Message.Call(
                Method.GET_PEERS, post.origin, post.origin, us.key(), post.newId(), post.about(0, 0, 0, segment, null));
        calls.call(
                holder,
                call,
                post.settings.tries(),
                new Calls.Ending() {
                    @Override
                    public void answered(Message.Reply reply, long then) {
                        joining.found(reply.peers(), holder, then);
                        askForSegment(holder, segment + 1, segments, then);
                    }

                    @Override
                    public void silent(long then) {
                        // The next walk asks anew.
                    }
                },
                now);
    }
}
