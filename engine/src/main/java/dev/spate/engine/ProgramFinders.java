package dev.spate.engine;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The program's own finders of peers, and the searches that each has begun for the swarms that run. What they throw is theirs: it is
 * logged. Safe on any thread, as long as a swarm is entered and left by one at a time.
 */
final class ProgramFinders {
    private static final System.Logger LOG = System.getLogger(ProgramFinders.class.getName());

    private final List<PeerFinder> finders;
    private final BiConsumer<Digest, List<PeerAddress>> found;
    private final Map<Digest, List<PeerFinder.Search>> searches = new ConcurrentHashMap<>();

    /** @param found takes what is found, from any thread, also when the swarm is not there any more */
    ProgramFinders(List<PeerFinder> finders, BiConsumer<Digest, List<PeerAddress>> found) {
        this.finders = finders;
        this.found = found;
    }

    /** Begins to look for a swarm's peers, unless that goes on already. */
    void enter(Digest name, int port) {
        if (!finders.isEmpty() && !searches.containsKey(name)) {
            searches.put(name, begin(name, port));
        }
    }

    private List<PeerFinder.Search> begin(Digest name, int port) {
        List<PeerFinder.Search> begun = new ArrayList<>();
        for (PeerFinder finder : finders) {
            try {
                begun.add(finder.find(name, port, peers -> found.accept(name, List.copyOf(peers))));
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a peer finder of the program has failed for " + name, e);
            }
        }
        return begun;
    }

    /** Ends it. */
    void leave(Digest name) {
        List<PeerFinder.Search> begun = searches.remove(name);
        if (begun == null) {
            return;
        }
        for (PeerFinder.Search each : begun) {
            try {
                each.close();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a peer finder of the program cannot end for " + name, e);
            }
        }
    }
}
