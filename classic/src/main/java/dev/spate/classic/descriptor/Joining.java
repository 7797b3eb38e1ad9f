package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Becomes acquainted with the peers that answers name: pings each, so that the dead are sorted out, joins those that are there, declares
 * to them what we are, and later looks now and then whether they still are.
 *
 * <p>An original node is silent when it is pinged, as it knows no ping; so whoever is silent gets one join all the same.
 */
final class Joining {
    static final int MAX_CANDIDATES = 256;

    /** So many are pinged or joined at a time. */
    static final int MAX_AT_WORK = 16;

    private static final int PINGS = 2;
    private static final long UNPROVEN_NANOS = 60_000_000_000L;

    private final Post post;
    private final Calls calls;
    private final PeerTable table;
    private final ArrayDeque<ListedPeer> candidates = new ArrayDeque<>();
    /** Candidates and those at work. */
    private final Set<PeerAddress> named = new HashSet<>();

    private final Set<PeerAddress> lookedAfter = new HashSet<>();
    private int atWork;

    Joining(Post post, Calls calls, PeerTable table) {
        this.post = post;
        this.calls = calls;
        this.table = table;
    }

    /** Why a node that says this of itself is no company for us; null if it is. */
    static @Nullable Refusal objection(Membership us, @Nullable HashKey key, @Nullable Extension extension) {
        if (extension == null) {
            // The original says neither.
            return null;
        }
        if (key != null && !key.equals(us.key())) {
            return Refusal.OTHER_KEY;
        }
        boolean differ = us.infoHash() != null
                && extension.infoHash() != null
                && !us.infoHash().equals(extension.infoHash());
        return differ ? Refusal.OTHER_FILE : null;
    }

    /** Somebody named these. */
    void found(List<ListedPeer> peers, PeerAddress toldBy, long now) {
        Membership us = post.membership;
        if (us == null) {
            return;
        }
        for (ListedPeer peer : peers) {
            Peer known = table.find(us.key(), peer.address());
            if ((known == null || !known.proven)
                    && !peer.address().equals(post.origin)
                    && named.size() < MAX_CANDIDATES
                    && Reach.allows(peer.address(), toldBy.ip())
                    && named.add(peer.address())) {
                candidates.add(peer);
            }
        }
        beginNext(now);
    }

    private void beginNext(long now) {
        while (atWork < MAX_AT_WORK && !candidates.isEmpty()) {
            atWork++;
            ping(candidates.remove(), now);
        }
    }

    private void done(ListedPeer peer, long now) {
        atWork--;
        named.remove(peer.address());
        beginNext(now);
    }

    private void ping(ListedPeer peer, long now) {
        begin(peer, post.call(Method.PING, 0), PINGS, now, new Calls.Ending() {
            @Override
            public void answered(Message.Reply reply, long then) {
                Extension extension = reply.extension();
                join(peer, extension == null ? 0 : extension.mark(), post.settings.tries(), then);
            }

            @Override
            public void silent(long then) {
                join(peer, 0, 1, then);
            }
        });
    }

    private void join(ListedPeer peer, long token, int tries, long now) {
        begin(peer, post.call(Method.JOIN, token), tries, now, new Calls.Ending() {
            @Override
            public void answered(Message.Reply reply, long then) {
                joined(peer, reply, then);
                done(peer, then);
            }

            @Override
            public void silent(long then) {
                post.report(new NetworkEvent.Gone(peer.address()));
                done(peer, then);
            }
        });
    }

    private void begin(ListedPeer peer, Message.Call call, int tries, long now, Calls.Ending ending) {
        if (!calls.call(peer.address(), call, tries, ending, now)) {
            // Too many calls wait; the next walk finds it again.
            done(peer, now);
        }
    }

    private void joined(ListedPeer listed, Message.Reply reply, long now) {
        Membership us = post.membership;
        Extension extension = reply.extension();
        if (us == null) {
            return;
        }
        Refusal refusal = reply.ok()
                ? objection(us, null, extension)
                : extension == null || extension.refusal() == null ? Refusal.UNSAID : extension.refusal();
        Peer peer = refusal == null ? table.put(us.key(), listed.address(), now) : null;
        if (peer == null) {
            post.report(new NetworkEvent.Refused(listed.address(), refusal == null ? Refusal.FULL : refusal));
            return;
        }
        peer.state = listed.state();
        prove(peer, extension, true, now);
    }

    /** It has answered what only it could. */
    private void prove(Peer peer, @Nullable Extension extension, boolean weAsked, long now) {
        boolean isNews = !peer.proven;
        peer.proven = true;
        learn(peer, extension, now);
        if (isNews) {
            post.report(new NetworkEvent.Joined(peer.address, peer.state, peer.enginePort, weAsked));
            declare(peer, now);
        }
    }

    private static void learn(Peer peer, @Nullable Extension extension, long now) {
        peer.heardAt = now;
        if (extension != null) {
            peer.speaksSpate = true;
            peer.enginePort = extension.enginePort();
            peer.state = extension.state() == null ? peer.state : extension.state();
        }
    }

    /** Joins somebody who has joined us and has shown nothing, which is the way of the original: one try. */
    void joinBack(Peer peer, long now) {
        calls.call(
                peer.address,
                post.call(Method.JOIN, 0),
                1,
                new Calls.Ending() {
                    @Override
                    public void answered(Message.Reply reply, long then) {
                        if (reply.ok()) {
                            prove(peer, reply.extension(), false, then);
                        }
                    }

                    @Override
                    public void silent(long then) {
                        // It stays unproven, and is forgotten soon.
                    }
                },
                now);
    }

    /** Tells a peer what we are, unless we are idle. */
    void declare(Peer peer, long now) {
        Membership us = post.membership;
        if (us == null || us.state() == PeerState.IDLE) {
            return;
        }
        Method method = us.state() == PeerState.SEED ? Method.SEED : Method.LEECH;
        calls.call(
                peer.address,
                post.call(method, 0),
                peer.speaksSpate ? post.settings.tries() : 1,
                new Calls.Ending() {
                    @Override
                    public void answered(Message.Reply reply, long then) {
                        if (!reply.ok()) {
                            drop(us.key(), peer);
                        }
                    }

                    @Override
                    public void silent(long then) {
                        // An original does not answer; others are looked after in time.
                    }
                },
                now);
    }

    /** We are something else now. */
    void declareToAll(HashKey key, long now) {
        table.proven(key).forEach(peer -> declare(peer, now));
    }

    /** Looks after those that were not heard of for long. */
    void care(long now) {
        Membership us = post.membership;
        if (us == null) {
            return;
        }
        for (Peer peer : table.peers(us.key())) {
            long silence = now - peer.heardAt;
            if (!peer.proven && silence > UNPROVEN_NANOS) {
                table.remove(us.key(), peer.address);
            } else if (peer.proven && silence > post.settings.quietNanos() && lookedAfter.add(peer.address)) {
                lookAfter(us.key(), peer, now);
            }
        }
    }

    private void lookAfter(HashKey key, Peer peer, long now) {
        boolean waits = calls.call(
                peer.address,
                post.call(peer.speaksSpate ? Method.PING : Method.JOIN, 0),
                post.settings.tries(),
                new Calls.Ending() {
                    @Override
                    public void answered(Message.Reply reply, long then) {
                        lookedAfter.remove(peer.address);
                        learn(peer, reply.extension(), then);
                    }

                    @Override
                    public void silent(long then) {
                        lookedAfter.remove(peer.address);
                        drop(key, peer);
                    }
                },
                now);
        if (!waits) {
            lookedAfter.remove(peer.address);
        }
    }

    private void drop(HashKey key, Peer peer) {
        table.remove(key, peer.address);
        post.report(new NetworkEvent.Gone(peer.address));
    }

    /** Whether somebody is a candidate, or being pinged or joined. */
    boolean isNamed(PeerAddress address) {
        return named.contains(address);
    }

    int named() {
        return named.size();
    }
}
