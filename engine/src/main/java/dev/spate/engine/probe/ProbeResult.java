package dev.spate.engine.probe;

import dev.spate.wire.PeerAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of looking at a peer.
 *
 * @param peer where it is
 * @param stage how far it came
 * @param reason why it is no source for the whole file; empty if it is one
 * @param detail more about the reason, for a person; may be empty. It may quote the peer, without control characters
 * @param client what it calls itself, else its peer id; empty if it did not say
 * @param pieces how many pieces it has, as far as it said
 * @param allPieces how many there are
 * @param uploadOnly whether it said that it wants nothing more (BEP 21)
 * @param timeToUnchoke from our interest to its unchoke; empty if it did not
 */
public record ProbeResult(
        PeerAddress peer,
        ProbeStage stage,
        Optional<ProbeReason> reason,
        String detail,
        String client,
        int pieces,
        int allPieces,
        boolean uploadOnly,
        Optional<Duration> timeToUnchoke) {

    /** Whether it has everything and would give it, as far as it was tried. */
    public boolean isSource() {
        return reason.isEmpty();
    }
}
