package dev.spate.interop;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Spate seeds each payload, and each real client gets it. They meet at opentracker. */
class SpateSeedsTest {

    @RegisterExtension
    final Workshop workshop = new Workshop();

    static Stream<Arguments> everyClientWithEveryPayload() {
        return SpateGetsTest.everyClientWithEveryPayload();
    }

    @ParameterizedTest(name = "{1} to {0}")
    @MethodSource("everyClientWithEveryPayload")
    void seeds(RealClient client, Payload payload) throws Exception {
        RealTracker.Running tracker = workshop.tracker(RealTracker.OPENTRACKER, "http", payload);
        Torrent torrent = tracker.torrent();
        Workshop.Peer leech;
        if (client.dialsLoopback()) {
            workshop.spateSeed(torrent, torrent.source());
            workshop.awaitPeers(tracker, 1);
            leech = workshop.leech(client, torrent);
        } else {
            // The other way round, so that Spate learns of the leech with its first announce and connects to it.
            leech = workshop.leech(client, torrent);
            workshop.awaitPeers(tracker, 1);
            workshop.spateSeed(torrent, torrent.source());
        }

        workshop.awaitCopy(leech, torrent);
    }
}
