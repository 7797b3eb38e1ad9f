package dev.spate.core.dht;

import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import dev.spate.wire.dht.Want;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for an item of BEP 44 in both families, and stores one at the nodes nearest to its place if that is the goal. */
final class ItemSearch implements Lookup.Purpose {

    sealed interface Goal {
        /** To have it; the salt is what the signature of a mutable one needs. */
        record Get(Bytes salt, @Nullable DhtItem stored) implements Goal {

            /** What we keep ourselves, unless it was stored with another salt: then it would not be believed of others either. */
            @Nullable
            DhtItem fitting() {
                return stored instanceof DhtItem.Mutable mutable
                                && !mutable.salt().equals(salt)
                        ? null
                        : stored;
            }
        }

        /** To store it, in the place of the one with the number {@code cas} if that is not null. */
        record Put(DhtItem item, @Nullable Long cas, Storing.Done done) implements Goal {}
    }

    private final Post post;
    private final int operation;
    private final NodeId target;
    private final Goal goal;
    private final Bytes salt;
    private final Storing storing;
    private @Nullable DhtItem found;
    private int lookups;

    ItemSearch(Post post, int operation, NodeId target, Goal goal) {
        this.post = post;
        this.operation = operation;
        this.target = target;
        this.goal = goal;
        this.found = goal instanceof Goal.Get get ? get.fitting() : null;
        this.salt = switch (goal) {
            case Goal.Get(Bytes ofTheAsked, var _) -> ofTheAsked;
            case Goal.Put(DhtItem.Mutable item, var _, var _) -> item.salt();
            case Goal.Put(DhtItem.Immutable _, var _, var _) -> Bytes.EMPTY;
        };
        this.storing = new Storing(this::stored);
    }

    void begin(List<Half> halves, long now) {
        lookups = halves.size();
        for (Half half : halves) {
            half.lookups().add(new Lookup(half, target, this), now);
        }
    }

    @Override
    public Question question(NodeId place) {
        return new Question.Get(place, null, Want.UNSAID);
    }

    @Override
    public boolean heard(Lookup lookup, NodeInfo node, Results results, long now) {
        Results.Item item = results.item();
        if (item != null && !isKnown(item)) {
            DhtItem.check(item, target, salt).ifPresent(this::consider);
        }
        // An immutable item is the same everywhere; of a mutable one there may be a newer version.
        return !(goal instanceof Goal.Get && found instanceof DhtItem.Immutable);
    }

    /** Whether it is no newer than what was found; spares the signature. */
    private boolean isKnown(Results.Item item) {
        return found instanceof DhtItem.Mutable mutable && item.seq() != null && item.seq() <= mutable.seq();
    }

    private void consider(DhtItem item) {
        if (found instanceof DhtItem.Mutable old && item instanceof DhtItem.Mutable fresh && fresh.seq() <= old.seq()) {
            return;
        }
        found = item;
    }

    /**
     * Nodes that have not heard of us keep long values back, as they cannot know that we are where we say; they have asked us
     * back meanwhile.
     */
    @Override
    public boolean asksAgain(Lookup lookup) {
        return goal instanceof Goal.Get && found == null;
    }

    @Override
    public void ended(Lookup lookup, long now) {
        lookups--;
        if (goal instanceof Goal.Put put) {
            for (Lookup.Candidate candidate : lookup.closest()) {
                Bytes token = candidate.token();
                if (token != null) {
                    storing.ask(lookup.half, candidate.node, question(put, candidate, token), now);
                }
            }
        }
        if (lookups == 0) {
            switch (goal) {
                case Goal.Get _ -> post.report(new DhtEffect.ItemFound(operation, target, found));
                case Goal.Put _ -> storing.allAsked(now);
            }
        }
    }

    private static Question.Put question(Goal.Put put, Lookup.Candidate candidate, Bytes token) {
        return switch (put.item) {
            case DhtItem.Immutable(Bytes value) -> new Question.Put(token, value, null);
            case DhtItem.Mutable item -> {
                Results results = candidate.results;
                // BEP 44, "CAS": not to be sent to a node that has returned nothing.
                Long cas = results != null && results.item() != null ? put.cas : null;
                yield new Question.Put(
                        token,
                        item.value(),
                        new Question.Signed(item.key(), item.salt(), item.seq(), item.signature(), cas));
            }
        };
    }

    private void stored(int nodes, long now) {
        if (goal instanceof Goal.Put put) {
            boolean newer = found instanceof DhtItem.Mutable met
                    && put.item instanceof DhtItem.Mutable ours
                    && met.seq() >= ours.seq()
                    && !met.equals(ours);
            post.report(new DhtEffect.ItemStored(
                    operation, target, nodes, newer && found instanceof DhtItem.Mutable met ? met : null));
            put.done.stored(nodes, now);
        }
    }
}
