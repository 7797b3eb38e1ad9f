package dev.spate.core.dht;

import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import dev.spate.wire.dht.Want;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects samples of what nodes on the way to a target store peers for (BEP 51). */
final class SampleSearch implements Lookup.Purpose {
    /** No more are collected in one search. */
    static final int MAX_SAMPLES = 10_000;

    private final Post post;
    private final int operation;
    private final NodeId target;
    private final Set<NodeId> samples = new LinkedHashSet<>();
    private int lookups;

    SampleSearch(Post post, int operation, NodeId target) {
        this.post = post;
        this.operation = operation;
        this.target = target;
    }

    void begin(List<Half> halves, long now) {
        lookups = halves.size();
        for (Half half : halves) {
            half.lookups().add(new Lookup(half, target, this), now);
        }
    }

    @Override
    public Question question(NodeId place) {
        return new Question.SampleInfohashes(place, Want.UNSAID);
    }

    @Override
    public boolean heard(Lookup lookup, NodeInfo node, Results results, long now) {
        Results.Samples told = results.samples();
        if (told != null) {
            for (NodeId infoHash : told.infoHashes()) {
                if (samples.size() < MAX_SAMPLES) {
                    samples.add(infoHash);
                }
            }
        }
        return true;
    }

    @Override
    public boolean asksAgain(Lookup lookup) {
        return false;
    }

    @Override
    public void ended(Lookup lookup, long now) {
        if (--lookups == 0) {
            post.report(new DhtEffect.Sampled(operation, target, List.copyOf(samples)));
        }
    }
}
