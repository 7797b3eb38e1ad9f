package dev.spate.io.lane;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** A UDP port on a lane. */
public final class UdpSocket implements Selected, AutoCloseable {
    /** So many datagrams are read before the lane's other sockets have their turn. */
    private static final int READS_A_TURN = 256;

    private final Lane lane;
    private final DatagramChannel channel;
    private final InetSocketAddress localAddress;
    private final UdpHandler handler;

    UdpSocket(Lane lane, DatagramChannel channel, InetSocketAddress localAddress, UdpHandler handler) {
        this.lane = lane;
        this.channel = channel;
        this.localAddress = localAddress;
        this.handler = handler;
    }

    /** Where it receives, with the real port if port 0 was asked for. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /**
     * Sends one datagram, or drops it: UDP promises nothing, and its users send again what matters. Lane thread only.
     *
     * @param datagram a direct buffer, from its position to its limit
     * @return false if the system would not take it: its buffer is full, the address cannot be reached, the socket is closed
     */
    public boolean send(ByteBuffer datagram, InetSocketAddress to) {
        assert lane.isCurrent();
        int length = datagram.remaining();
        try {
            return channel.send(datagram, to) == length;
        } catch (IOException | IllegalArgumentException e) {
            // IllegalArgumentException and its kin: an address of a family this socket has not, or an unresolved one.
            return false;
        }
    }

    /** Receives and sends no more. Any thread; the port is free again shortly after. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            Lane.LOG.log(System.Logger.Level.DEBUG, "closing the UDP socket at " + localAddress, e);
        }
        lane.wakeUp();
    }

    void register() {
        try {
            lane.register(channel, SelectionKey.OP_READ, this);
        } catch (IOException closedMeanwhile) {
            close();
        }
    }

    @Override
    public void ready(int ops) {
        ByteBuffer buffer = lane.receiveBuffer();
        for (int reads = 0; reads < READS_A_TURN && channel.isOpen(); reads++) {
            buffer.clear();
            try {
                var from = (InetSocketAddress) channel.receive(buffer);
                if (from == null) {
                    return;
                }
                handler.received(this, from, buffer.flip());
            } catch (IOException e) {
                // News of an earlier datagram that did not arrive; the socket is as good as before.
                Lane.LOG.log(System.Logger.Level.DEBUG, "receiving at " + localAddress, e);
            }
        }
    }

    @Override
    public void abandon(@Nullable IOException cause) {
        if (cause == null) {
            close();
        }
    }
}
