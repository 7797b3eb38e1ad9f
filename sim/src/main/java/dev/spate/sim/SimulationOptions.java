package dev.spate.sim;

import dev.spate.wire.PieceLayout;

/**
 * What a simulation consists of, but for its hosts. Equal options and equal steps give equal runs, event by event.
 *
 * @param seed of all that is left to chance
 * @param layout of the torrent
 * @param network between the hosts
 * @param lookEvery every so many events of a host everything about its swarm is looked at, at least 1; cheap checks are
 *     made after each event in any case
 */
public record SimulationOptions(long seed, PieceLayout layout, NetworkOptions network, int lookEvery) {

    public SimulationOptions {
        if (lookEvery < 1) {
            throw new IllegalArgumentException("not a number of events: " + lookEvery);
        }
    }

    /** A torrent of so many full pieces on a smooth network, with everything checked after every event. */
    public static SimulationOptions of(long seed, int pieces, int pieceLength) {
        return new SimulationOptions(
                seed, new PieceLayout((long) pieces * pieceLength, pieceLength), NetworkOptions.SMOOTH, 1);
    }

    public SimulationOptions withNetwork(NetworkOptions other) {
        return new SimulationOptions(seed, layout, other, lookEvery);
    }

    public SimulationOptions withLookEvery(int events) {
        return new SimulationOptions(seed, layout, network, events);
    }
}
