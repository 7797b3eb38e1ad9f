package dev.spate.engine;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * A program's own way to find peers, beside trackers, DHT and neighbours: the directory of a cluster, for example. Whom it names is
 * connected to first, as if the user had named him.
 *
 * <p>It is asked by threads that move bytes, so it must be quick: what takes time belongs on a thread of its own. For use by several
 * threads. What it throws is logged, and the torrent goes on without it.
 */
@FunctionalInterface
public interface PeerFinder {

    /** A search that goes on. */
    @FunctionalInterface
    interface Search extends AutoCloseable {

        /** The swarm rests or is over, and no peers are wanted any more. Be quick here, too. */
        @Override
        void close();
    }

    /**
     * A swarm may be met from now on: its peers are to be found, and we are one of them. Not called for private torrents (BEP 27); a
     * magnet link does not say whether its torrent is one, and if it is, the search ends when that is known.
     *
     * @param infoHash 20 bytes: v1, or v2 cut off
     * @param port where peers reach us; 0 if nobody can
     * @param found takes peers, from any thread, as often as there is news; what comes after the end of the search is passed over
     */
    Search find(Digest infoHash, int port, Consumer<List<PeerAddress>> found);
}
