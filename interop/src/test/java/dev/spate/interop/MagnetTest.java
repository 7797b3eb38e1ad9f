package dev.spate.interop;

import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Magnet links: Spate gets the metadata from each real client, and each gets it from Spate. */
class MagnetTest {

    @RegisterExtension
    final Workshop workshop = new Workshop();

    static List<RealClient> seeds() {
        return List.of(new Libtorrent(), new Transmission(), new Aria2());
    }

    /** Transmission 3 takes a link only by its remote control, which is off here. */
    static List<RealClient> leeches() {
        return List.of(new Libtorrent(), new Aria2());
    }

    @ParameterizedTest(name = "from {0}")
    @MethodSource("seeds")
    void spateGetsByMagnet(RealClient client) throws Exception {
        Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
        Workshop.Peer seed = workshop.seed(client, torrent);
        Workshop.Peer spate = workshop.spateGet(link(torrent) + "&x.pe=" + seed.address(), workshop.folder("got"));

        workshop.awaitGot(spate, torrent);
    }

    @ParameterizedTest(name = "to {0}")
    @MethodSource("leeches")
    void spateGivesMetadata(RealClient client) throws Exception {
        RealTracker.Running tracker = workshop.tracker(RealTracker.OPENTRACKER, "http", Payload.MULTI_FILE);
        Torrent torrent = tracker.torrent();
        String link = link(torrent) + "&tr=http%3A%2F%2F127.0.0.1%3A" + tracker.port() + "%2Fannounce";
        workshop.spateSeed(torrent, torrent.source());
        workshop.awaitPeers(tracker, 1);
        Workshop.Peer leech = workshop.leechByMagnet(client, torrent, link);

        workshop.awaitCopy(leech, torrent);
    }

    private static String link(Torrent torrent) {
        return "magnet:?xt=urn:btih:" + torrent.infoHash();
    }
}
