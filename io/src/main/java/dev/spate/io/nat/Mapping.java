package dev.spate.io.nat;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a wanted port stands.
 *
 * @param method by which it was asked for last
 * @param externalAddress where the world reaches it; null while it is not known
 * @param externalPort the port outside; 0 while it is not mapped
 * @param trouble why it is not mapped, a phrase for a person; empty while it is, and while an answer is awaited
 */
public record Mapping(
        Wanted wanted, Method method, @Nullable InetAddress externalAddress, int externalPort, String trouble) {

    /** How gateways are spoken with. */
    public enum Method {
        PCP,
        NAT_PMP,
        UPNP
    }

    public boolean isMapped() {
        return externalPort != 0;
    }
}
