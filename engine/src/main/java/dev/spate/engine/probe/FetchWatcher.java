package dev.spate.engine.probe;

import dev.spate.wire.PeerAddress;

/** Told how it goes to fetch everything from one peer, on the thread that fetches. */
public interface FetchWatcher {

    /** A look at a peer is over. */
    void probed(ProbeResult result);

    /** Everything that is missing is fetched from this peer from now on. */
    void chosen(PeerAddress peer);

    /** It failed; the next one is chosen, if there is one. {@code why} is for a person. */
    void failed(PeerAddress peer, String why);
}
