package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.engine.metrics.Metric;
import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session counts of a download, and what a flight recording shows of it. */
@Timeout(120)
class MetricsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LENGTH = 300_000;
    private static final int PIECES = 10;

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("file.bin", LENGTH, 1 << 15);

    @Test
    void aDownloadIsCountedOnBothSides() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            assertThat(leech.metrics())
                    .containsOnlyKeys(Metric.values())
                    .containsEntry(Metric.DOWNLOADED_BYTES, 0L)
                    .containsEntry(Metric.DISK_WRITES, 0L);
            download(seed, leech);

            Map<Metric, Long> taken = leech.metrics();
            assertThat(taken)
                    .containsEntry(Metric.DOWNLOADED_BYTES, (long) LENGTH)
                    .containsEntry(Metric.PIECES_VERIFIED, (long) PIECES)
                    .containsEntry(Metric.PIECES_CORRUPT, 0L)
                    .containsEntry(Metric.PEERS_CONNECTED, 1L)
                    .containsEntry(Metric.UPLOADED_BYTES, 0L);
            assertThat(taken.get(Metric.DISK_WRITTEN_BYTES)).isEqualTo(LENGTH);
            Waiting.until(() -> leech.metrics().getOrDefault(Metric.DISK_FORCES, 0L) > 0);
            Map<Metric, Long> given = seed.metrics();
            assertThat(given.get(Metric.UPLOADED_BYTES)).isGreaterThanOrEqualTo(LENGTH);
            // Looked at once, and given once.
            assertThat(given.get(Metric.DISK_READ_BYTES)).isGreaterThanOrEqualTo(2 * LENGTH);
            assertThat(given.get(Metric.UNCHOKES)).isPositive();
        }
    }

    @Test
    void aRecordingShowsWhatItEnables() throws Exception {
        Path file = folder.resolve("flight.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.spate.PieceVerified");
            recording.enable("dev.spate.PeerChoked");
            recording.start();
            try (Session seed = session();
                    Session leech = session()) {
                download(seed, leech);
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        String infoHash = payload.metainfo().infoHash().onTheWire().toString();
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.spate.PieceVerified"))
                .hasSize(PIECES)
                .allSatisfy(event -> {
                    assertThat(event.getString("torrent")).isEqualTo(infoHash);
                    assertThat(event.getBoolean("good")).isTrue();
                })
                .extracting(event -> event.getInt("piece"))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.spate.PeerChoked"))
                .anySatisfy(event -> {
                    assertThat(event.getBoolean("choked")).isFalse();
                    assertThat(event.getString("peer")).startsWith("127.0.0.1:");
                });
        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .as("what is not asked for costs nothing")
                .doesNotContain("dev.spate.DiskSlow", "dev.spate.LaneStalled", "dev.spate.BlockTimedOut");
    }

    private void download(Session seed, Session leech) throws Exception {
        Torrent given = seed.add(
                payload.metainfo(),
                AddOptions.into(payload.writeTo(folder.resolve("seed"))).withoutTrackers());
        assertThat(given.awaitCompletion(PATIENCE)).isTrue();
        Torrent taken = leech.add(
                payload.metainfo(),
                AddOptions.into(folder.resolve("leech"))
                        .withoutTrackers()
                        .withPeers(List.of(PeerAddress.of(seed.listenAddresses().getFirst()))));
        assertThat(taken.awaitCompletion(PATIENCE)).isTrue();
    }

    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    }
}
