package dev.spate.io.lane;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connection between two lanes: nobody reads it until a lane {@linkplain Lane#adopt(Detached, TcpHandler) adopts} it.
 * Whoever holds it and does not want it closes the channel.
 *
 * @param channel connected and not blocking
 * @param unread what had been read and not yet understood when it was detached
 */
public record Detached(SocketChannel channel, ByteBuffer unread) {}
