package dev.spate.engine.shell;

import dev.spate.core.announce.Route;
import dev.spate.io.http.HttpFailure;
import dev.spate.io.http.HttpGet;
import dev.spate.io.http.HttpLimits;
import dev.spate.io.http.HttpSettings;
import dev.spate.io.lane.Lane;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.io.work.Chores;
import dev.spate.io.work.Outcome;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.tracker.AnnounceOutcome;
import dev.spate.wire.tracker.AnnounceRequest;
import dev.spate.wire.tracker.HttpAnnounce;
import dev.spate.wire.tracker.HttpScrape;
import dev.spate.wire.tracker.ScrapeOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Asks trackers, over HTTP and UDP. Safe for use by any thread; no call waits.
 *
 * <p>With a proxy all requests go through it, and it looks the names up. An HTTP proxy carries no UDP, so UDP trackers are refused
 * then: nothing ever goes around the proxy.
 */
public final class TrackerClient implements AutoCloseable {

    /** HTTP requests and name look-ups at once. */
    private static final int AT_ONCE = 64;

    /** 1 MiB holds the answer for more peers than anybody asks for; a minute is what slow trackers need. */
    private static final HttpLimits LIMITS = new HttpLimits(1 << 20, 3, Duration.ofSeconds(60));

    private final Chores chores = new Chores("spate-trackers", AT_ONCE);
    private final HttpGet http;
    private final UdpTrackers udp;
    private final boolean udpIsRefused;

    /**
     * Asks nobody yet.
     *
     * @param lane of the UDP socket
     * @param way how requests leave this machine; nothing goes around its proxy
     */
    public TrackerClient(Lane lane, WayOut way, String userAgent) {
        this.http = new HttpGet(
                HttpSettings.direct(userAgent).withProxy(way.proxy()).withEnds(way.ends()));
        this.udpIsRefused = way.proxy() instanceof ProxySettings.Http;
        this.udp = new UdpTrackers(lane, chores, way);
    }

    /**
     * Announces.
     *
     * @param reply called once, on {@code on}
     * @throws RejectedExecutionException if too many requests wait or this is closed; {@code reply} is not called then
     */
    public void announce(
            String url,
            Route route,
            AnnounceRequest request,
            Executor on,
            Consumer<TrackerReply<AnnounceOutcome>> reply) {
        switch (scheme(url)) {
            case "http", "https" ->
                submit(() -> decode(HttpAnnounce.decodeAnswer(get(HttpAnnounce.url(url, request), route))), on, reply);
            case "udp" -> {
                if (udpIsRefused) {
                    refuse(on, reply);
                } else {
                    udp.announce(url, route, request, on, reply);
                }
            }
            default -> unknown(url, on, reply);
        }
    }

    /**
     * Asks for the counts of swarms.
     *
     * @param infoHashes 1 to 64, of 20 bytes each
     * @param reply called once, on {@code on}
     * @throws RejectedExecutionException if too many requests wait or this is closed; {@code reply} is not called then
     */
    public void scrape(String url, List<Digest> infoHashes, Executor on, Consumer<TrackerReply<ScrapeOutcome>> reply) {
        switch (scheme(url)) {
            case "http", "https" -> {
                Optional<String> scrapeUrl = HttpScrape.url(url, infoHashes);
                if (scrapeUrl.isPresent()) {
                    submit(() -> decode(HttpScrape.decodeAnswer(get(scrapeUrl.get(), Route.ANY))), on, reply);
                } else {
                    on.execute(() -> reply.accept(new TrackerReply.Failed<>(
                            "this tracker cannot be scraped: its path does not end in \"announce\" (BEP 48)")));
                }
            }
            case "udp" -> {
                if (udpIsRefused) {
                    refuse(on, reply);
                } else {
                    udp.scrape(url, infoHashes, on, reply);
                }
            }
            default -> unknown(url, on, reply);
        }
    }

    /** Gives up what is under way over local addresses; it is tried again over those that there are now. */
    public void localEndsChanged() {
        http.cancelRunning();
        udp.localEndsChanged();
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        http.close();
        udp.close();
        chores.close();
    }

    private static String scheme(String url) {
        int colon = url.indexOf(':');
        return colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
    }

    private static <T> void refuse(Executor on, Consumer<TrackerReply<T>> reply) {
        on.execute(() -> reply.accept(new TrackerReply.Failed<>(
                "a UDP tracker cannot be reached through an HTTP proxy, and is not asked around it")));
    }

    private static <T> void unknown(String url, Executor on, Consumer<TrackerReply<T>> reply) {
        on.execute(() -> reply.accept(new TrackerReply.Failed<>("trackers are asked over http, https and udp, not "
                + (scheme(url).isEmpty() ? url : scheme(url)))));
    }

    private byte[] get(String url, Route route) throws HttpFailure {
        // Trackers say why they refuse in the body, whatever the status.
        return http.get(url, LIMITS, family(route)).body();
    }

    private static dev.spate.io.http.AddressFamily family(Route route) {
        return switch (route) {
            case ANY -> dev.spate.io.http.AddressFamily.ANY;
            case IPV4 -> dev.spate.io.http.AddressFamily.IPV4;
            case IPV6 -> dev.spate.io.http.AddressFamily.IPV6;
        };
    }

    private static <T> TrackerReply<T> decode(Decoding<T> decoding) {
        return switch (decoding) {
            case Decoding.Decoded<T>(var value) -> new TrackerReply.Answered<>(value);
            case Decoding.NeedMore<T> cut -> new TrackerReply.Failed<>("the answer ends early");
            case Decoding.Malformed<T> malformed ->
                new TrackerReply.Failed<>("the answer cannot be understood: " + malformed);
        };
    }

    private <T> void submit(Callable<TrackerReply<T>> request, Executor on, Consumer<TrackerReply<T>> reply) {
        chores.<TrackerReply<T>>submit(
                request,
                on,
                outcome -> reply.accept(
                        switch (outcome) {
                            case Outcome.Done<TrackerReply<T>>(var answer) -> answer;
                            case Outcome.Failed<TrackerReply<T>>(HttpFailure failure)
                            when failure.reason() == HttpFailure.Reason.NO_SUCH_FAMILY ->
                                new TrackerReply.NoRoute<>(reason(failure));
                            case Outcome.Failed<TrackerReply<T>>(var cause) -> new TrackerReply.Failed<>(reason(cause));
                        }));
    }

    static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
