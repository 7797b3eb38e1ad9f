package dev.spate.io.lane;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Takes the datagrams that reach a {@link UdpSocket}. Called on the lane's thread. */
@FunctionalInterface
public interface UdpHandler {

    /**
     * A datagram came.
     *
     * @param datagram all of it, in the lane's receive buffer; valid during this call only
     */
    void received(UdpSocket socket, InetSocketAddress from, ByteBuffer datagram);
}
