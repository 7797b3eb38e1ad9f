package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.engine.AddOptions;
import dev.spate.engine.MetainfoFile;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code probe}, and {@code get} from one peer alone, with a seed in this process. */
@Timeout(120)
class ProbeCommandTest {

    @TempDir
    private Path folder;

    private final Console console = new Console();
    private Counter tracker;
    private Counter other;
    private Session seed;
    private Metainfo metainfo;
    private Path data;
    private Path torrent;

    /** Somebody who would like to be asked, and counts who comes. */
    private static final class Counter implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        private final AtomicInteger visits = new AtomicInteger();

        Counter() throws IOException {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        listener.accept().close();
                        visits.incrementAndGet();
                    }
                } catch (SocketException over) {
                    assert listener.isClosed() : over;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }

        String address() {
            return "127.0.0.1:" + listener.getLocalPort();
        }

        int visits() {
            return visits.get();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    @BeforeEach
    void begin() throws Exception {
        byte[] content = new byte[500_000];
        new SplittableRandom(3).nextBytes(content);
        data = Files.write(Files.createDirectories(folder.resolve("seed")).resolve("data.bin"), content);
        torrent = folder.resolve("t.torrent");
        tracker = new Counter();
        other = new Counter();
        String url = "http://" + tracker.address() + "/announce";
        assertThat(new Console().run("create", data, "-o", torrent, "-t", url)).isZero();
        metainfo = MetainfoFile.read(torrent);
        seed = Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
        Torrent seeding =
                seed.add(metainfo, AddOptions.into(folder.resolve("seed")).withoutTrackers());
        assertThat(seeding.awaitCompletion(Duration.ofSeconds(60))).isTrue();
    }

    @AfterEach
    void end() throws Exception {
        seed.close();
        tracker.close();
        other.close();
    }

    private String peer() {
        return NetworkOptions.shown(seed.listenAddresses().getFirst());
    }

    /** Runs a command about the torrent in a network of its own, without a tracker. */
    private int run(String command, Object source, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, source));
        arguments.addAll(List.of("--listen", "127.0.0.1:0", "--no-tracker", "--state", folder.resolve("state")));
        arguments.addAll(List.of(more));
        return console.run(arguments.toArray());
    }

    @Test
    void aTableTellsOfEachPeer() {
        assertThat(run("probe", torrent, "--peer", peer(), "--peer", other.address()))
                .isEqualTo(ExitCode.OK.number());

        assertThat(console.out().lines().toList())
                .hasSize(3)
                .satisfiesExactly(
                        head -> assertThat(head).startsWith("PEER "),
                        good -> assertThat(good)
                                .startsWith(peer())
                                .contains(" served ", "Spate/", "has everything, and gives"),
                        bad -> assertThat(bad)
                                .startsWith(other.address())
                                .contains(" connected ", "closed the connection"));
        assertThat(console.err()).contains("2 peers: 1 shook hands, 1 complete, 1 would give everything");
        assertThat(tracker.visits()).isZero();
    }

    @Test
    void programsGetAnObjectForEachPeer() {
        assertThat(run("probe", torrent, "--peer", peer(), "--json", "--no-verify"))
                .isZero();

        assertThat(console.out())
                .contains("{\"type\":\"peer\",\"peer\":\"" + peer() + "\",\"source\":true,\"stage\":\"unchoked\",")
                .contains("\"unchokeMillis\":");
    }

    @Test
    void aMagnetLinkIsLookedUpFirst() {
        assertThat(run("probe", metainfo.magnet(), "--peer", peer())).isZero();

        assertThat(console.out()).contains(" served ");
    }

    @Test
    void whenNobodyIsASourceItEndsWithANumberOfItsOwn() {
        assertThat(run("probe", torrent, "--peer", other.address())).isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(run("probe", torrent, "--no-dht")).isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(console.err()).contains("no peer is known");
        assertThat(run("probe", torrent, "--at-once", "0")).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("probe", torrent, "--unchoke-timeout", "0")).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void everythingComesFromTheFirstCompleteOneAlone() throws Exception {
        Path got = folder.resolve("got");
        assertThat(run("probe", torrent, "--first-complete", "-o", got, "--peer", other.address(), "--peer", peer()))
                .isZero();

        assertThat(Files.mismatch(data, got.resolve("data.bin"))).isEqualTo(-1);
        assertThat(console.out()).isEqualTo(got.resolve("data.bin") + System.lineSeparator());
        assertThat(console.err()).contains("getting everything from " + peer() + " alone");

        assertThat(run("probe", torrent, "--first-complete", "-o", got, "--no-dht"))
                .as("all of it is there")
                .isZero();
    }

    @Test
    void itIsSaidPlainlyWhenNobodyServes() {
        assertThat(run("probe", torrent, "--first-complete", "-o", folder.resolve("got"), "--peer", other.address()))
                .isEqualTo(ExitCode.NO_PEERS.number());

        assertThat(console.err())
                .contains("closed the connection")
                .contains("nobody served: none of 1 has everything and gives it");
    }

    /** The link names a tracker and another peer, and both would like to be asked. */
    @Test
    void getTalksToTheNamedPeerAlone() throws Exception {
        Path got = folder.resolve("got");
        String link = metainfo.magnet() + "&x.pe=" + other.address();
        assertThat(link).contains("tr=");

        assertThat(run("get", link, "-o", got, "--peer", peer())).isZero();

        assertThat(Files.mismatch(data, got.resolve("data.bin"))).isEqualTo(-1);
        assertThat(tracker.visits()).isZero();
        assertThat(other.visits()).isZero();
    }
}
