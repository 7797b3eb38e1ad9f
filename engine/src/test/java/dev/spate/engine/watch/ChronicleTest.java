package dev.spate.engine.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.swarm.SwarmEvent;
import dev.spate.engine.metrics.Metric;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleTest {
    private static final Digest TORRENT = Digest.ofHex("0123456789abcdef0123456789abcdef01234567");
    private static final PeerAddress PEER = new PeerAddress(InetAddress.ofLiteral("192.0.2.1"), 6881);

    @TempDir
    private Path folder;

    private final Chronicle chronicle = new Chronicle();

    private void tell() {
        chronicle.happened(TORRENT, new SwarmEvent.PeerBanned(PEER, "it lied"));
        chronicle.happened(TORRENT, new SwarmEvent.BlockTimedOut(PEER, new BlockRange(3, 1 << 14, 1 << 14)));
        chronicle.choked(TORRENT, PEER, true);
        chronicle.verified(chronicle.verifying(), TORRENT, 7, false);
    }

    @Test
    void countsWhatHappens() {
        tell();
        chronicle.happened(TORRENT, new SwarmEvent.TrackerFailed(0, "no route"));

        assertThat(chronicle.counts())
                .containsEntry(Metric.PEERS_BANNED, 1L)
                .containsEntry(Metric.BLOCKS_TIMED_OUT, 1L)
                .containsEntry(Metric.CHOKES, 1L)
                .containsEntry(Metric.PIECES_CORRUPT, 1L)
                .containsEntry(Metric.ANNOUNCES_FAILED, 1L)
                .containsEntry(Metric.PIECES_VERIFIED, 0L);
    }

    @Test
    void aRecordingSeesTheEvidence() throws Exception {
        Path file = folder.resolve("flight.jfr");
        try (Recording recording = new Recording()) {
            for (String name : List.of("PeerBanned", "BlockTimedOut", "PeerChoked", "PieceVerified")) {
                recording.enable("dev.spate." + name);
            }
            recording.start();
            tell();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(event(events, "PeerBanned").getString("evidence")).isEqualTo("it lied");
        assertThat(event(events, "PeerBanned").getString("peer")).isEqualTo(PEER.toString());
        assertThat(event(events, "BlockTimedOut").getInt("piece")).isEqualTo(3);
        assertThat(event(events, "BlockTimedOut").getInt("begin")).isEqualTo(1 << 14);
        assertThat(event(events, "PeerChoked").getBoolean("choked")).isTrue();
        assertThat(event(events, "PieceVerified").getBoolean("good")).isFalse();
        assertThat(event(events, "PieceVerified").getString("torrent")).isEqualTo(TORRENT.toString());
    }

    private static RecordedEvent event(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.spate." + name))
                .findFirst()
                .orElseThrow();
    }
}
