package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
