package dev.spate.io.lane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A membership in a multicast group on some network interfaces, over one socket that shares its port with other programs. What is sent goes no
 * further than the local network (a TTL of 1), and comes back to this machine's members, ourselves included.
 */
public final class UdpGroup implements AutoCloseable {
    private final UdpSocket socket;
    private final DatagramChannel channel;
    private final InetSocketAddress group;
    private final List<NetworkInterface> interfaces;

    UdpGroup(UdpSocket socket, DatagramChannel channel, InetSocketAddress group, List<NetworkInterface> interfaces) {
        this.socket = socket;
        this.channel = channel;
        this.group = group;
        this.interfaces = interfaces;
    }

    /** Joins a group; those interfaces that will not are passed over. Throws if none will. */
    static List<NetworkInterface> join(DatagramChannel channel, InetAddress group, List<NetworkInterface> interfaces)
            throws IOException {
        List<NetworkInterface> joined = new ArrayList<>();
        IOException reason = new IOException("no network interface is named");
        for (NetworkInterface each : interfaces) {
            try {
                channel.join(group, each);
                joined.add(each);
            } catch (IOException | IllegalArgumentException e) {
                // IllegalArgumentException: it has no address of the family.
                reason = new IOException("cannot join " + group.getHostAddress() + " on " + each.getName(), e);
            }
        }
        if (joined.isEmpty()) {
            throw reason;
        }
        return joined;
    }

    /** Where it is a member. */
    public List<NetworkInterface> interfaces() {
        return interfaces;
    }

    /**
     * Sends one datagram on each interface, or drops it. Lane thread only.
     *
     * @param datagram a direct buffer, from its position to its limit, which stay
     */
    public void send(ByteBuffer datagram) {
        for (NetworkInterface each : interfaces) {
            try {
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, each);
            } catch (IOException e) {
                Lane.LOG.log(System.Logger.Level.DEBUG, "multicast on " + each.getName(), e);
                continue;
            }
            // One that the system does not take is like one that gets lost.
            socket.send(datagram.duplicate(), group);
        }
    }

    /** Leaves the group. Any thread. */
    @Override
    public void close() {
        socket.close();
    }
}
