package dev.spate.cli.view;

import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.core.swarm.PeerSource;
import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.wire.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A torrent's progress as text. Pure. */
final class ProgressText {

    private static final int MAX_NAME = 80;

    private ProgressText() {}

    /** A sentence: {@code film.mkv: getting 43.2 %, 12.3 MiB/s down, 5 peers, 12.0 s left}. */
    static String line(Look look) {
        TorrentStats stats = look.stats();
        List<String> parts = new ArrayList<>();
        parts.add(name(look) + ": " + look.doing() + percent(look));
        if (stats.downloadRate() > 0) {
            parts.add(Quantities.rate(stats.downloadRate()) + " down");
        }
        if (stats.uploadRate() > 0) {
            parts.add(Quantities.rate(stats.uploadRate()) + " up");
        }
        if (isActive(look)) {
            parts.add(peers(look));
        }
        if (look.stats().state() == TorrentState.FETCHING_METADATA
                && look.dhtNodes().isPresent()) {
            parts.add(count(look.dhtNodes().getAsInt(), "DHT node"));
        }
        look.timeLeft().ifPresent(left -> parts.add(Quantities.duration(left) + " left"));
        if (!look.remark().isEmpty()) {
            parts.add(look.remark());
        }
        return String.join(", ", parts);
    }

    /** {@code 5 peers (3 tracker, 2 DHT)}. */
    private static String peers(Look look) {
        String count = count(look.stats().peers(), "peer");
        if (look.sources().isEmpty()) {
            return count;
        }
        return count
                + look.sources().entrySet().stream()
                        .map(each -> each.getValue() + " " + word(each.getKey()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private static String word(PeerSource source) {
        return switch (source) {
            case USER -> "named";
            case TRACKER -> "tracker";
            case INCOMING -> "incoming";
            case RESUME -> "remembered";
            case DHT -> "DHT";
            case PEX -> "by peers";
            case LSD -> "nearby";
        };
    }

    /** Empty while nobody knows of what. */
    private static String percent(Look look) {
        return look.stats().state() == TorrentState.FETCHING_METADATA
                ? ""
                : " " + Quantities.percent(look.done(), look.whole());
    }

    /** The figures beside a bar: {@code  43.2 %  down 12.3 MiB/s  up 0 B/s  5 peers  12.0 s left}. */
    static String figures(Look look) {
        TorrentStats stats = look.stats();
        StringBuilder text = new StringBuilder();
        text.append(
                look.stats().state() == TorrentState.FETCHING_METADATA
                        ? look.doing()
                        : String.format("%6s", Quantities.percent(look.done(), look.whole())));
        if (isActive(look)) {
            text.append("  down ").append(Quantities.rate(stats.downloadRate()));
            text.append("  up ").append(Quantities.rate(stats.uploadRate()));
            text.append("  ").append(peers(look));
        } else {
            text.append("  ").append(look.doing());
        }
        look.timeLeft()
                .ifPresent(left ->
                        text.append("  ").append(Quantities.duration(left)).append(" left"));
        return text.toString();
    }

    /** One JSON object of type {@code progress}. */
    static Json json(Look look) {
        TorrentStats stats = look.stats();
        Json json = new Json()
                .put("type", "progress")
                .put("name", look.name())
                .put("state", stats.state().name().toLowerCase(Locale.ROOT))
                .put("totalSize", stats.totalBytes())
                .put("flushedBytes", stats.flushedBytes())
                .put("pieces", stats.pieces())
                .put("flushedPieces", stats.flushedPieces())
                .put("downloaded", stats.downloaded())
                .put("uploaded", stats.uploaded())
                .put("downloadRate", stats.downloadRate())
                .put("uploadRate", stats.uploadRate())
                .put("peers", stats.peers())
                .put("seeds", stats.seeds())
                .put("bannedPeers", stats.bannedPeers());
        Json sources = new Json();
        look.sources().forEach((source, count) -> sources.put(source.name().toLowerCase(Locale.ROOT), count));
        json.put("peersBySource", sources);
        look.dhtNodes().ifPresent(nodes -> json.put("dhtNodes", nodes));
        look.timeLeft().ifPresent(left -> json.put("secondsLeft", left.toSeconds()));
        if (!look.remark().isEmpty()) {
            json.put("remark", look.remark());
        }
        return json;
    }

    static String name(Look look) {
        return PlainText.of(look.name(), MAX_NAME);
    }

    private static boolean isActive(Look look) {
        return switch (look.stats().state()) {
            case FETCHING_METADATA, DOWNLOADING, SEEDING -> true;
            case CHECKING, MOVING, PAUSED, QUEUED, FAILED, REMOVED -> false;
        };
    }
}
