package dev.spate.core.dht;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the nodes that we asked say about where they see us (BEP 42, "bootstrapping"). Each owner of addresses has one vote,
 * the last ones count, and only what most of them say is believed.
 */
final class AddressVotes {
    /** So many votes count, the last ones. */
    static final int VOTERS = 16;

    /** Fewer than this are no election. */
    static final int QUORUM = 6;

    private final Map<Long, InetAddress> votes = new LinkedHashMap<>();

    /** Counts a vote and returns what most of the voters agree on, if they do. */
    Optional<InetAddress> vote(InetAddress voter, InetAddress seen) {
        Long owner = Addresses.owner(voter);
        votes.remove(owner);
        if (votes.size() == VOTERS) {
            votes.remove(votes.keySet().iterator().next());
        }
        votes.put(owner, seen);
        long agreeing = votes.values().stream().filter(seen::equals).count();
        return votes.size() >= QUORUM && agreeing * 3 >= votes.size() * 2L ? Optional.of(seen) : Optional.empty();
    }
}
