package dev.spate.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Where a peer is reached: a numeric address and a port. Making one never looks a name up.
 *
 * @param ip IPv4 or IPv6; an IPv4-mapped IPv6 address is an IPv4 address here
 * @param port 0 to 65535; 0 where the port is not known
 */
public record PeerAddress(InetAddress ip, int port) implements Comparable<PeerAddress> {
    public PeerAddress {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    /** The address of 4 or 16 bytes in network order. */
    public static PeerAddress of(byte[] ip, int port) {
        try {
            return new PeerAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + ip.length, e);
        }
    }

    /** The same place as {@code address}, which must be resolved. */
    public static PeerAddress of(InetSocketAddress address) {
        return new PeerAddress(address.getAddress(), address.getPort());
    }

    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(ip, port);
    }

    public boolean isIpv4() {
        return ip instanceof Inet4Address;
    }

    /** The same host with another port. */
    public PeerAddress withPort(int newPort) {
        return new PeerAddress(ip, newPort);
    }

    /** IPv4 before IPv6, then by bytes, then by port. */
    @Override
    public int compareTo(PeerAddress other) {
        byte[] a = ip.getAddress();
        byte[] b = other.ip.getAddress();
        if (a.length != b.length) {
            return Integer.compare(a.length, b.length);
        }
        int order = Arrays.compareUnsigned(a, b);
        return order != 0 ? order : Integer.compare(port, other.port);
    }

    /** As people write it: {@code 192.0.2.1:6881} or {@code [2001:db8::1]:6881}. */
    @Override
    public String toString() {
        String host = ip.getHostAddress();
        return isIpv4() ? host + ":" + port : "[" + host + "]:" + port;
    }
}
