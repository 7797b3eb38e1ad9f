package dev.spate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Spate behind proxies that others wrote, on a machine of its own: it gets the payload, and each packet that leaves the machine
 * is listened to and goes to the proxy. Not one asks for a name.
 */
class RealProxyTest {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final String TO_THE_PROXY = ".* IP 10\\.77\\.0\\.1\\.\\d+ > 10\\.77\\.0\\.2\\.(?!53:)\\d+: .*";

    @RegisterExtension
    final Workshop workshop = new Workshop();

    @Test
    void nothingLeavesAroundMicrosocks() throws Exception {
        try (Namespaces world = Namespaces.make()) {
            Path home = workshop.folder("microsocks");
            workshop.start(
                    "microsocks",
                    world.outside("microsocks", "-i", Namespaces.NEIGHBOUR, "-p", "1080", "-u", "me", "-P", "geheim"),
                    home);
            getThrough(world, "http", "socks5://me:geheim@" + Namespaces.NEIGHBOUR + ":1080");
        }
    }

    @Test
    void nothingLeavesAroundDanteNotEvenForAUdpTracker() throws Exception {
        try (Namespaces world = Namespaces.make()) {
            Path home = workshop.folder("dante");
            Path configuration = home.resolve("danted.conf");
            Files.writeString(configuration, """
                    logoutput: stderr
                    internal: 10.77.0.2 port = 1080
                    external: 10.78.0.1
                    socksmethod: none
                    clientmethod: none
                    user.privileged: root
                    user.unprivileged: root
                    client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
                    socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
                    """);
            workshop.start("danted", world.outside("danted", "-f", configuration.toString()), home);
            getThrough(world, "udp", "socks5://" + Namespaces.NEIGHBOUR + ":1080");
        }
    }

    private void getThrough(Namespaces world, String scheme, String proxy) throws Exception {
        Path trackerHome = workshop.folder("tracker");
        Torrent torrent = Torrent.make(
                Payload.MULTI_FILE,
                scheme + "://" + Namespaces.WORLD_NAME + ":6969/announce",
                workshop.folder("torrent"));
        Files.writeString(trackerHome.resolve("allowed"), torrent.infoHash() + "\n");
        workshop.start(
                "opentracker",
                world.outside(
                        "opentracker",
                        "-i",
                        Namespaces.WORLD,
                        "-p",
                        "6969",
                        "-P",
                        "6969",
                        "-d",
                        trackerHome.toString(),
                        "-w",
                        "allowed"),
                trackerHome);
        Program capture = workshop.start("tcpdump", world.listening(), workshop.folder("tcpdump"));
        Waiting.until(() -> capture.output().contains("listening on"), START_LIMIT, capture::tail);
        Program seed = workshop.start(
                "seed",
                spate(
                        world.outside(),
                        "seed",
                        torrent.file().toString(),
                        "-o",
                        torrent.source().toString(),
                        "--listen",
                        Namespaces.WORLD + ":6881",
                        "--state",
                        workshop.folder("state").toString()),
                workshop.folder("seed"));
        Waiting.until(() -> seed.output().toLowerCase(Locale.ROOT).contains("seeding"), START_LIMIT, seed::tail);

        Path got = workshop.folder("got");
        Program leech = workshop.start(
                "leech",
                spate(
                        world.inside(),
                        "get",
                        torrent.file().toString(),
                        "-o",
                        got.toString(),
                        "--proxy",
                        proxy,
                        "--state",
                        workshop.folder("state").toString()),
                workshop.folder("leech"));
        assertThat(leech.exitCode(Workshop.TRANSFER_LIMIT)).as(leech.tail()).isZero();
        assertThat(torrent.payload().isSame(torrent.source(), got)).isTrue();

        List<String> packets =
                capture.output().lines().filter(line -> line.contains(" IP")).toList();
        assertThat(packets).hasSizeGreaterThan(10).allMatch(packet -> packet.matches(TO_THE_PROXY));
    }

    private static List<String> spate(List<String> in, String... arguments) {
        List<String> command = new ArrayList<>(in);
        command.add(RealClient.module().resolveSibling("spate").toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
