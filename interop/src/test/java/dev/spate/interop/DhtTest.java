package dev.spate.interop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        int node = node();
        workshop.seedByDht(client, torrent, node);
        Workshop.Peer spate = workshop.spateGet(
                torrent.infoHash().toString(), workshop.folder("got"), "--dht-node", "127.0.0.1:" + node);

        workshop.awaitGot(spate, torrent);
    }

    @ParameterizedTest(name = "to {0}")
    @MethodSource("clients")
    void spateGives(RealClient client) throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        int node = node();
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

    /** Starts {@code spate dht node}; the port at which it takes datagrams. */
    private int node() throws Exception {
        int port = Ports.free();
        Path state = workshop.folder("node").resolve("dht.state");
        Program program = workshop.spate(
                "dht", "node", "--listen", "127.0.0.1:" + port, "--state", state.toString(), "--every", "1s");
        Waiting.until(() -> program.output().contains("listening at 127.0.0.1:" + port), START_LIMIT, program::tail);
        return port;
    }
}
