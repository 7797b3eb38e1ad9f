package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.BloomFilter;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import dev.spate.wire.dht.Want;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Looks for the peers of an info-hash in both families, and then, depending on the goal, announces us or counts them. */
final class PeerSearch implements Lookup.Purpose {
    /** So many peers are told of in one search; more are of no use to one swarm, and one liar can bring hundreds. */
    static final int MAX_PEERS = 2000;

    /** And so many of those that we store ourselves. */
    private static final int MAX_STORED = 100;

    sealed interface Goal {
        record Find(Storing.Done done) implements Goal {}

        record Scrape() implements Goal {}

        record Announce(int port, boolean impliedPort, boolean seed, Storing.Done done) implements Goal {}
    }

    private final Post post;
    private final int operation;
    private final NodeId infoHash;
    private final Goal goal;
    private final Set<PeerAddress> told = new LinkedHashSet<>();
    private final BloomFilter seeds = new BloomFilter();
    private final BloomFilter others = new BloomFilter();
    private final Storing storing;
    private final List<NodeInfo> closest = new ArrayList<>();
    private int lookups;
    private int queries;
    private int answers;
    private int hops;

    PeerSearch(Post post, int operation, NodeId infoHash, Goal goal) {
        this.post = post;
        this.operation = operation;
        this.infoHash = infoHash;
        this.goal = goal;
        this.storing = new Storing(this::announced);
    }

    void begin(List<Half> halves, long now) {
        lookups = halves.size();
        for (Half half : halves) {
            List<PeerAddress> stored = half.peers().some(infoHash, MAX_STORED, false, now);
            told.addAll(stored);
            if (!stored.isEmpty() && !(goal instanceof Goal.Scrape)) {
                post.report(new DhtEffect.PeersFound(operation, infoHash, stored));
            }
        }
        for (Half half : halves) {
            half.lookups().add(new Lookup(half, infoHash, this), now);
        }
    }

    @Override
    public Question question(NodeId target) {
        // Which nodes are wanted is not said: each half asks its own family, which gives the best use of an answer's
        // room.
        return new Question.GetPeers(target, Want.UNSAID, goal instanceof Goal.Scrape, false);
    }

    @Override
    public boolean heard(Lookup lookup, NodeInfo node, Results results, long now) {
        List<PeerAddress> fresh = new ArrayList<>();
        for (PeerAddress peer : results.values()) {
            if (told.size() < MAX_PEERS
                    && Addresses.isReachable(peer, node.address().ip())
                    && told.add(peer)) {
                fresh.add(peer);
            }
        }
        Results.Filters filters = results.filters();
        if (goal instanceof Goal.Scrape) {
            if (filters != null) {
                seeds.addAll(filters.seeds());
                others.addAll(filters.peers());
            }
        } else if (!fresh.isEmpty()) {
            post.report(new DhtEffect.PeersFound(operation, infoHash, fresh));
        }
        return true;
    }

    @Override
    public boolean asksAgain(Lookup lookup) {
        return false;
    }

    @Override
    public void ended(Lookup lookup, long now) {
        lookups--;
        queries += lookup.queries();
        answers += lookup.answers();
        hops = Math.max(hops, lookup.hops());
        for (Lookup.Candidate candidate : lookup.closest()) {
            closest.add(candidate.node);
            Bytes token = candidate.token();
            if (token != null && goal instanceof Goal.Announce(int port, boolean implied, boolean seed, var _)) {
                storing.ask(
                        lookup.half,
                        candidate.node,
                        new Question.AnnouncePeer(infoHash, port, implied, seed, token),
                        now);
            }
        }
        if (lookups == 0) {
            finish(now);
        }
    }

    private void finish(long now) {
        switch (goal) {
            case Goal.Find(var done) -> {
                post.report(new DhtEffect.PeersSearched(
                        operation, infoHash, new LookupReport(queries, answers, hops, List.copyOf(closest))));
                done.stored(closest.size(), now);
            }
            case Goal.Scrape _ -> {
                // BEP 33, "handling legacy responses": nodes that have no filters tell peers, of which no kind is
                // known.
                for (PeerAddress peer : told) {
                    if (!seeds.mayContain(peer.ip())) {
                        others.add(peer.ip());
                    }
                }
                post.report(new DhtEffect.Scraped(
                        operation, infoHash, (int) Math.round(seeds.estimate()), (int) Math.round(others.estimate())));
            }
            case Goal.Announce _ -> storing.allAsked(now);
        }
    }

    private void announced(int nodes, long now) {
        post.report(new DhtEffect.Announced(operation, infoHash, nodes));
        if (goal instanceof Goal.Announce announce) {
            announce.done().stored(nodes, now);
        }
    }
}
