package dev.spate.io.http;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses of a host may be used. A tracker that has both is asked over each (BEP 7). */
public enum AddressFamily {
    ANY,
    IPV4,
    IPV6;

    boolean contains(InetAddress address) {
        return switch (this) {
            case ANY -> true;
            case IPV4 -> address instanceof Inet4Address;
            case IPV6 -> !(address instanceof Inet4Address);
        };
    }
}
