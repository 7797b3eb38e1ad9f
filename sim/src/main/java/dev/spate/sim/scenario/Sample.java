package dev.spate.sim.scenario;

import java.util.List;

/**
 * The swarm at one moment.
 *
 * @param seconds after the beginning
 * @param complete how many hosts of each group have all pieces, in the order of the groups
 * @param part which part of all pieces the hosts of each group have, 0 to 1
 * @param rarest how many hosts that are up have the rarest piece
 * @param mean how many have a piece on average
 * @param utilisation which part of the upload of hosts that are up was used since the sample before
 */
public record Sample(
        double seconds, List<Integer> complete, List<Double> part, int rarest, double mean, double utilisation) {

    public Sample {
        complete = List.copyOf(complete);
        part = List.copyOf(part);
    }
}
