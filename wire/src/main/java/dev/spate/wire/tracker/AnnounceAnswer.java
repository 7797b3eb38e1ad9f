package dev.spate.wire.tracker;

import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tracker tells a client that announced itself, over HTTP or UDP (BEPs 3, 7, 15, 23, 24).
 *
 * @param interval how long to wait until the next regular announce; the tracker's own words, from 0 to {@link
 *     #MAX_INTERVAL}, so hold it against bounds of your own
 * @param minInterval the tracker accepts no announce sooner, or null if it did not say; in the same bounds
 * @param counts of the swarm, as far as the tracker told them
 * @param peers in the tracker's order, each with a port above 0; may hold the client itself, and doubles
 * @param externalIp the client's address as the tracker sees it (BEP 24), or null
 * @param trackerId to be sent with later announces, one {@code char} a byte, at most {@link
 *     AnnounceRequest#MAX_TRACKER_ID_LENGTH}, or null
 * @param warning for the user, fit to be shown, or null; the answer is good all the same
 */
public record AnnounceAnswer(
        Duration interval,
        @Nullable Duration minInterval,
        ScrapeAnswer counts,
        List<PeerAddress> peers,
        @Nullable InetAddress externalIp,
        @Nullable String trackerId,
        @Nullable String warning)
        implements AnnounceOutcome {

    /** The longest interval that UDP has room for as a signed number; a longer one is read as this one. */
    public static final Duration MAX_INTERVAL = Duration.ofSeconds(Integer.MAX_VALUE);

    public AnnounceAnswer {
        checkInterval(interval);
        if (minInterval != null) {
            checkInterval(minInterval);
        }
        AnnounceRequest.checkTrackerId(trackerId);
        peers = List.copyOf(peers);
        for (PeerAddress peer : peers) {
            if (peer.port() == 0) {
                throw new IllegalArgumentException("nobody listens there: " + peer);
            }
        }
    }

    /** An answer with what every tracker gives. */
    public AnnounceAnswer(Duration interval, ScrapeAnswer counts, List<PeerAddress> peers) {
        this(interval, null, counts, peers, null, null, null);
    }

    private static void checkInterval(Duration interval) {
        if (interval.isNegative() || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("not an interval: " + interval);
        }
    }
}
