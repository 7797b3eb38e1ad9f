package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;

/** What a node wants done. */
sealed interface NodeEffect {

    /** Send this datagram. */
    record Send(PeerAddress to, Message message) implements NodeEffect {}

    /** Tell the user. */
    record Report(NetworkEvent event) implements NodeEffect {}
}
