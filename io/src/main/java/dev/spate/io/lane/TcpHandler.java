package dev.spate.io.lane;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a lane tells the owner of a TCP connection. All methods run on the lane's thread and none is called from within a
 * call to {@link TcpConnection} or {@link Lane}. One that throws has its connection closed.
 */
public interface TcpHandler {

    /** A connection begun by {@link Lane#connect} is up. Not called for adopted connections. */
    void connected(TcpConnection connection);

    /**
     * Bytes have come. What the handler leaves unread is lost, unless it hands the connection over within this call
     * ({@link TcpConnection#handOver}, {@link TcpConnection#detach}).
     *
     * @param data the lane's direct receive buffer, from its position to its limit; valid during this call only
     */
    void received(TcpConnection connection, ByteBuffer data);

    /**
     * The socket takes bytes: called at most once a turn after {@link TcpConnection#wantWrite}, and again for as long as the
     * answer was true.
     *
     * @param out takes what is to be sent, as long as its {@link Outbox#room} is not used up
     * @return true if there is more to send than there was room. When {@code out} is still empty true counts as false: a handler
     *     that lacks memory or allowance calls {@code wantWrite} when it has them
     */
    boolean gather(TcpConnection connection, Outbox out);

    /**
     * The connection is gone, or was never made. Called exactly once, last of all, except after a
     * {@linkplain TcpConnection#detach detach}.
     *
     * @param cause null when our side closed it; an {@link java.io.EOFException} when the other side ended its stream
     */
    void closed(TcpConnection connection, @Nullable IOException cause);
}
