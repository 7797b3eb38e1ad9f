package dev.spate.cli;

import dev.spate.cli.view.Progress;
import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Choking;
import dev.spate.core.choke.Trading;
import dev.spate.core.rate.RateLimits;
import dev.spate.engine.AddOptions;
import dev.spate.engine.IpBlockList;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Version;
import dev.spate.engine.dht.Dht;
import dev.spate.io.http.HttpSettings;
import dev.spate.io.lane.LocalAddresses;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of all commands that take part in a swarm.
 *
 * <p>Whoever downloads, names peers and wants no tracker deals with those peers alone. Whoever seeds so only announces to no tracker: he
 * wants to be found.
 */
final class NetworkOptions {

    /** What a command is in a swarm for. */
    enum Part {
        DOWNLOAD,
        SEED
    }

    @Option(
            names = "--listen",
            paramLabel = "ADDR:PORT",
            description =
                    "Where peers reach us; port 0 takes a free one; may be repeated. Without it: every address, a free port; nowhere with "
                            + "--proxy.")
    private List<HostPort> listen = new ArrayList<>();

    @Option(
            names = "--peer",
            paramLabel = "HOST:PORT",
            description =
                    "A peer to connect to; may be repeated. Whoever downloads with --no-tracker as well deals with these peers alone,"
                            + " unless --dht-node or --lsd is given.")
    private List<HostPort> peers = new ArrayList<>();

    @Option(names = "--no-tracker", description = "Announce to no tracker.")
    private boolean noTracker;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Peers at a time, of all torrents and of each. Without it: 500, and 80 of each.")
    private @Nullable Integer maxConnections;

    @Option(
            names = "--limit-down",
            paramLabel = "RATE",
            converter = ByteRate.class,
            description = "The most to receive from peers a second, such as 2M or 16Mbit. Without it: no limit.")
    private @Nullable Long limitDown;

    @Option(
            names = "--limit-up",
            paramLabel = "RATE",
            converter = ByteRate.class,
            description = "The most to send to peers a second, such as 500K. Without it: no limit.")
    private @Nullable Long limitUp;

    @Option(
            names = "--trading",
            paramLabel = "RULE",
            converter = ChokingNames.TradingConverter.class,
            description =
                    "To whom to give while something is missing: tit-for-tat (BEP 3, without it), bittyrant (to each as little as makes it "
                            + "give) or propshare (to each its part of what it gave).")
    private Trading trading = Trading.TIT_FOR_TAT;

    @Option(
            names = "--seeding",
            paramLabel = "ORDER",
            converter = ChokingNames.SeedingConverter.class,
            description =
                    "To whom to give once nothing is missing: round-robin (each in its turn, without it), fastest-upload or anti-leech (to "
                            + "those who have just begun or are almost complete).")
    private ChokeStrategy seeding = ChokeStrategy.ROUND_ROBIN;

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description =
                    "socks5://[USER:PASSWORD@]HOST:PORT or http://HOST:PORT. Everything goes through it, and what cannot "
                            + "is not done: UDP trackers need SOCKS5, and nobody can connect to us without --listen.")
    private @Nullable URI proxy;

    @Option(
            names = "--bind",
            paramLabel = "INTERFACE|ADDR",
            description =
                    "Use no other way than this network interface or local address, for peers and trackers; while it is "
                            + "gone nothing is sent.")
    private @Nullable String bind;

    @Option(
            names = "--map-port",
            description =
                    "Ask the network's gateway to let peers through to us (PCP, NAT-PMP, UPnP); not with --proxy.")
    private boolean mapPort;

    @Option(names = "--no-dht", description = "Take no part in the DHT.")
    private boolean noDht;

    @Option(
            names = "--dht-node",
            paramLabel = "HOST:PORT",
            description =
                    "A node of the DHT to begin with, instead of the well-known ones; may be repeated. Not with --proxy, "
                            + "which the DHT would go around.")
    private List<HostPort> dhtNodes = new ArrayList<>();

    @Option(
            names = "--lsd",
            negatable = true,
            description =
                    "Tell neighbours in the local network of torrents that are not private, and hear theirs. Without it: yes, unless "
                            + "--proxy is given or --listen names loopback addresses only.")
    private @Nullable Boolean lsd;

    @Option(
            names = "--ip-filter",
            paramLabel = "FILE",
            description =
                    "Addresses to have nothing to do with: eMule's ipfilter.dat, PeerGuardian text (P2P) or CIDR, "
                            + "plain or packed with gzip.")
    private @Nullable Path ipFilter;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where progress is remembered. Without it: $XDG_STATE_HOME/spate or ~/.local/state/spate.")
    private @Nullable Path state;

    boolean noTracker() {
        return noTracker;
    }

    boolean hasPeers() {
        return !peers.isEmpty();
    }

    /** Whether one that downloads deals with the peers that are named alone: no tracker, DHT, neighbours and peer exchange. */
    boolean isExclusive(Part part) {
        return part == Part.DOWNLOAD
                && noTracker
                && !peers.isEmpty()
                && dhtNodes.isEmpty()
                && !Boolean.TRUE.equals(lsd);
    }

    /** How a torrent is fetched. */
    HttpSettings http() throws CommandFailure {
        HttpSettings settings = HttpSettings.direct(Version.USER_AGENT).withProxy(proxy());
        if (bind == null) {
            return settings;
        }
        try {
            return settings.withEnds(LocalEnds.only(LocalAddresses.of(bind)));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), "Check its name, and whether it is up.");
        }
    }

    private ProxySettings proxy() throws CommandFailure {
        if (proxy == null) {
            return new ProxySettings.Direct();
        }
        try {
            return ProxySettings.of(proxy);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "");
        }
    }

    /** A session as the user wants it; what is to be said about its beginning is said to {@code progress}. */
    Session open(Part part, Progress progress) throws CommandFailure {
        return open(settings(part), progress);
    }

    /** The same, which remembers nothing. */
    Session openPassing(Part part, Progress progress) throws CommandFailure {
        return open(passing(part), progress);
    }

    private Session open(SessionSettings settings, Progress progress) throws CommandFailure {
        RateLimits limits = new RateLimits(rate(limitDown), rate(limitUp));
        IpBlockList filter = ipFilter == null ? IpBlockList.none() : IpBlockList.read(ipFilter);
        Session session = Session.open(settings);
        session.setIpFilter(filter);
        session.setLimits(limits);
        session.rules().setChoking(new Choking(trading, seeding));
        if (ipFilter != null) {
            progress.say(describe(filter));
        }
        return session;
    }

    private static String describe(IpBlockList filter) {
        String ranges = "IP filter: " + filter.ranges() + " ranges";
        if (filter.badLines() == 0) {
            return ranges;
        }
        return ranges + "; " + filter.badLines() + " of its " + filter.lines()
                + " lines make no sense and are passed over ("
                + TorrentFacts.plain(String.join("; ", filter.firstBadLines()))
                + (filter.badLines() > filter.firstBadLines().size() ? "; ..." : "") + ")";
    }

    /** The settings of a session as the user wants it. */
    SessionSettings settings(Part part) throws CommandFailure {
        return choices(part)
                .stateFolder(state != null ? state : StateFolder.of(System.getenv(), System.getProperty("user.home")))
                .build();
    }

    /** The settings of a session that is only tried, and remembers nothing. */
    SessionSettings passing(Part part) throws CommandFailure {
        return choices(part).build();
    }

    private SessionSettings.Builder choices(Part part) throws CommandFailure {
        proxy();
        SessionSettings.Builder settings = SessionSettings.builder();
        if (!listen.isEmpty()) {
            List<InetSocketAddress> places = new ArrayList<>();
            for (HostPort place : listen) {
                places.add(Addresses.resolve(place));
            }
            settings.listen(places.toArray(InetSocketAddress[]::new));
        }
        if (bind != null) {
            settings.bind(bind);
        }
        if (mapPort && proxy != null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--map-port would go around the proxy", "Give one of --map-port and --proxy.");
        }
        settings.portMapping(mapPort);
        if (proxy != null) {
            settings.proxy(proxy);
        }
        Optional<List<HostPort>> nodes = dhtNodes();
        boolean neighbours = localDiscovery();
        if (!isExclusive(part)) {
            nodes.ifPresent(settings::dht);
            settings.localDiscovery(neighbours);
        }
        if (maxConnections != null) {
            if (maxConnections < 1) {
                throw new CommandFailure(
                        ExitCode.USAGE, "not a number of connections: " + maxConnections, "Write 1 or more.");
            }
            settings.maxConnections(maxConnections, maxConnections);
        }
        return settings;
    }

    /** The nodes to begin with; empty if no part is taken. */
    private Optional<List<HostPort>> dhtNodes() throws CommandFailure {
        if (!dhtNodes.isEmpty() && (noDht || proxy != null)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--dht-node is of no use with " + (noDht ? "--no-dht" : "--proxy, which the DHT would go around"),
                    "Give only one of them.");
        }
        if (noDht || proxy != null) {
            return Optional.empty();
        }
        if (!dhtNodes.isEmpty()) {
            return Optional.of(dhtNodes);
        }
        return Optional.of(isAlone() ? List.of() : Dht.ROUTERS);
    }

    private boolean localDiscovery() throws CommandFailure {
        if (lsd == null) {
            return proxy == null && !isAlone();
        }
        if (lsd && proxy != null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--lsd would go around the proxy", "Give one of --lsd and --proxy.");
        }
        return lsd;
    }

    /** Who listens at this machine alone can reach nobody else. */
    private boolean isAlone() {
        return !listen.isEmpty() && listen.stream().allMatch(Addresses::isLoopback);
    }

    private static long rate(@Nullable Long bytesPerSecond) throws CommandFailure {
        if (bytesPerSecond == null) {
            return RateLimits.NO_LIMIT;
        }
        if (bytesPerSecond < 1 || bytesPerSecond > RateLimits.MOST) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "not a limit: " + bytesPerSecond + " bytes a second",
                    "Write 1 or more; to have no limit, leave the option out.");
        }
        return bytesPerSecond;
    }

    /** The addresses of the peers that are named. */
    List<PeerAddress> peers() throws CommandFailure {
        List<PeerAddress> addresses = new ArrayList<>();
        for (HostPort peer : peers) {
            if (!mayBeLookedUp(peer)) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "the peer " + peer + " is given by name, which would be looked up around the proxy",
                        "Give its IP address.");
            }
            addresses.add(Addresses.peer(peer));
        }
        return addresses;
    }

    /** Whether its name, if it is one, may be asked of the system's resolver. */
    boolean mayBeLookedUp(HostPort peer) {
        return proxy == null || Addresses.isNumeric(peer);
    }

    /** What is asked of each torrent, over {@code options}. */
    AddOptions applyTo(AddOptions options, Part part) throws CommandFailure {
        List<PeerAddress> addresses = peers();
        if (isExclusive(part)) {
            return options.onlyWith(addresses);
        }
        AddOptions result = options.withPeers(addresses);
        return noTracker ? result.withoutTrackers() : result;
    }

    /** As people and other programs are told where a session listens; an address for all is shown as this machine's. */
    static String shown(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
    }
}
