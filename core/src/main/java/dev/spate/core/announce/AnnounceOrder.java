package dev.spate.core.announce;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceRequest;
import org.jspecify.annotations.Nullable;

/**
 * An announce to be made now, and to be reported on once, under its number.
 *
 * @param order its number, never used twice by one {@link Announcer}
 * @param url of the tracker: {@code udp}, {@code http} or {@code https}
 * @param route by which kind of address to reach it
 * @param event why it is made; goes into the request as it is
 * @param numWant how many peers to ask for; 0 when we are leaving
 * @param key the same for all announces of one announcer (BEP 7: to both families)
 * @param trackerId what this tracker gave before, or null
 */
public record AnnounceOrder(
        int order,
        String url,
        Route route,
        AnnounceEvent event,
        int numWant,
        int key,
        @Nullable String trackerId) {

    /** The request, as far as the order determines it, completed by what only the caller knows. */
    public AnnounceRequest request(
            Digest infoHash, PeerId peerId, int port, long uploaded, long downloaded, long left) {
        return new AnnounceRequest(
                infoHash, peerId, port, uploaded, downloaded, left, event, numWant, key, trackerId, null);
    }
}
