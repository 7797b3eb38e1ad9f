package dev.spate.sim.scenario;

import java.util.List;

/**
 * Who served whom: how many wanting hosts of the column a host of the row had unchoked on average. Between single hosts that is a
 * share of the time.
 *
 * @param names of rows and columns alike: hosts, or groups if there are too many
 * @param served a row for each name, a number for each column
 */
public record ChokeMatrix(List<String> names, List<List<Double>> served) {

    public ChokeMatrix {
        names = List.copyOf(names);
        served = List.copyOf(served);
        int size = names.size();
        if (served.size() != size || served.stream().anyMatch(row -> row.size() != size)) {
            throw new IllegalArgumentException("not a square of " + size);
        }
    }
}
