package dev.spate.interop;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real trackers serve Spate, over HTTP and over UDP. */
class TrackersTest {

    @RegisterExtension
    final Workshop workshop = new Workshop();

    static Stream<Arguments> everyTrackerWithEveryScheme() {
        return Stream.of(RealTracker.values())
                .flatMap(kind -> Stream.of("http", "udp").map(scheme -> Arguments.of(kind, scheme)));
    }

    @ParameterizedTest(name = "{0} over {1}")
    @MethodSource("everyTrackerWithEveryScheme")
    void twoSpatesMeet(RealTracker kind, String scheme) throws Exception {
        RealTracker.Running tracker = workshop.tracker(kind, scheme, Payload.MULTI_FILE);
        workshop.spateSeed(tracker.torrent(), tracker.torrent().source());
        workshop.awaitPeers(tracker, 1);
        Workshop.Peer leech = workshop.spateGet(tracker.torrent(), workshop.folder("got"));

        workshop.awaitGot(leech, tracker.torrent());
    }

    @ParameterizedTest(name = "{0} over {1}")
    @MethodSource("everyTrackerWithEveryScheme")
    void spateFindsLibtorrent(RealTracker kind, String scheme) throws Exception {
        RealTracker.Running tracker = workshop.tracker(kind, scheme, Payload.MULTI_FILE);
        workshop.seed(new Libtorrent(), tracker.torrent());
        workshop.awaitPeers(tracker, 1);
        Workshop.Peer leech = workshop.spateGet(tracker.torrent(), workshop.folder("got"));

        workshop.awaitGot(leech, tracker.torrent());
    }

    @ParameterizedTest(name = "{0} over {1}")
    @MethodSource("everyTrackerWithEveryScheme")
    void aSpateThatIsInterruptedSaysGoodbye(RealTracker kind, String scheme) throws Exception {
        RealTracker.Running tracker = workshop.tracker(kind, scheme, Payload.MULTI_FILE);
        Workshop.Peer seed =
                workshop.spateSeed(tracker.torrent(), tracker.torrent().source());
        workshop.awaitPeers(tracker, 1);

        seed.program().interrupt();

        Waiting.until(
                () -> tracker.peers() == 0,
                Workshop.TRANSFER_LIMIT,
                () -> "the tracker still lists Spate\n" + seed.program().tail());
    }
}
