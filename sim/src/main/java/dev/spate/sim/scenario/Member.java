package dev.spate.sim.scenario;

import dev.spate.sim.Host;
import dev.spate.sim.Simulation;
import dev.spate.sim.Viewer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One host of a group, and its comings and goings. */
final class Member {
    /** How long a host that says goodbye stays to say it. */
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    /** How much of a film must be there until it is played. */
    private static final int SECONDS_TO_BEGIN = 4;

    private final Simulation world;
    private final Host host;
    private final Group group;
    private final int groupNumber;
    private boolean joined;
    private boolean gone;
    private @Nullable Viewer viewer;

    Member(Simulation world, Host host, Group group, int groupNumber) {
        this.world = world;
        this.host = host;
        this.group = group;
        this.groupNumber = groupNumber;
    }

    Host host() {
        return host;
    }

    Group group() {
        return group;
    }

    int groupNumber() {
        return groupNumber;
    }

    /** Who watches on it; null if nobody does, or not yet. */
    @Nullable
    Viewer viewer() {
        return viewer;
    }

    /** Whether it is to get what it has not. */
    boolean isLeech() {
        return !group.complete();
    }

    /** It comes, or comes back; without effect if it is there, or has said goodbye. */
    void join() {
        if (gone || host.isUp()) {
            return;
        }
        host.join();
        if (group.tuning().superSeeding()) {
            host.superSeed();
        }
        if (!joined && group.watchedBytesPerSecond() > 0) {
            Viewer made = host.viewer(group.watchedBytesPerSecond(), SECONDS_TO_BEGIN * group.watchedBytesPerSecond());
            viewer = made;
            made.seek(0);
        }
        joined = true;
    }

    /** It has had all pieces for as long as it wanted to stay. */
    void leave() {
        gone = true;
        if (host.isUp()) {
            host.pause();
            world.after(GOODBYE, host::crash);
        }
    }
}
