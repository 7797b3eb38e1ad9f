package dev.spate.io.lane;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** Takes the connections that a {@link TcpListener} accepts. Called on the lane's thread. */
@FunctionalInterface
public interface TcpAcceptor {

    /**
     * A connection came in. The channel does not block and belongs to the acceptor: it is adopted by this lane or by another
     * one ({@link Lane#adopt}), or closed.
     */
    void accepted(SocketChannel channel);

    /**
     * No connection could be accepted, most likely because the process has no file descriptor left. The listener waits
     * {@link TcpListener#PAUSE} and tries again; who calls meanwhile stays in the backlog.
     */
    default void acceptFailed(IOException cause) {}
}
