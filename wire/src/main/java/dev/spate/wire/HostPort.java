package dev.spate.wire;

/**
 * A host, by name or numeric address, and a port; not looked up.
 *
 * @param host not empty; an IPv6 address without brackets
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    public HostPort {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("no host");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    /** As people write it: {@code example.org:6881} or {@code [2001:db8::1]:6881}. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
