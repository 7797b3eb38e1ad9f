package dev.spate.engine;

import java.net.InetAddress;
import java.util.Optional;

/**
 * How it stands with a port that the gateway shall map.
 *
 * @param port our own, TCP
 * @param method how the gateway was asked last: {@code PCP}, {@code NAT-PMP} or {@code UPnP}
 * @param externalAddress where the world reaches it, if that is known
 * @param externalPort the port outside; 0 while it is not mapped
 * @param trouble why it is not mapped, a phrase for a person; empty if it is
 */
public record PortMappingStats(
        int port, String method, Optional<InetAddress> externalAddress, int externalPort, String trouble) {

    /** Whether peers are let through at this moment. */
    public boolean isMapped() {
        return externalPort != 0;
    }
}
