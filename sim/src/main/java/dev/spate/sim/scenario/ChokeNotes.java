package dev.spate.sim.scenario;

import dev.spate.sim.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who served whom, looked at from time to time; of many hosts at some, in turn. */
final class ChokeNotes {
    /** With more the matrix is one of groups. */
    private static final int MOST_HOSTS = 64;

    private static final int LOOKED_AT = 250;

    private final Scenario scenario;
    private final List<Member> members;
    private final Map<Host, Integer> rows = new HashMap<>();
    private final boolean single;
    private final double[][] served;
    private final double[] weights;
    private int turn;

    ChokeNotes(Scenario scenario, List<Member> members) {
        this.scenario = scenario;
        this.members = members;
        this.single = members.size() <= MOST_HOSTS;
        for (int i = 0; i < members.size(); i++) {
            rows.put(members.get(i).host(), single ? i : members.get(i).groupNumber());
        }
        int size = single ? members.size() : scenario.groups().size();
        this.served = new double[size][size];
        this.weights = new double[size];
    }

    /** It has been as it is now for some time. */
    void look(long nanos) {
        for (int i = Math.min(members.size(), LOOKED_AT); i > 0; i--) {
            Host host = members.get(turn).host();
            turn = (turn + 1) % members.size();
            if (host.isUp()) {
                int row = row(host);
                weights[row] += nanos;
                for (Host other : host.unchokedNow()) {
                    served[row][row(other)] += nanos;
                }
            }
        }
    }

    ChokeMatrix matrix() {
        List<String> names = new ArrayList<>();
        if (single) {
            members.forEach(member -> names.add(member.host().name()));
        } else {
            scenario.groups().forEach(group -> names.add(group.name()));
        }
        List<List<Double>> averages = new ArrayList<>();
        for (int row = 0; row < served.length; row++) {
            List<Double> line = new ArrayList<>();
            for (double each : served[row]) {
                line.add(weights[row] == 0 ? 0 : each / weights[row]);
            }
            averages.add(line);
        }
        return new ChokeMatrix(names, averages);
    }

    private int row(Host host) {
        Integer row = rows.get(host);
        assert row != null : host;
        return row;
    }
}
