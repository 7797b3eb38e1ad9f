package dev.spate.engine.talk;

import dev.spate.wire.PeerAddress;
import java.time.Duration;

/** Makes a channel to a peer. For any thread. */
@FunctionalInterface
public interface Dial {

    /** What came of it. */
    sealed interface Dialed {

        /** Why there is no connection. */
        enum Obstacle {
            /** Nobody listens there. */
            REFUSED,
            /** Nothing came back in time. */
            TIMED_OUT,
            /** There is no way to it, or not from where we may leave. */
            UNREACHABLE,
            /** The proxy is not there, or will not. */
            PROXY
        }

        /** The connection stands. */
        record Connected(MessageChannel channel) implements Dialed {}

        /** It does not; {@code reason} is for a person. */
        record Failed(Obstacle obstacle, String reason) implements Dialed {}
    }

    /** Waits until it is connected, or cannot be within {@code limit}. */
    Dialed dial(PeerAddress peer, Duration limit);
}
