package dev.spate.core.pex;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.PeerExchange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What of one peer's word about others is listened to (BEP 11).
 *
 * <p>A peer that could name any address as often as it likes could fill our table, and set us on somebody else. So it is heard
 * once a minute, to a bounded length, and addresses of private networks count only from one who is in such a network itself.
 */
public final class PexFilter {

    /** A minute, less what clocks and queues may shift. */
    static final long INTERVAL = Duration.ofSeconds(50).toNanos();

    /** The first message tells of all connections, and some clients soon send a second. */
    static final int EARLY = 2;

    /** Contacts of the first message. */
    static final int MAX_FIRST = PeerExchange.MAX_CONTACTS;

    /** Contacts of a later message. */
    static final int MAX_LATER = 50;

    private int heard;
    private long heardAt;

    /** Of one who has not spoken yet. */
    public PexFilter() {}

    /** The addresses that are worth keeping; none if the peer speaks too often. */
    public List<PeerAddress> accept(PeerExchange exchange, InetAddress sender, long now) {
        if (heard >= EARLY && now - heardAt < INTERVAL) {
            return List.of();
        }
        int limit = heard == 0 ? MAX_FIRST : MAX_LATER;
        heard = Math.min(heard + 1, EARLY);
        heardAt = now;
        boolean fromPrivate = !isPublic(sender);
        return exchange.added().stream()
                .map(PeerExchange.Contact::address)
                .filter(address -> isDialable(address.ip()) && (fromPrivate || isPublic(address.ip())))
                .limit(limit)
                .toList();
    }

    private static boolean isDialable(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        boolean nobody = ip instanceof Inet4Address && (bytes[0] == 0 || (bytes[0] & 0xff) >= 240);
        return !nobody && !ip.isAnyLocalAddress() && !ip.isMulticastAddress();
    }

    /** Sources: RFC 1918, 6598 (100.64/10), 3927, 4193 (fc00::/7). */
    private static boolean isPublic(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        boolean unique = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        return !shared && !unique && !ip.isLoopbackAddress() && !ip.isSiteLocalAddress() && !ip.isLinkLocalAddress();
    }
}
