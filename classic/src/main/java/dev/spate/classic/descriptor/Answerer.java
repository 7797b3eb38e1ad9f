package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of others, and passes their walks on.
 *
 * <p>Implementation note: what a forged datagram can do. An answer to {@code get_peers} goes to the {@code src} that the question
 * names; that is the protocol, and nobody can prove to be the {@code src}. So a liar can have each holder on the way send something to a
 * victim. It is bounded: an answer is never longer than its question (1,080 bytes, one datagram; further segments are given only to who
 * asks for them from the same address); each walk is answered three times at most; each {@code src} gets two answers a second
 * from one node; nobody outside may name addresses of this machine or of a private network; and a node passes on a walk once, to a few
 * neighbours, sixteen hops deep. All other answers go back to where the call came from, at equal length, within what each address is
 * allowed. Nobody is told of a peer that has not shown, by a token or a correlation id, that it is where it says.
 */
final class Answerer {
    /** Calls of one address a second: far more than an honest node needs. */
    private static final int CALLS_PER_SECOND = 50;

    private static final int CALLS_AT_ONCE = 200;

    /** Walks of one source a second; a loss of answers costs more of them. */
    private static final int WALKS_PER_SECOND = 2;

    private static final int WALKS_AT_ONCE = 16;

    /** Of all together. */
    private static final int TOTAL_CALLS = 5_000;

    private static final int TOTAL_WALKS = 500;
    private static final int MAX_SOURCES = 4096;

    private final Post post;
    private final Calls calls;
    private final Neighbours neighbours;
    private final PeerTable table;
    private final Joining joining;
    private final Tokens tokens;
    private final SeenWalks seen = new SeenWalks();
    private final Allowance callers;
    private final Allowance sources;

    Answerer(Post post, Calls calls, Neighbours neighbours, PeerTable table, Joining joining, long now) {
        this.post = post;
        this.calls = calls;
        this.neighbours = neighbours;
        this.table = table;
        this.joining = joining;
        this.tokens = new Tokens(post.random);
        this.callers = new Allowance(CALLS_PER_SECOND, CALLS_AT_ONCE, TOTAL_CALLS, MAX_SOURCES, now);
        this.sources = new Allowance(WALKS_PER_SECOND, WALKS_AT_ONCE, TOTAL_WALKS, MAX_SOURCES, now);
    }

    void called(PeerAddress from, Message.Call call, long now) {
        post.callsIn++;
        if (!callers.allows(from, now)) {
            post.limited++;
            return;
        }
        neighbours.heard(from, call.extension() != null);
        switch (call.method()) {
            case PING -> reply(from, call, true, post.about(tokens.tokenFor(from, now), null));
            case JOIN -> join(from, call, now);
            case LEECH -> declare(from, call, PeerState.LEECH, now);
            case SEED -> declare(from, call, PeerState.SEED, now);
            case GET_PEERS -> {
                assert call.src() != null && call.key() != null;
                getPeers(from, call, call.src(), call.key(), now);
            }
        }
    }

    private void reply(PeerAddress to, Message.Call call, boolean ok, Extension extension) {
        post.send(to, new Message.Reply(call.method(), ok, List.of(), 0, 0, call.id(), extension));
    }

    private void refuse(PeerAddress to, Message.Call call, Refusal why) {
        reply(to, call, false, post.about(0, why));
    }

    // ------------------------------------------------------------------ joining

    /** Who joins is who sent the datagram, whatever its envelope says. */
    private void join(PeerAddress from, Message.Call call, long now) {
        Membership us = post.membership;
        Extension extension = call.extension();
        Refusal refusal = us == null ? Refusal.NO_FILE : Joining.objection(us, call.key(), extension);
        if (us == null || refusal != null) {
            refuse(from, call, refusal == null ? Refusal.NO_FILE : refusal);
            return;
        }
        Peer peer = table.put(us.key(), from, now);
        if (peer == null) {
            refuse(from, call, Refusal.FULL);
            return;
        }
        boolean wasProven = peer.proven;
        peer.heardAt = now;
        peer.state = PeerState.IDLE;
        if (extension != null) {
            peer.speaksSpate = true;
            peer.enginePort = extension.enginePort();
            peer.proven |= tokens.isGood(from, extension.mark(), now);
        }
        reply(from, call, true, post.about(0, null));
        if (peer.proven && !wasProven) {
            post.report(new NetworkEvent.Joined(from, peer.state, peer.enginePort, false));
            joining.declare(peer, now);
        } else if (!peer.proven && !peer.joinedBack) {
            peer.joinedBack = true;
            joining.joinBack(peer, now);
        }
    }

    private void declare(PeerAddress from, Message.Call call, PeerState state, long now) {
        Membership us = post.membership;
        Peer peer = us == null ? null : table.find(us.key(), from);
        if (peer == null && joining.isNamed(from)) {
            // Its declaration has overtaken its answer to our join; it will say it again.
            return;
        }
        if (peer == null) {
            refuse(from, call, Refusal.NOT_JOINED);
            return;
        }
        peer.heardAt = now;
        if (peer.state != state) {
            peer.state = state;
            if (peer.proven) {
                post.report(new NetworkEvent.Declared(from, state));
            }
        }
        reply(from, call, true, post.about(0, null));
    }

    // ------------------------------------------------------------------ walks

    private void getPeers(PeerAddress from, Message.Call call, PeerAddress src, HashKey key, long now) {
        if (!src.equals(post.origin) && !Reach.allows(src, from.ip())) {
            post.limited++;
            return;
        }
        Extension extension = call.extension();
        long mark = extension == null ? 0 : extension.mark();
        Membership us = post.membership;
        List<ListedPeer> known = us != null && us.key().equals(key) ? known(us, src) : List.of();
        if (extension != null && extension.segment() > 0) {
            if (src.equals(from)) {
                answer(src, call, known, extension.segment());
            }
            return;
        }
        boolean isNew = !src.equals(post.origin) && seen.note(src, key, mark, now);
        boolean answers = !known.isEmpty()
                && !src.equals(post.origin)
                && seen.mayAnswer(src, key, mark)
                && sources.allows(src, now);
        if (answers) {
            answer(src, call, known, 0);
            if (us != null && known.size() == 1) {
                // A holder that knows no peers: it and the source add each other. Told of to others once it has joined.
                table.put(us.key(), src, now);
            }
        }
        if (extension != null && !(answers && src.equals(from))) {
            // What the original sends to the hop before when it does not know a key; ours takes it as a receipt.
            reply(from, call, true, post.about(mark, null));
        }
        if (!isNew) {
            post.looped++;
        } else if (known.stream().noneMatch(peer -> peer.state() == PeerState.SEED)
                && (answers || sources.allows(src, now))) {
            passOn(from, call, src, key, now);
        }
    }

    private void passOn(PeerAddress from, Message.Call call, PeerAddress src, HashKey key, long now) {
        NodeSettings settings = post.settings;
        Extension extension = call.extension();
        int hops = extension == null ? settings.hops() : Math.min(extension.hops(), settings.hops());
        if (hops == 0) {
            return;
        }
        int fanOut = extension == null ? settings.fanOut() : Math.clamp(extension.fanOut(), 1, settings.maxFanOut());
        // One of the original gets a mark here, so that those behind us know it again.
        long mark = extension == null ? post.random.nextLong() | 1 : extension.mark();
        List<PeerAddress> targets = neighbours.nearest(key, from, src, now);
        if (targets.isEmpty()) {
            return;
        }
        post.passedOn++;
        Message.Call passed = new Message.Call(
                Method.GET_PEERS, post.origin, src, key, call.id(), post.about(mark, hops - 1, fanOut, 0, null));
        Spread.begin(calls, neighbours, passed, targets, fanOut, settings.tries(), now);
    }

    /** We, if we have or want the file, and those that we know to be where they say. */
    private List<ListedPeer> known(Membership us, PeerAddress notThis) {
        List<ListedPeer> listed = new ArrayList<>();
        if (us.state() != PeerState.IDLE) {
            listed.add(new ListedPeer(post.origin, us.state()));
        }
        for (Peer peer : table.proven(us.key())) {
            if (!peer.address.equals(notThis)) {
                listed.add(new ListedPeer(peer.address, peer.state));
            }
        }
        return listed;
    }

    private void answer(PeerAddress to, Message.Call call, List<ListedPeer> known, int segment) {
        int segments = Math.ceilDiv(known.size(), Message.PEERS_WITH_EXTENSION);
        if (segment >= Math.max(1, segments)) {
            return;
        }
        int begin = segment * Message.PEERS_WITH_EXTENSION;
        List<ListedPeer> part = known.subList(begin, Math.min(known.size(), begin + Message.PEERS_WITH_EXTENSION));
        post.send(
                to,
                new Message.Reply(
                        call.method(), true, part, segments > 1 ? segments : 0, segment, call.id(), mark(call)));
    }

    private @Nullable Extension mark(Message.Call call) {
        Extension extension = call.extension();
        return post.about(extension == null ? 0 : extension.mark(), null);
    }
}
