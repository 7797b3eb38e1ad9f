package dev.spate.engine.probe;

import dev.spate.wire.PeerAddress;
import java.util.Optional;

/** What came of fetching everything from one peer. */
public sealed interface FetchOutcome {

    /**
     * Everything is verified and on disk.
     *
     * @param from who gave the last of it; empty if all of it was there before
     */
    record Complete(Optional<PeerAddress> from) implements FetchOutcome {}

    /**
     * Nobody gave all of it; what was verified is kept.
     *
     * @param tried how many peers were good enough to be tried
     */
    record NobodyServed(int tried) implements FetchOutcome {}
}
