package dev.spate.engine.dht;

import dev.spate.wire.PeerAddress;
import java.util.List;

/** Hears what an announce brings. Called on the node's own thread: be quick, and do not wait for anything. */
public interface DhtListener {

    /** Peers were met on the way; each is told once a round. */
    void peersFound(List<PeerAddress> peers);

    /**
     * A round is over.
     *
     * @param nodes how many nodes have taken the announce, or have answered where nothing is announced; 0 if none was reached, then
     *     it is tried again in a minute
     */
    void roundOver(int nodes);
}
