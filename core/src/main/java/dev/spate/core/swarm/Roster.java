package dev.spate.core.swarm;

import dev.spate.core.announce.Announcer;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a swarm has before it knows its torrent, and keeps when it does: addresses, trackers, connections, and what is still to be said. */
record Roster(
        Bounds bounds,
        SwarmIdentity identity,
        Outputs outputs,
        Conversations conversations,
        Bans bans,
        Announcer announcer,
        OurAddress ourAddress,
        Candidates candidates) {

    /** Of a swarm that nobody has joined. */
    static Roster empty(
            SwarmSettings settings, SwarmIdentity identity, List<List<String>> trackers, RandomGenerator random) {
        OurAddress ourAddress = new OurAddress(identity.listenPort());
        return new Roster(
                new Bounds(settings),
                identity,
                new Outputs(),
                new Conversations(),
                new Bans(),
                new Announcer(trackers, settings.announce(), random),
                ourAddress,
                new Candidates(settings, ourAddress.known()));
    }

    /** The same under an identity of which more is known. */
    Roster as(SwarmIdentity known) {
        return new Roster(bounds, known, outputs, conversations, bans, announcer, ourAddress, candidates);
    }
}
