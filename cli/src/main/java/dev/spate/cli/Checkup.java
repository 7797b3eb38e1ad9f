package dev.spate.cli;

import dev.spate.cli.text.Quantities;
import dev.spate.engine.PortMappingStats;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.io.proxy.BlockingHandshake;
import dev.spate.io.proxy.ProxyHandshake;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.io.proxy.Socks5Handshake;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at what Spate needs of this machine, thing by thing. Opens sockets and makes a file that it deletes; changes nothing else. */
final class Checkup {

    /** Below this a download of today's sizes is likely to fill the disk. */
    private static final long LITTLE_SPACE = 1L << 30;

    /** Open files of a session (256) and what the Java machine has open itself. */
    private static final int OTHER_DESCRIPTORS = 300;

    /** A clock before this is wrong: this version did not exist. Certificates of trackers seem invalid then. */
    private static final Instant NOT_BEFORE = Instant.parse("2025-06-01T00:00:00Z");

    private static final Duration MAPPING_LIMIT = Duration.ofSeconds(12);
    private static final int PROXY_MILLIS = 5_000;
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+) .*");

    private Checkup() {}

    static Finding java() {
        return Finding.good(
                "java",
                Runtime.version() + " of " + System.getProperty("java.vendor") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors, "
                        + Quantities.bytes(Runtime.getRuntime().maxMemory()) + " of heap");
    }

    static Finding clock(Instant now) {
        return now.isBefore(NOT_BEFORE)
                ? Finding.warning(
                        "clock",
                        "it is " + now + " by this machine's clock, which cannot be",
                        "Set the clock; else https trackers cannot be trusted.")
                : Finding.good("clock", now.toString());
    }

    /** @param connections how many sockets there may be */
    static Finding descriptors(int connections) {
        try (var lines = Files.lines(LIMITS)) {
            return descriptors(lines.toList(), connections);
        } catch (IOException e) {
            return Finding.good("descriptors", "this system does not tell how many files and sockets may be open");
        }
    }

    static Finding descriptors(List<String> limits, int connections) {
        int needed = connections + OTHER_DESCRIPTORS;
        for (String line : limits) {
            Matcher found = OPEN_FILES.matcher(line);
            if (found.matches() && found.group(1).length() < 10) {
                int limit = Integer.parseInt(found.group(1));
                return limit < needed
                        ? Finding.warning(
                                "descriptors",
                                limit + " files and sockets may be open, " + needed + " are wished for",
                                "Run 'ulimit -n " + needed + "' before, or allow fewer connections.")
                        : Finding.good("descriptors", limit + " files and sockets may be open");
            }
        }
        return Finding.good("descriptors", "no limit on open files and sockets");
    }

    /** Whether a folder, or the one that it would be made in, has room and may be written. */
    static Finding folder(String subject, Path folder) {
        String shown = TorrentSource.shown(folder);
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            Files.deleteIfExists(Files.createTempFile(there, ".spate-doctor", ""));
            long space = Files.getFileStore(there).getUsableSpace();
            String text = shown + " may be written, " + Quantities.bytes(space) + " are free";
            return space < LITTLE_SPACE
                    ? Finding.warning(subject, text, "Make room, or choose a folder on another disk.")
                    : Finding.good(subject, text);
        } catch (IOException e) {
            return Finding.bad(
                    subject,
                    new CommandFailure(
                            ExitCode.NOT_PERMITTED,
                            "the folder " + shown + " may not be written",
                            "Change its permissions or choose another one."));
        }
    }

    /** Whether the proxy takes us, and whether it carries datagrams. */
    static Finding proxy(URI uri) {
        ProxySettings proxy = ProxySettings.of(uri);
        String name = uri.getHost() + ":" + uri.getPort();
        // NO_PROXY: otherwise the JDK's own proxy settings would take part.
        try (var socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), PROXY_MILLIS);
            socket.setSoTimeout(PROXY_MILLIS);
            if (!(proxy instanceof ProxySettings.Socks5 socks)) {
                return Finding.warning(
                        "proxy", name + " answers", "UDP trackers cannot be asked through an HTTP proxy, and are not.");
            }
            var handshake =
                    new Socks5Handshake(Socks5Handshake.Command.UDP_ASSOCIATE, "0.0.0.0", 0, socks.credentials());
            return switch (BlockingHandshake.speak(handshake, socket.getInputStream(), socket.getOutputStream())) {
                case ProxyHandshake.Step.Refused(var reason) ->
                    handshake.isLoggedIn()
                            ? Finding.warning(
                                    "proxy", name + " answers; " + reason, "UDP trackers will not be asked through it.")
                            : Finding.bad(
                                    "proxy",
                                    new CommandFailure(
                                            ExitCode.UNREACHABLE,
                                            reason,
                                            "Check its address, user name and password."));
                case ProxyHandshake.Step other -> Finding.good("proxy", name + " takes us, datagrams included");
            };
        } catch (IOException e) {
            return Finding.bad(
                    "proxy",
                    new CommandFailure(
                            ExitCode.UNREACHABLE,
                            "the proxy " + name + " cannot be reached: " + e.getMessage(),
                            "Start it, or check its address."));
        }
    }

    /** Whether a session can have its ports, and the gateway maps them if that is wished for. */
    static List<Finding> ports(Supplier<SessionSettings> settings) {
        boolean mapping = settings.get().portMapping();
        try (Session session = Session.open(settings.get())) {
            List<String> places = session.listenAddresses().stream()
                    .map(NetworkOptions::shown)
                    .toList();
            Finding listening = Finding.good(
                    "listening", places.isEmpty() ? "nobody can connect to us, as is wished for" : "free: " + places);
            return mapping ? List.of(listening, mapping(session)) : List.of(listening);
        } catch (RuntimeException e) {
            CommandFailure failure = Failures.explain(e).orElseThrow(() -> e);
            return List.of(Finding.bad("listening", failure));
        }
    }

    private static Finding mapping(Session session) {
        long end = System.nanoTime() + MAPPING_LIMIT.toNanos();
        while (session.portMappings().isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        Optional<PortMappingStats> found = session.portMappings().stream().findFirst();
        String remedy =
                "Switch UPnP or NAT-PMP on in the router, or forward the port by hand; without it fewer peers are found.";
        if (found.isEmpty()) {
            return Finding.warning("mapping", "no gateway answers", remedy);
        }
        PortMappingStats stats = found.get();
        return stats.isMapped()
                ? Finding.good(
                        "mapping",
                        "port " + stats.port() + " is reached at port " + stats.externalPort()
                                + stats.externalAddress()
                                        .map(address -> " of " + address.getHostAddress())
                                        .orElse("")
                                + " (" + stats.method() + ")")
                : Finding.warning("mapping", TorrentFacts.plain(stats.trouble()), remedy);
    }
}
