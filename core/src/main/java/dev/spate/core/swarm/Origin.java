package dev.spate.core.swarm;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Who delivered a block: one connection, remembered for as long as the block may turn out bad, even when the connection is gone
 * and its slot is another's. Two are the same only if they are the same object.
 */
final class Origin {
    final PeerAddress address;

    /** Known from the handshake on, before any block. */
    @Nullable
    PeerId id;

    /** It was shut out already. */
    boolean banned;

    Origin(PeerAddress address) {
        this.address = address;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
