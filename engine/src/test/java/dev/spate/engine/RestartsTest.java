package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.rate.RateLimits;
import dev.spate.engine.storage.ResumeFile;
import dev.spate.engine.storage.StorageException;
import dev.spate.engine.storage.StoredResume;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A torrent's whole life in many sessions, as its tracker sees it: first it downloads, then it gives. */
@Timeout(300)
class RestartsTest {
    private static final int SESSIONS = 50;
    private static final int KILLS = 12;
    private static final int LENGTH = 4_000_000;

    /** So slow that each session moves a part. */
    private static final RateLimits SLOW = new RateLimits(1 << 20, 1 << 20);

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("file.bin", LENGTH, 1 << 14);

    // As the tracker was told last.
    private long uploaded;
    private long downloaded;
    private long left = LENGTH;
    private int completed;

    @Test
    void whatATrackerIsToldNeverGoesBack() throws Exception {
        try (RecordingTracker tracker = new RecordingTracker();
                Session seed = session(SessionSettings.builder());
                Session taker = session(SessionSettings.builder())) {
            seed.setLimits(SLOW);
            taker.setLimits(SLOW);
            seed.add(payload.metainfo(), AddOptions.into(payload.writeTo(folder.resolve("seed"))));
            Torrent taking = taker.add(payload.metainfo(), AddOptions.into(folder.resolve("taker")));
            for (int i = 0; i < SESSIONS; i++) {
                if (i == SESSIONS / 2) {
                    seed.setLimits(RateLimits.NONE);
                }
                TorrentStats last = live(tracker, seed, taking, i);
                check(tracker.all(), last);
            }
            assertThat(completed).isEqualTo(1);
            assertThat(left).isZero();
            assertThat(downloaded).isGreaterThanOrEqualTo(LENGTH);
            assertThat(uploaded).isPositive();
        }
    }

    /** One session; returns how the torrent stood at its end. */
    private TorrentStats live(RecordingTracker tracker, Session seed, Torrent taking, int number) throws Exception {
        Torrent torrent;
        try (Session session = session(SessionSettings.builder().stateFolder(folder.resolve("state")))) {
            AddOptions options = AddOptions.into(folder.resolve("download")).withTrackers(List.of(tracker.httpUrl()));
            torrent = session.add(payload.metainfo(), options);
            Waiting.until(() -> torrent.trackers().stream().anyMatch(TrackerStats::works));
            if (number <= SESSIONS / 2) {
                torrent.addPeers(List.of(address(seed)));
                Waiting.until(() -> torrent.stats().downloaded() > downloaded
                        || torrent.stats().isComplete());
                if (number == SESSIONS / 2) {
                    torrent.completion().join();
                    // A good-bye does not wait for an announce that is under way, and might be heard before it.
                    Waiting.until(() -> torrent.trackers().stream().anyMatch(TrackerStats::works));
                }
            } else {
                taking.addPeers(List.of(address(session)));
                Waiting.until(() ->
                        torrent.stats().uploaded() > uploaded || taking.stats().isComplete());
            }
        }
        return torrent.stats();
    }

    private void check(List<AnnounceRequest> announces, TorrentStats last) {
        assertThat(announces.getFirst().event()).isEqualTo(AnnounceEvent.STARTED);
        assertThat(announces.getLast().event()).isEqualTo(AnnounceEvent.STOPPED);
        note(announces);
        assertThat(uploaded).isEqualTo(last.uploaded());
        assertThat(downloaded).isEqualTo(last.downloaded());
    }

    private void note(List<AnnounceRequest> announces) {
        for (AnnounceRequest announce : announces) {
            assertThat(announce.uploaded()).isGreaterThanOrEqualTo(uploaded);
            assertThat(announce.downloaded()).isGreaterThanOrEqualTo(downloaded);
            assertThat(announce.left()).isLessThanOrEqualTo(left);
            uploaded = announce.uploaded();
            downloaded = announce.downloaded();
            left = announce.left();
            completed += announce.event() == AnnounceEvent.COMPLETED ? 1 : 0;
        }
    }

    /** The files as they lie at one moment are what a process leaves that is killed then. */
    @Test
    void whatATrackerHasHeardSurvivesAKill() throws Exception {
        Path place = folder.resolve("place");
        Path killed = folder.resolve("killed");
        try (RecordingTracker tracker = new RecordingTracker();
                Session seed = session(SessionSettings.builder())) {
            seed.setLimits(SLOW);
            seed.add(payload.metainfo(), AddOptions.into(payload.writeTo(folder.resolve("seed"))));
            for (int i = 0; i < KILLS; i++) {
                try (Session session = session(SessionSettings.builder().stateFolder(place.resolve("state")))) {
                    Torrent torrent = session.add(
                            payload.metainfo(),
                            AddOptions.into(place.resolve("download")).withTrackers(List.of(tracker.httpUrl())));
                    Waiting.until(() -> torrent.trackers().stream().anyMatch(TrackerStats::works));
                    torrent.addPeers(List.of(address(seed)));
                    Waiting.until(() -> torrent.stats().downloaded() > downloaded
                            || torrent.stats().isComplete());
                    // A tracker that is named now hears at once how much it is.
                    torrent.setTrackers(List.of(List.of(tracker.httpUrl()))).get(60, TimeUnit.SECONDS);
                    torrent.addTracker(tracker.udpUrl(), 1).get(60, TimeUnit.SECONDS);
                    Waiting.until(() -> torrent.trackers().stream().allMatch(TrackerStats::works));
                    note(tracker.all());
                    Waiting.until(() -> saved(place.resolve("state")) >= downloaded);
                    // What is remembered first: the files may be newer than that, and never older.
                    Files.createDirectory(killed);
                    copy(place.resolve("state"), killed.resolve("state"));
                    copy(place.resolve("download"), killed.resolve("download"));
                }
                tracker.all();
                delete(place);
                Files.move(killed, place);
            }
            assertThat(downloaded).isPositive();
        }
    }

    private long saved(Path state) {
        try {
            return StoredResume.in(state)
                                    .load(payload.metainfo().infoHash().onTheWire())
                                    .orElse(null)
                            instanceof Decoding.Decoded<ResumeFile.Found>(var found)
                    ? found.data().notes().transferred().downloaded()
                    : 0;
        } catch (StorageException e) {
            throw new AssertionError(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        if (Files.isDirectory(from)) {
            List<Path> inside;
            try (Stream<Path> all = Files.list(from)) {
                // Half-written state comes and goes under a name of its own, so it must not even be looked at.
                inside = all.filter(file -> !file.toString().endsWith(".tmp")).toList();
            }
            for (Path each : inside) {
                copy(each, to.resolve(each.getFileName().toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(each);
            }
        }
    }

    private static PeerAddress address(Session session) {
        return new PeerAddress(
                InetAddress.getLoopbackAddress(),
                session.listenAddresses().getFirst().getPort());
    }

    private static Session session(SessionSettings.Builder settings) {
        return Session.open(settings.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    }
}
