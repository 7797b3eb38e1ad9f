package dev.spate.cli;

import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.TypeConversionException;

/** Addresses as people write them. */
final class Addresses {
    private Addresses() {}

    /** Reads {@code host:port}, {@code 192.0.2.1:6881} or {@code [2001:db8::1]:6881}; looks nothing up. */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        String port = text.substring(colon + 1);
        if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw new TypeConversionException(
                    "an address is written HOST:PORT, as in 192.0.2.1:6881 or [2001:db8::1]:6881, not '" + text + "'");
        }
        return new HostPort(host, Integer.parseInt(port));
    }

    /** Whether the host is an address, so that nothing has to be looked up. */
    static boolean isNumeric(HostPort address) {
        try {
            return InetAddress.ofLiteral(address.host()).getAddress().length > 0;
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    /** Whether it is an address of this machine that nobody else reaches. */
    static boolean isLoopback(HostPort address) {
        return isNumeric(address) && InetAddress.ofLiteral(address.host()).isLoopbackAddress();
    }

    /** Looks the host up, which may take a while. */
    static InetSocketAddress resolve(HostPort address) throws CommandFailure {
        try {
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException e) {
            throw new CommandFailure(
                    ExitCode.NOT_FOUND,
                    "there is no host '" + address.host() + "'",
                    "Check its name or give its IP address.");
        }
    }

    /** The address of a peer to connect to. */
    static PeerAddress peer(HostPort address) throws CommandFailure {
        if (address.port() == 0) {
            throw new CommandFailure(ExitCode.USAGE, "no peer listens on port 0", "Give the peer's port.");
        }
        return PeerAddress.of(resolve(address));
    }
}
