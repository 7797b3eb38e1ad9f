package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import dev.spate.wire.PeerAddress;
import org.jspecify.annotations.Nullable;

/** A known address of a peer. */
final class Candidate {

    /** What may be done with it. */
    enum State {
        /** May be dialed at any time. */
        READY,
        /** May be dialed after {@link Candidate#retryAt}. */
        WAITING,
        /** Is being dialed or connected. */
        CONNECTED,
        /** Is ourselves, or shut out; kept so that it is not learned again. */
        BARRED
    }

    final PeerAddress address;

    /** The most trusted of those who told of it. */
    PeerSource source;

    /** BEP 40; a higher one is dialed sooner. */
    int priority;

    State state = State.READY;
    int failures;
    long retryAt;

    /** Why the last try failed; null if it did not. */
    @Nullable
    CloseReason trouble;

    /** When last connected it had all pieces, so that we gain nothing from it as a seed. */
    boolean seed;

    /** Whether a connection may be made to it, or be found to be one to it. */
    boolean mayConnect() {
        return state == State.READY || state == State.WAITING;
    }

    Candidate(PeerAddress address, PeerSource source, int priority) {
        this.address = address;
        this.source = source;
        this.priority = priority;
    }
}
