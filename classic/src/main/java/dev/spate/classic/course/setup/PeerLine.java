package dev.spate.classic.course.setup;

/**
 * One peer of the network, a line of {@code PeerInfo.cfg}.
 *
 * @param id at least 1
 * @param host a name or an address
 * @param port where it listens
 * @param hasFile whether it has the whole file from the start
 */
public record PeerLine(int id, String host, int port, boolean hasFile) {
    public PeerLine {
        if (id < 1 || port < 1 || port > 65_535 || host.isEmpty()) {
            throw new IllegalArgumentException("not a peer: " + id + " at " + host + ":" + port);
        }
    }

    @Override
    public String toString() {
        return id + " at " + host + ":" + port;
    }
}
