package dev.spate.io.lane;

import java.io.IOException;

/** The owner of a channel that is registered with a lane's selector. */
interface Selected {

    /** The channel is ready for {@code ops}, as {@link java.nio.channels.SelectionKey} names them. */
    void ready(int ops);

    /** The lane gives the channel up: {@code null} when it closes, otherwise because {@link #ready} threw. */
    void abandon(@org.jspecify.annotations.Nullable IOException cause);
}
