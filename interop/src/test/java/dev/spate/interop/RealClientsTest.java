package dev.spate.interop;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real clients among themselves, without Spate: when one of these fails, the tools are at fault. */
class RealClientsTest {

    @RegisterExtension
    final Workshop workshop = new Workshop();

    static Stream<RealClient> clients() {
        return RealClient.all().stream();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void getsFromLibtorrent(RealClient client) throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        Workshop.Peer leech = workshop.leech(client, torrent);
        workshop.seed(new Libtorrent(List.of(leech.port())), torrent);

        workshop.awaitCopy(leech, torrent);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void seedsToLibtorrent(RealClient client) throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        Workshop.Peer seed = workshop.seed(client, torrent);
        Workshop.Peer leech = workshop.leech(new Libtorrent(List.of(seed.port())), torrent);

        workshop.awaitCopy(leech, torrent);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void meetsLibtorrentAtATracker(RealClient client) throws Exception {
        RealTracker.Running tracker = workshop.tracker(RealTracker.OPENTRACKER, "http", Payload.UNICODE_NAMES);
        Torrent torrent = tracker.torrent();
        Workshop.Peer leech;
        if (client.dialsLoopback()) {
            workshop.seed(new Libtorrent(), torrent);
            workshop.awaitPeers(tracker, 1);
            leech = workshop.leech(client, torrent);
        } else {
            leech = workshop.leech(client, torrent);
            workshop.awaitPeers(tracker, 1);
            workshop.seed(new Libtorrent(), torrent);
        }

        workshop.awaitCopy(leech, torrent);
    }

    static Stream<Payload> payloads() {
        return Payload.all().stream();
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void libtorrentCarriesEachPayload(Payload payload) throws Exception {
        Torrent torrent = workshop.torrent(payload);
        Workshop.Peer leech = workshop.leech(new Libtorrent(), torrent);
        workshop.seed(new Libtorrent(List.of(leech.port())), torrent);

        workshop.awaitCopy(leech, torrent);
    }
}
