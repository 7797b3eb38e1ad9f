package dev.spate.engine.shell;

import dev.spate.wire.Digest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which running swarm an incoming handshake means. Safe for use by any thread. */
public final class Directory {
    private final Map<Digest, SwarmRunner> runners = new ConcurrentHashMap<>();

    public void enter(Digest infoHash, SwarmRunner runner) {
        runners.put(infoHash, runner);
    }

    public void remove(Digest infoHash) {
        runners.remove(infoHash);
    }

    /** The swarm of this name, or null. */
    public @Nullable SwarmRunner find(Digest infoHash) {
        return runners.get(infoHash);
    }
}
