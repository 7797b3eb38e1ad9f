package dev.spate.cli.view;

import dev.spate.engine.Hindrance;
import dev.spate.engine.TorrentStats;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Notices that a torrent does not go on, and decides when its user is told why: after a while, and then only what is new. */
public final class Standstill {

    /** Trackers and peers need about that long to show what they are good for. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What was told since it last went on. */
    private final Set<String> told = new HashSet<>();

    private long sign = -1;
    private long since;

    /**
     * Looks again; to be called several times a second.
     *
     * @param reasons asked only if it has not gone on for long enough
     * @param now monotonic nanoseconds
     * @return the reasons, if there is one among them that was not told since it last went on
     */
    public List<Hindrance> review(TorrentStats stats, Supplier<List<Hindrance>> reasons, long now) {
        long present = sign(stats);
        if (present != sign) {
            sign = present;
            since = now;
            told.clear();
        }
        if (now - since < PATIENCE.toNanos()) {
            return List.of();
        }
        List<Hindrance> found = reasons.get();
        boolean isNews = false;
        for (Hindrance reason : found) {
            isNews |= told.add(kind(reason) + " " + reason.about());
        }
        return isNews ? found : List.of();
    }

    /** Another number whenever it has gone on. */
    static long sign(TorrentStats stats) {
        return switch (stats.state()) {
            case FETCHING_METADATA -> -2;
            case CHECKING -> -3L - stats.checkedPieces();
            case DOWNLOADING, SEEDING, MOVING, PAUSED, QUEUED, FAILED, REMOVED -> stats.downloaded();
        };
    }

    /** The name of a kind of reason, for programs. */
    static String kind(Hindrance reason) {
        return switch (reason) {
            case Hindrance.Paused _ -> "paused";
            case Hindrance.Queued _ -> "queued";
            case Hindrance.Checking _ -> "checking";
            case Hindrance.CheckAwaited _ -> "check-awaited";
            case Hindrance.TakingRoom _ -> "taking-room";
            case Hindrance.Moving _ -> "moving";
            case Hindrance.Failed _ -> "failed";
            case Hindrance.Ended _ -> "ended";
            case Hindrance.NobodyOffersMetadata _ -> "nobody-offers-metadata";
            case Hindrance.MetadataRefused _ -> "metadata-refused";
            case Hindrance.MetadataAwaited _ -> "metadata-awaited";
            case Hindrance.NobodyToAsk _ -> "nobody-to-ask";
            case Hindrance.OnlyTrackersMayTell _ -> "only-trackers-may-tell";
            case Hindrance.TrackerRefuses _ -> "tracker-refuses";
            case Hindrance.TrackerUnreachable _ -> "tracker-unreachable";
            case Hindrance.TrackerGivenUp _ -> "tracker-given-up";
            case Hindrance.TrackerAwaited _ -> "tracker-awaited";
            case Hindrance.TrackerKnowsNobody _ -> "tracker-knows-nobody";
            case Hindrance.DhtAwaited _ -> "dht-awaited";
            case Hindrance.DhtUnreachable _ -> "dht-unreachable";
            case Hindrance.DhtKnowsNobody _ -> "dht-knows-nobody";
            case Hindrance.Connecting _ -> "connecting";
            case Hindrance.PeersUnreachable _ -> "peers-unreachable";
            case Hindrance.PeersGone _ -> "peers-gone";
            case Hindrance.ShutOutByFilter _ -> "shut-out-by-filter";
            case Hindrance.Banned _ -> "banned";
            case Hindrance.TooManyConnections _ -> "too-many-connections";
            case Hindrance.AllChoke _ -> "all-choke";
            case Hindrance.PeersSilent _ -> "peers-silent";
            case Hindrance.NobodyHas _ -> "nobody-has";
            case Hindrance.RateLimited _ -> "rate-limited";
            case Hindrance.MemorySpent _ -> "memory-spent";
        };
    }
}
