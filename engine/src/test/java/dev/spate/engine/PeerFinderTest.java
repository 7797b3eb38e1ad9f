package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that meet through a directory of the program's own. */
@Timeout(120)
class PeerFinderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("file.bin", 300_001, 1 << 14);
    private final Digest name = payload.metainfo().infoHash().onTheWire();

    /** Tells everybody in a swarm of each other. */
    private static final class ClusterDirectory implements PeerFinder {
        private record Member(PeerAddress address, Consumer<List<PeerAddress>> found) {}

        private final Map<Digest, List<Member>> swarms = new HashMap<>();

        @Override
        public synchronized Search find(Digest infoHash, int port, Consumer<List<PeerAddress>> found) {
            Member member = new Member(new PeerAddress(InetAddress.getLoopbackAddress(), port), found);
            List<Member> swarm = swarms.computeIfAbsent(infoHash, _ -> new ArrayList<>());
            for (Member other : swarm) {
                other.found().accept(List.of(member.address()));
                found.accept(List.of(other.address()));
            }
            swarm.add(member);
            return () -> leave(swarm, member);
        }

        private synchronized void leave(List<Member> swarm, Member member) {
            swarm.remove(member);
        }

        synchronized int members(Digest infoHash) {
            return swarms.getOrDefault(infoHash, List.of()).size();
        }
    }

    private static SessionSettings.Builder settings() {
        return SessionSettings.builder().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Test
    void aDirectoryBringsThemTogetherAndIsToldOfTheEnd() throws Exception {
        ClusterDirectory directory = new ClusterDirectory();
        try (Session seed = Session.open(settings().peerFinder(directory).build());
                Session leech = Session.open(settings().peerFinder(directory).build())) {
            seed.add(
                    payload.metainfo(),
                    AddOptions.into(payload.writeTo(folder.resolve("seed"))).withoutTrackers());
            Torrent torrent = leech.add(payload.metainfo(), AddOptions.into(folder.resolve("leech")));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
            assertThat(directory.members(name)).isEqualTo(2);

            torrent.pause();
            Waiting.until(() -> directory.members(name) == 1);
            torrent.resume();
            Waiting.until(() -> directory.members(name) == 2);
        }
        assertThat(directory.members(name)).isZero();
    }

    @Test
    void oneThatThrowsIsPassedOver() throws Exception {
        ClusterDirectory directory = new ClusterDirectory();
        PeerFinder broken = (_, _, _) -> {
            throw new IllegalStateException("out of order");
        };
        try (Session seed = Session.open(settings().peerFinder(directory).build());
                Session leech = Session.open(
                        settings().peerFinder(broken).peerFinder(directory).build())) {
            seed.add(
                    payload.metainfo(),
                    AddOptions.into(payload.writeTo(folder.resolve("seed"))).withoutTrackers());
            Torrent torrent = leech.add(payload.metainfo(), AddOptions.into(folder.resolve("leech")));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
        }
    }

    @Test
    void aPrivateTorrentIsNotAskedFor() throws Exception {
        Payload secret = Payload.file("secret.bin", 20_000, 1 << 14, it -> it.isPrivate(true));
        ClusterDirectory directory = new ClusterDirectory();
        try (Session seed = Session.open(settings().peerFinder(directory).build())) {
            seed.add(secret.metainfo(), AddOptions.into(secret.writeTo(folder.resolve("secret"))));
            seed.add(payload.metainfo(), AddOptions.into(payload.writeTo(folder.resolve("seed"))));

            Waiting.until(() -> directory.members(name) == 1);
            seed.torrents().forEach(torrent -> torrent.completion().join());
            assertThat(directory.members(secret.metainfo().infoHash().onTheWire()))
                    .isZero();
        }
    }

    @Test
    void whatComesAfterTheEndIsPassedOver() throws Exception {
        List<Consumer<List<PeerAddress>>> takers = new ArrayList<>();
        PeerFinder late = (_, _, found) -> {
            takers.add(found);
            return () -> {};
        };
        try (Session session = Session.open(settings().peerFinder(late).build())) {
            Torrent torrent = session.add(payload.metainfo(), AddOptions.into(folder.resolve("leech")));
            Waiting.until(() -> torrent.stats().state() == TorrentState.DOWNLOADING);
            torrent.pause();
            Waiting.until(() -> torrent.stats().state() == TorrentState.PAUSED);

            takers.getFirst().accept(List.of(new PeerAddress(InetAddress.getLoopbackAddress(), 9)));

            assertThat(torrent.stats().candidates()).isZero();
        }
    }
}
