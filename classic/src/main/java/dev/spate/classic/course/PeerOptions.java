package dev.spate.classic.course;

import dev.spate.classic.course.peer.PeerSettings;
import dev.spate.classic.course.wire.Dialect;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a peer process is to behave beyond the text of the project.
 *
 * @param dialect what all neighbours speak; null finds out of each what it speaks, and answers likewise
 * @param patience after how long without any progress in the whole network it gives up
 * @param seed of its random choices
 * @param notices told what a person should know; on the peer's lane
 */
public record PeerOptions(@Nullable Dialect dialect, Duration patience, long seed, Consumer<String> notices) {

    PeerSettings settings() {
        return new PeerSettings(dialect == null, patience.toNanos());
    }
}
