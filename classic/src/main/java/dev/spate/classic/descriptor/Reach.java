package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.net.InetAddress;

/** Which addresses a node sends to because somebody named them. */
final class Reach {
    private Reach() {}

    /**
     * Whether it makes sense, and harms nobody.
     *
     * @param toldBy who named it. Only somebody of this machine may name addresses of this machine, and only a neighbour those of a
     *     private network: a stranger would have us send into our own
     */
    static boolean allows(PeerAddress address, InetAddress toldBy) {
        InetAddress ip = address.ip();
        int first = ip.getAddress()[0] & 0xff;
        if (!address.isIpv4() || address.port() == 0 || first == 0 || first >= 224) {
            return false;
        }
        if (ip.isLoopbackAddress()) {
            return toldBy.isLoopbackAddress();
        }
        boolean isPrivate = ip.isSiteLocalAddress() || ip.isLinkLocalAddress();
        return !isPrivate || toldBy.isSiteLocalAddress() || toldBy.isLinkLocalAddress() || toldBy.isLoopbackAddress();
    }
}
