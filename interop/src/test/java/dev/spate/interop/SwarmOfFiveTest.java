package dev.spate.interop;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Spate among four other clients. */
class SwarmOfFiveTest {

    private static final Payload PAYLOAD = Payload.single("16 MiB", "swarm.bin", 128 * 1024, 16 * 1024 * 1024 + 77);

    @RegisterExtension
    final Workshop workshop = new Workshop();

    @Test
    void fourClientsGetFromSpate() throws Exception {
        RealTracker.Running tracker = workshop.tracker(RealTracker.OPENTRACKER, "http", PAYLOAD);
        Torrent torrent = tracker.torrent();
        var leeches = new ArrayList<Workshop.Peer>();
        for (RealClient client : List.of(new Transmission(), new Libtorrent(), new Aria2(), new Rtorrent())) {
            leeches.add(workshop.leech(client, torrent));
            workshop.awaitPeers(tracker, leeches.size());
        }
        workshop.spateSeed(torrent, torrent.source());

        for (Workshop.Peer leech : leeches) {
            workshop.awaitCopy(leech, torrent);
        }
    }

    @Test
    void spateIsOneOfFourThatGetFromTransmission() throws Exception {
        RealTracker.Running tracker = workshop.tracker(RealTracker.OPENTRACKER, "udp", PAYLOAD);
        Torrent torrent = tracker.torrent();
        workshop.seed(new Transmission(), torrent);
        workshop.awaitPeers(tracker, 1);
        // Those that dial come after those that do not.
        Workshop.Peer rtorrent = workshop.leech(new Rtorrent(), torrent);
        workshop.awaitPeers(tracker, 2);
        Workshop.Peer qbittorrent = workshop.leech(new Qbittorrent(), torrent);
        Workshop.Peer webtorrent = workshop.leech(new Webtorrent(), torrent);
        workshop.awaitPeers(tracker, 4);
        Workshop.Peer spate = workshop.spateGet(torrent, workshop.folder("got"));

        workshop.awaitGot(spate, torrent);
        for (Workshop.Peer leech : List.of(qbittorrent, webtorrent, rtorrent)) {
            workshop.awaitCopy(leech, torrent);
        }
    }

    /** Four seeds of a quarter each: nobody has everything, and all pieces are there. */
    @Test
    void spateGathersQuarters() throws Exception {
        Torrent torrent = workshop.torrent(PAYLOAD);
        List<RealClient> clients = List.of(new Libtorrent(), new Transmission(), new Qbittorrent(), new Webtorrent());
        var options = new ArrayList<>(List.of("--no-tracker"));
        for (int i = 0; i < clients.size(); i++) {
            Path folder = quarter(torrent, i);
            // A piece on the border of two quarters is broken in both, so that part of the file overlaps.
            int whole = torrent.pieces() / clients.size() - 2;
            Workshop.Peer seed = workshop.start(clients.get(i), torrent, folder, Ports.free(), whole);
            options.addAll(List.of("--peer", seed.address()));
        }
        Workshop.Peer spate = workshop.spateGet(torrent, workshop.folder("got"), options.toArray(String[]::new));

        workshop.awaitGot(spate, torrent);
    }

    /** A copy of the payload in which only one quarter, and one piece to each side of it, is right. */
    private Path quarter(Torrent torrent, int which) throws IOException {
        Path folder = workshop.folder("quarter");
        Path copy = folder.resolve(PAYLOAD.name());
        Files.copy(torrent.source().resolve(PAYLOAD.name()), copy);
        long length = PAYLOAD.length();
        long begin = Math.max(0, length * which / 4 - PAYLOAD.pieceLength());
        long end = Math.min(length, length * (which + 1) / 4 + PAYLOAD.pieceLength());
        try (var file = new RandomAccessFile(copy.toFile(), "rw")) {
            file.write(new byte[Math.toIntExact(begin)]);
            file.seek(end);
            file.write(new byte[Math.toIntExact(length - end)]);
        }
        return folder;
    }
}
