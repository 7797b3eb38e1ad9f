package dev.spate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A download that is broken off goes on where it was. A seed with a rate limit gives the time to break it off. With a peer named and
 * {@code --no-tracker}, Spate would deal with that peer alone, and let nobody else look at what it has.
 */
class ResumeTest {

    private static final Payload PAYLOAD = Payload.single("64 MiB", "resume.bin", 256 * 1024, 64 * 1024 * 1024 + 5);
    private static final int BYTES_PER_SECOND = 5_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int INTERRUPTED = 130;

    @RegisterExtension
    final Workshop workshop = new Workshop();

    @Test
    void killedThreeTimesNoPieceThatWasToldOfIsLost() throws Exception {
        Torrent torrent = workshop.torrent(PAYLOAD);
        Path folder = workshop.folder("got");
        int had = 0;
        for (int kill = 1; kill <= 3; kill++) {
            Workshop.Peer seed = workshop.seed(new Libtorrent(List.of(), BYTES_PER_SECOND), torrent);
            Workshop.Peer spate = workshop.spateGet(torrent, folder, "--no-dht", "--peer", seed.address());
            workshop.awaitPieces(spate, torrent, had + 1 + torrent.pieces() / 5);
            had = WireLook.pieces(spate.port(), torrent);
            spate.program().kill();
            seed.program().close();

            // Without anybody to get from, what it has after the start is what it kept.
            Workshop.Peer alone = workshop.spateGet(torrent, folder, "--no-tracker");
            workshop.awaitPieces(alone, torrent, had);
            alone.program().kill();
        }
        Workshop.Peer seed = workshop.seed(new Libtorrent(), torrent);
        Workshop.Peer spate = workshop.spateGet(torrent, folder, "--no-dht", "--peer", seed.address());

        workshop.awaitGot(spate, torrent);
    }

    @Test
    void interruptedItEndsSoonAndGoesOnLater() throws Exception {
        Torrent torrent = workshop.torrent(PAYLOAD);
        Path folder = workshop.folder("got");
        Workshop.Peer slow = workshop.seed(new Libtorrent(List.of(), BYTES_PER_SECOND), torrent);
        Workshop.Peer first = workshop.spateGet(torrent, folder, "--no-dht", "--peer", slow.address());
        workshop.awaitPieces(first, torrent, torrent.pieces() / 4);

        first.program().interrupt();

        assertThat(first.program().exitCode(LIMIT)).isEqualTo(INTERRUPTED);
        Workshop.Peer fast = workshop.seed(new Libtorrent(), torrent);
        Workshop.Peer second = workshop.spateGet(torrent, folder, "--no-dht", "--peer", fast.address());
        workshop.awaitGot(second, torrent);
    }
}
