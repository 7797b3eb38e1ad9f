package dev.spate.classic.course.peer;

import org.jspecify.annotations.Nullable;

/** A connection, from the moment it is made; whose it is shows in its handshake. */
final class Link {
    /** Whom we meant to reach, or null if the connection came in. */
    final @Nullable Neighbour dialled;

    /** When it is closed if there has been no handshake. */
    final long handshakeBy;

    @Nullable
    Neighbour neighbour;

    /** We have said all that we will. */
    boolean leaving;

    Link(@Nullable Neighbour dialled, long handshakeBy) {
        this.dialled = dialled;
        this.handshakeBy = handshakeBy;
    }
}
