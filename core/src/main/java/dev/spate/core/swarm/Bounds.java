package dev.spate.core.swarm;

/** The settings of a swarm that holds now: some of them change while it lives. */
final class Bounds {
    private SwarmSettings settings;

    Bounds(SwarmSettings settings) {
        this.settings = settings;
    }

    void set(SwarmSettings newSettings) {
        settings = newSettings;
    }

    SwarmSettings settings() {
        return settings;
    }

    int maxConnections() {
        return settings.maxConnections();
    }
}
