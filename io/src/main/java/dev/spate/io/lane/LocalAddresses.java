package dev.spate.io.lane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;

/** Turns what a user names as the place to listen at and to leave from into addresses. */
public final class LocalAddresses {
    private LocalAddresses() {}

    /**
     * The addresses of a network interface, or the address itself.
     *
     * @param interfaceOrAddress a name as {@code eth0}, or a numeric IPv4 or IPv6 address
     * @return at least one; an interface's link-local IPv6 addresses only if it has no others
     * @throws IOException if it is neither, or the interface has no address; the message lists the interfaces
     */
    public static List<InetAddress> of(String interfaceOrAddress) throws IOException {
        NetworkInterface named = NetworkInterface.getByName(interfaceOrAddress);
        if (named == null) {
            try {
                return List.of(InetAddress.ofLiteral(interfaceOrAddress));
            } catch (IllegalArgumentException e) {
                throw new IOException("there is no network interface " + interfaceOrAddress + ", only " + names(), e);
            }
        }
        List<InetAddress> all = named.inetAddresses().toList();
        List<InetAddress> wide =
                all.stream().filter(address -> !address.isLinkLocalAddress()).toList();
        if (all.isEmpty()) {
            throw new IOException("the network interface " + interfaceOrAddress + " has no address");
        }
        return wide.isEmpty() ? all : wide;
    }

    private static List<String> names() throws IOException {
        return NetworkInterface.networkInterfaces()
                .map(NetworkInterface::getName)
                .toList();
    }
}
