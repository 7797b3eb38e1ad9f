package dev.spate.cli;

import java.nio.file.Path;
import java.util.Map;

/** Where resume data is kept when the user does not say. */
final class StateFolder {
    private StateFolder() {}

    /**
     * {@code $XDG_STATE_HOME/spate}, or {@code ~/.local/state/spate} (XDG Base Directory Specification: a relative path is to be
     * ignored).
     *
     * @param environment of the process
     * @param home the user's own folder
     */
    static Path of(Map<String, String> environment, String home) {
        String stateHome = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = stateHome.isEmpty() || !Path.of(stateHome).isAbsolute()
                ? Path.of(home, ".local", "state")
                : Path.of(stateHome);
        return base.resolve("spate");
    }
}
