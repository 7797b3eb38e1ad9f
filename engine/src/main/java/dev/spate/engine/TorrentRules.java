package dev.spate.engine;

import dev.spate.core.rate.RateLimits;
import dev.spate.engine.shell.SwarmLimits;
import java.util.Optional;

/**
 * What a torrent may do, beyond {@link Torrent#setLimits}: changed while it runs. Commands are carried out soon after, in the
 * order in which they were given. Nothing of it is remembered after the session. For use by any thread.
 */
public final class TorrentRules {
    private final Surroundings around;
    private final SwarmLimits swarmLimits;
    private volatile RateLimits limits = RateLimits.NONE;
    private volatile RateLimits peerLimits = RateLimits.NONE;
    private volatile Optional<String> group = Optional.empty();

    TorrentRules(Surroundings around) {
        this.around = around;
        this.swarmLimits = new SwarmLimits(around.resources().limits(), around.lane());
    }

    /** On the lane. */
    SwarmLimits swarmLimits() {
        return swarmLimits;
    }

    void setLimits(RateLimits newLimits) {
        around.onLane(() -> {
            limits = newLimits;
            swarmLimits.set(newLimits);
        });
    }

    /** The limits of {@link Torrent#setLimits}. */
    public RateLimits limits() {
        return limits;
    }

    /** Limits what each peer of the torrent moves, below the torrent's own limits. */
    public void setPeerLimits(RateLimits newLimits) {
        around.onLane(() -> {
            peerLimits = newLimits;
            swarmLimits.setPerPeer(newLimits);
        });
    }

    public RateLimits peerLimits() {
        return peerLimits;
    }

    /**
     * Makes it one of a group of torrents, whose limits ({@link SessionRules#setGroupLimits}) it then shares.
     *
     * @param name empty: of none
     */
    public void setGroup(String name) {
        around.onLane(() -> {
            group = Optional.of(name).filter(given -> !given.isEmpty());
            swarmLimits.setGroup(group.orElse(null));
        });
    }

    public Optional<String> group() {
        return group;
    }
}
