package dev.spate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Swarms that come together in a DHT of three: Spate's own node, a real client and another Spate. Nobody names a tracker or peer. */
class DhtTest {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    @RegisterExtension
    final Workshop workshop = new Workshop();

    /** Those that take nodes on the loopback interface for possible. */
    static List<RealClient> clients() {
        return List.of(new Libtorrent(), new Aria2(), new Webtorrent());
    }

    @ParameterizedTest(name = "from {0}")
    @MethodSource("clients")
    void spateGets(RealClient client) throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        int node = workshop.spateDhtNode();
        workshop.seedByDht(client, torrent, node);
        Workshop.Peer spate = workshop.spateGet(
                torrent.infoHash().toString(), workshop.folder("got"), "--dht-node", "127.0.0.1:" + node);

        workshop.awaitGot(spate, torrent);
    }

    @ParameterizedTest(name = "to {0}")
    @MethodSource("clients")
    void spateGives(RealClient client) throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        int node = workshop.spateDhtNode();
        workshop.spateSeed(torrent, torrent.source(), "--no-tracker", "--dht-node", "127.0.0.1:" + node);
        Workshop.Peer leech = workshop.leechByDht(client, torrent, "magnet:?xt=urn:btih:" + torrent.infoHash(), node);

        workshop.awaitCopy(leech, torrent);
    }

    /** Two that know only each other's node: the leech begins with the seed's. */
    @Test
    void twoAlone() throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        Workshop.Peer seed = workshop.spateSeed(torrent, torrent.source(), "--no-tracker");
        Workshop.Peer spate = workshop.spateGet(
                torrent.infoHash().toString(), workshop.folder("got"), "--dht-node", "127.0.0.1:" + seed.port());

        workshop.awaitGot(spate, torrent);
    }

    @Test
    void twoAloneOverIpv6() throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        int node = seedOverIpv6(torrent);
        Path got = workshop.folder("got");
        Program spate = workshop.spate(
                "get",
                torrent.infoHash().toString(),
                "-o",
                got.toString(),
                "--listen",
                "[::1]:0",
                "--dht-node",
                "[::1]:" + node);

        assertThat(spate.exitCode(Workshop.TRANSFER_LIMIT)).as(spate.tail()).isZero();
        assertThat(torrent.payload().isSame(torrent.source(), got)).isTrue();
    }

    @Test
    void libtorrentGetsOverIpv6() throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        int node = seedOverIpv6(torrent);
        Path got = workshop.folder("got");
        Program libtorrent = workshop.start(
                "libtorrent",
                List.of(
                        "/usr/bin/python3",
                        RealClient.module()
                                .resolve("clients/libtorrent_peer.py")
                                .toString(),
                        "magnet:?xt=urn:btih:" + torrent.infoHash(),
                        got.toString(),
                        "[::1]:" + Ports.free(),
                        "0",
                        "[::1]:" + node),
                workshop.folder("libtorrent"));

        Waiting.until(() -> torrent.payload().isSame(torrent.source(), got), Workshop.TRANSFER_LIMIT, libtorrent::tail);
    }

    /** The port of ::1 at which its node is. */
    private int seedOverIpv6(Torrent torrent) throws Exception {
        int port = Ports.free();
        Program seed = workshop.spate(
                "seed",
                torrent.file().toString(),
                "-o",
                torrent.source().toString(),
                "--listen",
                "[::1]:" + port,
                "--no-tracker");
        Waiting.until(() -> seed.output().toLowerCase(Locale.ROOT).contains("seeding"), START_LIMIT, seed::tail);
        return port;
    }
}
