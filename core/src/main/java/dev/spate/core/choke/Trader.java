package dev.spate.core.choke;

import java.util.random.RandomGenerator;

/**
 * A way to decide whom to serve and how fast that learns from round to round.
 *
 * <p>It is a value: what it has learned is in it, a decision is a pure function of it, of a {@link TradeRound} and of a source of random,
 * and brings the {@link Deal#next} that is to be asked the next time. The owner calls {@link #choose} every
 * {@link Choker#ROUND_NANOS}, and {@link #adjust} between the rounds, when a peer's interest changed or a peer went away.
 */
public sealed interface Trader permits BitTyrant, PropShare {

    /** The most peers that are served at a time, however little each of them gets. */
    int MOST_SERVED = 50;

    /** Less than this is no rate worth a connection: a block would take more than a round. In bytes per second. */
    long LEAST_RATE = 2048;

    /** The decision of a regular round, from which it learns. At most {@link #MOST_SERVED} peers are unchoked, all of them interested. */
    Deal choose(TradeRound round, RandomGenerator random);

    /** The decision between two rounds: who is served and still interested stays, others are added as far as there is something left. */
    Deal adjust(TradeRound round, RandomGenerator random);

    /** A peer is gone, and its number may be given to another. */
    Trader without(int peer);
}
