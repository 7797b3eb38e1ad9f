/**
 * Ports of this machine made reachable through the gateway of its network: PCP, NAT-PMP and UPnP. What is said and understood is
 * here without sockets, and a thin shell says it.
 */
package dev.spate.io.nat;
