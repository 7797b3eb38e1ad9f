package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.wire.Digest;
import dev.spate.wire.InfoHash;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.tracker.HttpScrape;
import dev.spate.wire.tracker.ScrapeAnswer;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spate scrape}: asks trackers how many peers a swarm has. */
@Command(
        name = "scrape",
        mixinStandardHelpOptions = true,
        description = {
            "Asks trackers for the number of seeds, leeches and downloads, without joining the swarm.",
            "For a torrent all of its trackers are asked; a tracker's URL (udp://..., http://.../announce) is asked about the "
                    + "torrents and info-hashes that are given with it."
        })
final class ScrapeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "TORRENT|URL", description = "Torrents, and URLs of trackers.")
    private List<String> sources;

    @Option(names = "--info-hash", paramLabel = "HEX", description = "A swarm to ask about; may be repeated.")
    private List<Digest> infoHashes = new ArrayList<>();

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description = "socks5://HOST:PORT or http://HOST:PORT; UDP trackers are not asked then.")
    private @Nullable URI proxy;

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    /** What is asked of one tracker: names by info-hash. */
    private final SequencedMap<String, SequencedMap<Digest, String>> questions = new LinkedHashMap<>();

    @Override
    public Integer call() throws CommandFailure {
        collectQuestions();
        SessionSettings.Builder settings = SessionSettings.builder().listen();
        if (proxy != null) {
            settings.proxy(proxy);
        }
        ExitCode worst = ExitCode.OK;
        try (Session session = open(settings)) {
            List<Asked> asked = new ArrayList<>();
            questions.forEach((url, swarms) -> ask(session, url, swarms, asked));
            for (Asked question : asked) {
                worst = print(question) ? worst : ExitCode.TRACKER_FAILED;
            }
        }
        spec.commandLine().getOut().flush();
        return worst.number();
    }

    private static Session open(SessionSettings.Builder settings) throws CommandFailure {
        try {
            return Session.open(settings.build());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "");
        }
    }

    private void collectQuestions() throws CommandFailure {
        SequencedMap<Digest, String> swarms = new LinkedHashMap<>();
        infoHashes.forEach(hash -> swarms.put(hash.truncated(), hash.toString()));
        List<String> trackers = new ArrayList<>();
        for (String source : sources) {
            if (isTracker(source)) {
                trackers.add(source);
                continue;
            }
            Metainfo metainfo = TorrentSource.read(source);
            Digest hash = metainfo.infoHash().onTheWire();
            swarms.put(hash, metainfo.name());
            if (metainfo.trackers().isEmpty() && sources.stream().noneMatch(ScrapeCommand::isTracker)) {
                throw new CommandFailure(
                        ExitCode.NO_PEERS,
                        TorrentFacts.plain(metainfo.name()) + " has no tracker",
                        "Give the URL of one, too.");
            }
            metainfo.trackers().stream()
                    .flatMap(List::stream)
                    .forEach(url -> questions
                            .computeIfAbsent(url, any -> new LinkedHashMap<>())
                            .put(hash, metainfo.name()));
        }
        if (swarms.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "a tracker is asked about a swarm", "Give a torrent, too, or an --info-hash.");
        }
        for (String url : trackers) {
            questions.computeIfAbsent(url, any -> new LinkedHashMap<>()).putAll(swarms);
        }
    }

    /** The URL of a torrent file is one, too, but does not say announce. */
    private static boolean isTracker(String source) {
        String lower = source.toLowerCase(Locale.ROOT);
        return lower.startsWith("udp://") || (TorrentSource.isUrl(source) && lower.contains("announce"));
    }

    private record Asked(
            String url,
            SequencedMap<Digest, String> swarms,
            CompletableFuture<? extends Map<Digest, ScrapeAnswer>> answer) {}

    private static void ask(Session session, String url, SequencedMap<Digest, String> swarms, List<Asked> asked) {
        SequencedMap<Digest, String> some = new LinkedHashMap<>();
        swarms.forEach((hash, name) -> {
            some.put(hash, name);
            if (some.size() == HttpScrape.MAX_SWARMS) {
                asked.add(ask(session, url, new LinkedHashMap<>(some)));
                some.clear();
            }
        });
        if (!some.isEmpty()) {
            asked.add(ask(session, url, some));
        }
    }

    private static Asked ask(Session session, String url, SequencedMap<Digest, String> swarms) {
        return new Asked(
                url,
                swarms,
                session.scrape(
                        url,
                        swarms.sequencedKeySet().stream().map(InfoHash::ofV1).toList()));
    }

    /** Says whether the tracker answered. */
    private boolean print(Asked asked) throws CommandFailure {
        PrintWriter out = spec.commandLine().getOut();
        Map<Digest, ScrapeAnswer> counts;
        try {
            counts = asked.answer().get();
        } catch (ExecutionException e) {
            CommandFailure failure = Failures.explain(e)
                    .orElseThrow(() -> new IllegalStateException("no answer from " + asked.url(), e));
            if (json) {
                out.println(new Json().put("tracker", asked.url()).put("error", failure.problem()));
            } else {
                failure.print(spec.commandLine().getErr());
            }
            return false;
        } catch (InterruptedException e) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
        }
        asked.swarms().forEach((hash, name) -> {
            ScrapeAnswer answer = counts.getOrDefault(hash, ScrapeAnswer.UNKNOWN);
            if (json) {
                out.println(new Json()
                        .put("tracker", asked.url())
                        .put("infoHash", hash)
                        .put("name", name)
                        .put("known", counts.containsKey(hash))
                        .put("seeds", Optional.ofNullable(answer.seeds()))
                        .put("leeches", Optional.ofNullable(answer.leeches()))
                        .put("downloads", Optional.ofNullable(answer.downloads())));
            } else {
                out.println(TorrentFacts.plain(name) + " at " + TorrentFacts.plain(asked.url()) + ": "
                        + (counts.containsKey(hash) ? told(answer) : "not known to the tracker"));
            }
        });
        return true;
    }

    private static String told(ScrapeAnswer answer) {
        return count(answer.seeds()) + " seeds, " + count(answer.leeches()) + " leeches, " + count(answer.downloads())
                + " downloads";
    }

    private static String count(@Nullable Integer number) {
        return number == null ? "?" : number.toString();
    }
}
