package dev.spate.engine.shell;

import dev.spate.core.filter.IpFilter;
import dev.spate.wire.PeerAddress;

/**
 * How the peers of some addresses are limited.
 *
 * @param addresses those that the filter has ranges of
 * @param limits of all of them together
 * @param exempt whether no other limits hold for them
 */
record PeerClassLimits(IpFilter addresses, LimitPair limits, boolean exempt) {

    boolean contains(PeerAddress peer) {
        return addresses.blocks(peer.ip());
    }
}
