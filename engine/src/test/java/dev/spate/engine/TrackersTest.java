package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceRequest;
import dev.spate.wire.tracker.ScrapeAnswer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TrackersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void peersFindEachOtherThroughAnHttpTracker() throws Exception {
        try (RecordingTracker tracker = new RecordingTracker()) {
            findEachOther(tracker, tracker.httpUrl());
        }
    }

    @Test
    void peersFindEachOtherThroughAUdpTracker() throws Exception {
        try (RecordingTracker tracker = new RecordingTracker()) {
            findEachOther(tracker, tracker.udpUrl());
        }
    }

    private void findEachOther(RecordingTracker tracker, String url) throws Exception {
        Payload payload = Payload.file("file.bin", 400_000, 1 << 15);
        try (Session seed = session();
                Session leech = session()) {
            seed.add(payload.metainfo(), into("seed", payload, url));
            AnnounceRequest seeding = tracker.next(AnnounceEvent.STARTED);
            assertThat(seeding.left()).isZero();
            assertThat(seeding.port())
                    .isEqualTo(seed.listenAddresses().getFirst().getPort());

            Torrent torrent = leech.add(
                    payload.metainfo(), AddOptions.into(folder.resolve("leech")).withTrackers(List.of(url)));
            assertThat(tracker.next(AnnounceEvent.STARTED).left()).isEqualTo(400_000);
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            AnnounceRequest completed = tracker.next(AnnounceEvent.COMPLETED);
            assertThat(completed.left()).isZero();
            assertThat(completed.downloaded()).isGreaterThanOrEqualTo(400_000);
            assertThat(torrent.trackers()).singleElement().satisfies(status -> {
                assertThat(status.url()).isEqualTo(url);
                assertThat(status.works()).isTrue();
                assertThat(status.seeds()).hasValue(1);
            });
        }
        assertThat(tracker.next(AnnounceEvent.STOPPED).left()).isZero();
    }

    @Test
    void aRefusalIsToldInTheTrackersWords() throws Exception {
        Payload payload = Payload.file("file.bin", 1_000, 1 << 14);
        try (RecordingTracker tracker = new RecordingTracker();
                Session session = session()) {
            tracker.refuse("unregistered torrent");
            CompletableFuture<Event.TrackerFailed> told = new CompletableFuture<>();
            try (Subscription _ = session.subscribe(event -> {
                if (event instanceof Event.TrackerFailed failed) {
                    told.complete(failed);
                }
            })) {
                session.add(payload.metainfo(), into("leech", payload, tracker.httpUrl()));
                Event.TrackerFailed failed = told.get(60, TimeUnit.SECONDS);
                assertThat(failed.url()).isEqualTo(tracker.httpUrl());
                assertThat(failed.reason()).contains("unregistered torrent");
            }
        }
    }

    @Test
    void trackersAreEditedWhileItRunsAndRemembered() throws Exception {
        Payload payload = Payload.file("file.bin", 1_000, 1 << 14);
        Path state = folder.resolve("state");
        try (RecordingTracker one = new RecordingTracker();
                RecordingTracker other = new RecordingTracker()) {
            AddOptions options = into("seed", payload, one.httpUrl());
            try (Session session = remembering(state)) {
                Torrent torrent = session.add(payload.metainfo(), options);
                one.next(AnnounceEvent.STARTED);
                Waiting.until(() -> torrent.trackers().getFirst().works());

                torrent.addTracker(other.httpUrl(), 7).get(60, TimeUnit.SECONDS);
                other.next(AnnounceEvent.STARTED);
                Waiting.until(() -> torrent.trackers().get(1).works());
                assertThat(torrent.trackers().get(1)).satisfies(tracker -> {
                    assertThat(tracker.tier()).isEqualTo(1);
                    assertThat(tracker.peers()).hasValue(1);
                    assertThat(tracker.failures()).isZero();
                    assertThat(tracker.sinceAnswer()).isPresent();
                });

                torrent.removeTracker(one.httpUrl()).get(60, TimeUnit.SECONDS);
                one.next(AnnounceEvent.STOPPED);
                assertThat(torrent.trackers())
                        .singleElement()
                        .extracting(TrackerStats::url)
                        .isEqualTo(other.httpUrl());
                assertThatThrownBy(() -> torrent.removeTracker("http://x/").get(60, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(SpateException.Refused.class);
                assertThatThrownBy(() -> torrent.addTracker("wss://x/", 0).get(60, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(SpateException.Refused.class);
            }
            other.next(AnnounceEvent.STOPPED);
            try (Session session = remembering(state)) {
                Torrent torrent = session.add(payload.metainfo(), AddOptions.into(options.folder()));
                other.next(AnnounceEvent.STARTED);
                torrent.setTrackers(List.of()).get(60, TimeUnit.SECONDS);
                other.next(AnnounceEvent.STOPPED);
                assertThat(torrent.trackers()).isEmpty();
            }
        }
    }

    @Test
    void aMagnetLinkRemembersItsTrackersAndHandsThemOn() throws Exception {
        Payload payload = Payload.file("file.bin", 1_000, 1 << 14);
        Path state = folder.resolve("state");
        Magnet magnet = Magnet.of(payload.metainfo().infoHash());
        try (RecordingTracker tracker = new RecordingTracker()) {
            try (Session session = remembering(state)) {
                Torrent torrent = session.add(magnet, AddOptions.into(folder.resolve("leech")));
                torrent.addTracker(tracker.httpUrl(), 0).get(60, TimeUnit.SECONDS);
                tracker.next(AnnounceEvent.STARTED);
            }
            try (Session seed = session();
                    Session session = remembering(state)) {
                assertThat(session.rememberedMagnets())
                        .singleElement()
                        .extracting(Magnet::trackers)
                        .isEqualTo(List.of(tracker.httpUrl()));
                seed.add(payload.metainfo(), into("seed", payload, tracker.httpUrl()));
                Torrent torrent =
                        session.add(session.rememberedMagnets().getFirst(), AddOptions.into(folder.resolve("leech")));
                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
                assertThat(torrent.trackers())
                        .singleElement()
                        .extracting(TrackerStats::url)
                        .isEqualTo(tracker.httpUrl());
            }
        }
    }

    private static Session remembering(Path state) {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .stateFolder(state)
                .build());
    }

    @Test
    void scrapesOverUdp() throws Exception {
        Payload payload = Payload.file("file.bin", 1_000, 1 << 14);
        try (RecordingTracker tracker = new RecordingTracker();
                Session session = session()) {
            var answers = session.scrape(
                            tracker.udpUrl(), List.of(payload.metainfo().infoHash()))
                    .get(60, TimeUnit.SECONDS);
            assertThat(answers).containsEntry(payload.metainfo().infoHash().onTheWire(), new ScrapeAnswer(1, 2, 3));
        }
    }

    @Test
    void aUdpTrackerIsNeverAskedAroundTheProxy() throws Exception {
        Payload payload = Payload.file("file.bin", 1_000, 1 << 14);
        SessionSettings settings = SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .proxy(URI.create("socks5://127.0.0.1:9"))
                .build();
        try (RecordingTracker tracker = new RecordingTracker();
                Session session = Session.open(settings)) {
            assertThatThrownBy(() -> session.scrape(
                                    tracker.udpUrl(), List.of(payload.metainfo().infoHash()))
                            .get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SpateException.TrackerRefused.class)
                    .hasMessageContaining("proxy");
        }
    }

    private AddOptions into(String name, Payload payload, String tracker) throws Exception {
        return AddOptions.into(payload.writeTo(folder.resolve(name))).withTrackers(List.of(tracker));
    }

    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    }
}
