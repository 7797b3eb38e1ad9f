package dev.spate.engine.shell;

import dev.spate.core.announce.Route;
import dev.spate.core.announce.UdpExchange;
import dev.spate.core.announce.UdpOutcome;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.memory.DirectMemory;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.io.proxy.Socks5Relay;
import dev.spate.io.work.Chores;
import dev.spate.io.work.Outcome;
import dev.spate.wire.Digest;
import dev.spate.wire.tracker.AddressFamily;
import dev.spate.wire.tracker.AnnounceOutcome;
import dev.spate.wire.tracker.AnnounceRequest;
import dev.spate.wire.tracker.ScrapeOutcome;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Asks UDP trackers: one way for datagrams, and one {@link UdpExchange} for each address that is being asked or was lately
 * (each name, where a proxy looks names up). Its methods may be
 * called by any thread; everything else happens on its lane.
 */
final class UdpTrackers implements Socks5Relay.Handler, AutoCloseable {

    /** The largest datagram that BEP 15 knows from our side: a scrape of 74 swarms. */
    private static final int MAX_DATAGRAM = 1500;

    /** A tracker that has said nothing for 15 + 30 seconds is asked elsewhere; the announcer comes back to it. */
    private static final int TRIES = 2;

    /** Exchanges kept for the sake of their connection ids. */
    private static final int MAX_IDLE = 256;

    /** RFC 1035, section 2.3.4. */
    private static final int MAX_NAME = 255;

    private final Lane lane;
    private final Chores chores;
    private final LaneTimer timer;
    private final ByteBuffer datagram = DirectMemory.allocate(MAX_DATAGRAM);
    private final Map<InetSocketAddress, Asked> asked = new LinkedHashMap<>();
    private final WayOut way;
    private @Nullable Datagrams datagrams;
    private boolean closed;

    /** An exchange and who waits for what, by number. */
    private static final class Asked {
        private final UdpExchange exchange;
        private final Map<Integer, Waiter> waiting = new HashMap<>();

        Asked(UdpExchange exchange) {
            this.exchange = exchange;
        }
    }

    /** Whoever asked: takes the outcome, or hears why there is none. */
    private record Waiter(Replies<?> replies, Consumer<UdpOutcome> outcome) {}

    UdpTrackers(Lane lane, Chores chores, WayOut way) {
        this.lane = lane;
        this.chores = chores;
        this.way = way;
        this.timer = lane.timer(this::timeout);
    }

    void announce(
            String url,
            Route route,
            AnnounceRequest request,
            Executor on,
            Consumer<TrackerReply<AnnounceOutcome>> reply) {
        Replies<AnnounceOutcome> replies = new Replies<>(on, reply);
        ask(url, route, replies, exchange -> exchange.announce(request, url, lane.now()), outcome -> {
            if (outcome instanceof UdpOutcome.Announced(var number, var answer)) {
                replies.answered(answer);
            } else {
                replies.silent();
            }
        });
    }

    void scrape(String url, List<Digest> infoHashes, Executor on, Consumer<TrackerReply<ScrapeOutcome>> reply) {
        Replies<ScrapeOutcome> replies = new Replies<>(on, reply);
        ask(url, Route.ANY, replies, exchange -> exchange.scrape(infoHashes, lane.now()), outcome -> {
            if (outcome instanceof UdpOutcome.Scraped(var number, var answer)) {
                replies.answered(answer);
            } else {
                replies.silent();
            }
        });
    }

    /** Whoever still waits is told that the session ends. */
    @Override
    public void close() {
        onLane(() -> {
            closed = true;
            timer.cancel();
            if (datagrams != null) {
                datagrams.close();
            }
            failAll("the tracker does not answer");
        });
    }

    /** The tracker's host has addresses, but none of the wanted kind. */
    private static final class NoRouteException extends IOException {
        private static final long serialVersionUID = 1;

        NoRouteException(String message) {
            super(message);
        }
    }

    /** Hands a reply over, once. */
    private record Replies<T>(Executor on, Consumer<TrackerReply<T>> to) {
        void answered(T answer) {
            give(new TrackerReply.Answered<>(answer));
        }

        void silent() {
            failed("the tracker does not answer");
        }

        void noRoute(NoRouteException none) {
            give(new TrackerReply.NoRoute<>(TrackerClient.reason(none)));
        }

        void failed(String reason) {
            give(new TrackerReply.Failed<>(reason));
        }

        private void give(TrackerReply<T> reply) {
            try {
                on.execute(() -> to.accept(reply));
            } catch (RejectedExecutionException e) {
                // Whoever asked has gone with its lane.
                return;
            }
        }
    }

    private void ask(
            String url,
            Route route,
            Replies<?> replies,
            ToIntFunction<UdpExchange> request,
            Consumer<UdpOutcome> waiter) {
        chores.<InetSocketAddress>submit(() -> resolve(url, route), this::onLane, outcome -> {
            switch (outcome) {
                case Outcome.Done<InetSocketAddress>(var address) -> send(address, replies, request, waiter);
                case Outcome.Failed<InetSocketAddress>(NoRouteException none) -> replies.noRoute(none);
                case Outcome.Failed<InetSocketAddress>(var cause) -> replies.failed(TrackerClient.reason(cause));
            }
        });
    }

    private void onLane(Runnable task) {
        try {
            lane.execute(task);
        } catch (RejectedExecutionException e) {
            assert closed || !lane.isCurrent() : e;
        }
    }

    /** On a virtual thread. */
    private InetSocketAddress resolve(String url, Route route) throws IOException {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IOException("this is not a URL: " + url, e);
        }
        if (uri.getHost() == null || uri.getPort() < 1) {
            throw new IOException("a UDP tracker is written udp://host:port, not " + url);
        }
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        if (!(way.proxy() instanceof ProxySettings.Direct) && !isLiteral(host)) {
            if (host.length() > MAX_NAME) {
                throw new IOException("a host's name has at most " + MAX_NAME + " characters");
            }
            if (route == Route.IPV6) {
                throw new NoRouteException("the proxy looks the name up, and is asked for it once");
            }
            return InetSocketAddress.createUnresolved(host, uri.getPort());
        }
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (route == Route.ANY || (route == Route.IPV4) == (address instanceof Inet4Address)) {
                return new InetSocketAddress(address, uri.getPort());
            }
        }
        throw new NoRouteException(host + " has no " + (route == Route.IPV4 ? "IPv4" : "IPv6") + " address");
    }

    private static boolean isLiteral(String host) {
        try {
            return InetAddress.ofLiteral(host).getAddress().length > 0;
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private void send(
            InetSocketAddress to, Replies<?> replies, ToIntFunction<UdpExchange> request, Consumer<UdpOutcome> waiter) {
        if (closed || !open(replies)) {
            return;
        }
        Asked one = asked.computeIfAbsent(to, any -> newAsked());
        one.waiting.put(request.applyAsInt(one.exchange), new Waiter(replies, waiter));
        settle(to, one);
        forgetIdle();
        setTimer();
    }

    private static Asked newAsked() {
        return new Asked(new UdpExchange(TRIES, new SplittableRandom(new SecureRandom().nextLong())));
    }

    private boolean open(Replies<?> replies) {
        IOException trouble = open();
        if (trouble != null) {
            replies.failed("no UDP socket can be opened: " + TrackerClient.reason(trouble));
        }
        return trouble == null;
    }

    /** Null if there is a way now; else why there is none. */
    private @Nullable IOException open() {
        if (datagrams == null) {
            try {
                datagrams = Datagrams.open(lane, way, this);
            } catch (IOException e) {
                return e;
            }
        }
        return null;
    }

    /** The sockets are closed at once; what is not answered is sent again over new ones. */
    void localEndsChanged() {
        onLane(() -> {
            if (datagrams != null) {
                datagrams.close();
                datagrams = null;
            }
        });
    }

    @Override
    public void received(InetSocketAddress from, ByteBuffer bytes) {
        Asked known = asked.get(from);
        if (known != null) {
            received(from, known, from, bytes);
        } else if (datagrams != null && datagrams.takesNames()) {
            // The proxy tells an address where we told a name. Whose it is shows by the transaction, which strangers
            // cannot guess.
            asked.forEach((name, one) -> {
                if (name.isUnresolved() && name.getPort() == from.getPort()) {
                    received(name, one, from, bytes);
                }
            });
        }
        setTimer();
    }

    private void received(InetSocketAddress to, Asked one, InetSocketAddress from, ByteBuffer bytes) {
        AddressFamily family = from.isUnresolved() ? AddressFamily.IPV4 : AddressFamily.of(from.getAddress());
        one.exchange.received(bytes, family, lane.now());
        settle(to, one);
    }

    @Override
    public void lost(IOException cause) {
        datagrams = null;
        failAll(TrackerClient.reason(cause));
    }

    private void failAll(String reason) {
        List<Asked> all = List.copyOf(asked.values());
        asked.clear();
        timer.cancel();
        all.forEach(one -> one.waiting.values().forEach(waiter -> waiter.replies.failed(reason)));
    }

    private void timeout() {
        asked.forEach((address, one) -> {
            one.exchange.timeout(lane.now());
            settle(address, one);
        });
        setTimer();
    }

    /** Sends what is to be sent and tells what came out. */
    private void settle(InetSocketAddress to, Asked one) {
        datagram.clear();
        while (one.exchange.poll(datagram)) {
            // Without a way it is like one that gets lost.
            if (open() == null && datagrams != null) {
                datagrams.send(datagram.flip(), to);
            }
            datagram.clear();
        }
        for (UdpOutcome outcome = one.exchange.pollOutcome(); outcome != null; outcome = one.exchange.pollOutcome()) {
            Waiter waiter = one.waiting.remove(outcome.request());
            if (waiter != null) {
                waiter.outcome.accept(outcome);
            }
        }
    }

    private void forgetIdle() {
        if (asked.size() > MAX_IDLE) {
            asked.values().removeIf(one -> one.exchange.isIdle());
        }
    }

    private void setTimer() {
        long earliest = Long.MAX_VALUE;
        for (Asked one : asked.values()) {
            earliest = Math.min(earliest, one.exchange.deadline());
        }
        if (earliest == Long.MAX_VALUE) {
            timer.cancel();
        } else {
            timer.set(earliest);
        }
    }
}
