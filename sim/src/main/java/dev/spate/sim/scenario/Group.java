package dev.spate.sim.scenario;

import dev.spate.sim.Conduct;
import dev.spate.sim.DiskOptions;
import dev.spate.sim.Line;
import java.time.Duration;

/**
 * Hosts that have all in common but their addresses and luck.
 *
 * @param name what the report calls them
 * @param count how many, at least 1
 * @param complete whether they have all pieces from the beginning; those who lie do
 * @param tuning what is tuned about their swarms
 * @param watchedBytesPerSecond each of them watches the torrent as a film of this rate from its beginning; 0 if none does
 */
public record Group(
        String name,
        int count,
        boolean complete,
        Line line,
        DiskOptions disk,
        Conduct conduct,
        Tuning tuning,
        Arrival arrival,
        Stay stay,
        long watchedBytesPerSecond) {

    public Group {
        if (name.isBlank() || count < 1) {
            throw new IllegalArgumentException("not a group: '" + name + "' of " + count);
        }
        if (!conduct.isHonest() && !complete) {
            throw new IllegalArgumentException("the " + name + " lie, and so they must claim to be complete");
        }
        if (watchedBytesPerSecond < 0) {
            throw new IllegalArgumentException("a film of " + watchedBytesPerSecond + " bytes per second");
        }
        if (watchedBytesPerSecond > 0 && (complete || !(stay instanceof Stay.ToTheEnd))) {
            throw new IllegalArgumentException("the " + name + " watch, and so they come without pieces and stay");
        }
    }

    /** Honest hosts with all pieces, which are there from beginning to end. */
    public static Group seeds(int count, Line line) {
        return new Group(
                count == 1 ? "seed" : "seeds",
                count,
                true,
                line,
                DiskOptions.GOOD,
                Conduct.HONEST,
                Tuning.USUAL,
                new Arrival.Together(Duration.ZERO),
                new Stay.ToTheEnd(),
                0);
    }

    /** Honest hosts without pieces, which are there from beginning to end. */
    public static Group leeches(int count, Line line) {
        Group seeds = seeds(count, line);
        return new Group(
                "leeches",
                count,
                false,
                line,
                seeds.disk,
                seeds.conduct,
                seeds.tuning,
                seeds.arrival,
                seeds.stay,
                seeds.watchedBytesPerSecond);
    }

    public Group named(String other) {
        return new Group(other, count, complete, line, disk, conduct, tuning, arrival, stay, watchedBytesPerSecond);
    }

    public Group withCount(int other) {
        return new Group(name, other, complete, line, disk, conduct, tuning, arrival, stay, watchedBytesPerSecond);
    }

    public Group on(DiskOptions other) {
        return new Group(name, count, complete, line, other, conduct, tuning, arrival, stay, watchedBytesPerSecond);
    }

    public Group behaving(Conduct other) {
        return new Group(name, count, complete, line, disk, other, tuning, arrival, stay, watchedBytesPerSecond);
    }

    public Group tuned(Tuning other) {
        return new Group(name, count, complete, line, disk, conduct, other, arrival, stay, watchedBytesPerSecond);
    }

    public Group arriving(Arrival other) {
        return new Group(name, count, complete, line, disk, conduct, tuning, other, stay, watchedBytesPerSecond);
    }

    public Group staying(Stay other) {
        return new Group(name, count, complete, line, disk, conduct, tuning, arrival, other, watchedBytesPerSecond);
    }

    public Group watching(long bytesPerSecond) {
        return new Group(name, count, complete, line, disk, conduct, tuning, arrival, stay, bytesPerSecond);
    }

    /** Whether it is there to give and has everything: such a group is not scaled with the others. */
    boolean isOrigin() {
        return complete && conduct.isHonest();
    }
}
