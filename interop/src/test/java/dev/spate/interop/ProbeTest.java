package dev.spate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code spate probe} in a swarm of real clients, a partial seed, and peers that are no good. */
class ProbeTest {

    private static final Payload PAYLOAD = Payload.SINGLE_FILE;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @RegisterExtension
    final Workshop workshop = new Workshop();

    @Test
    void eachIsNamedRightly() throws Exception {
        Torrent torrent = workshop.torrent(PAYLOAD);
        Map<String, String> expected = new LinkedHashMap<>();
        for (RealClient client : List.of(new Libtorrent(), new Transmission(), new Aria2())) {
            expected.put(workshop.seed(client, torrent).address(), "\"source\":true,\"stage\":\"served\"");
        }
        expected.put(partialSeed(torrent).address(), "\"source\":false,\"stage\":\"served\",\"reason\":\"incomplete\"");
        try (var silent = new Impostor(Impostor.Kind.SILENT, torrent);
                var choking = new Impostor(Impostor.Kind.CHOKING, torrent);
                var liar = new Impostor(Impostor.Kind.LYING, torrent)) {
            expected.put(
                    silent.address(), "\"source\":false,\"stage\":\"connected\",\"reason\":\"handshake-timed-out\"");
            expected.put(choking.address(), "\"source\":false,\"stage\":\"pieces\",\"reason\":\"choked\"");
            expected.put(liar.address(), "\"source\":false,\"stage\":\"unchoked\",\"reason\":\"corrupt\"");
            expected.put("127.0.0.1:" + Ports.free(), "\"source\":false,\"stage\":\"nothing\",\"reason\":\"refused\"");

            Program probe = probe(torrent, expected.keySet(), "--json");

            assertThat(probe.exitCode(LIMIT)).as(probe.tail()).isZero();
            expected.forEach((peer, said) ->
                    assertThat(probe.output()).contains("{\"type\":\"peer\",\"peer\":\"" + peer + "\"," + said));
            for (String client : List.of("libtorrent", "Transmission", "aria2")) {
                assertThat(probe.output())
                        .containsPattern(
                                Pattern.compile("\"source\":true.*\"client\":\"" + client + ".*\"unchokeMillis\":"));
            }
            Program table = probe(torrent, expected.keySet());
            assertThat(table.exitCode(LIMIT)).as(table.tail()).isZero();
            System.out.println(table.output());
            assertThat(table.output())
                    .contains("incomplete", "no handshake in time", "does not unchoke", "a liar", "connection refused")
                    .contains("3 would give everything");
        }
    }

    @Test
    void theFirstCompleteOneGivesEverything() throws Exception {
        Torrent torrent = workshop.torrent(PAYLOAD);
        Workshop.Peer partial = partialSeed(torrent);
        Workshop.Peer seed = workshop.seed(new Aria2(), torrent);
        Path got = workshop.folder("got");
        try (var liar = new Impostor(Impostor.Kind.LYING, torrent)) {
            Program probe = probe(
                    torrent,
                    List.of(liar.address(), partial.address(), seed.address()),
                    "--first-complete",
                    "-o",
                    got.toString());

            assertThat(probe.exitCode(LIMIT)).as(probe.tail()).isZero();
            assertThat(probe.output()).contains("getting everything from " + seed.address() + " alone");
            assertThat(PAYLOAD.isSame(torrent.source(), got)).isTrue();
        }
    }

    @Test
    void itIsSaidWhenNobodyServes() throws Exception {
        Torrent torrent = workshop.torrent(PAYLOAD);
        try (var liar = new Impostor(Impostor.Kind.LYING, torrent)) {
            Program probe = probe(
                    torrent,
                    List.of(liar.address()),
                    "--first-complete",
                    "-o",
                    workshop.folder("got").toString());

            assertThat(probe.exitCode(LIMIT)).isEqualTo(10);
            assertThat(probe.output()).contains("nobody served");
        }
    }

    private Program probe(Torrent torrent, Iterable<String> peers, String... options) throws Exception {
        var arguments = new ArrayList<>(
                List.of("probe", torrent.file().toString(), "--listen", "127.0.0.1:" + Ports.free(), "--no-tracker"));
        peers.forEach(peer -> arguments.addAll(List.of("--peer", peer)));
        arguments.addAll(List.of(options));
        return workshop.spate(arguments.toArray(String[]::new));
    }

    /** libtorrent with the first half, and nobody to get the rest from. */
    private Workshop.Peer partialSeed(Torrent torrent) throws Exception {
        Path folder = workshop.folder("half");
        Path copy = folder.resolve(PAYLOAD.name());
        Files.copy(torrent.source().resolve(PAYLOAD.name()), copy);
        long half = PAYLOAD.length() / 2;
        try (var file = new RandomAccessFile(copy.toFile(), "rw")) {
            file.seek(half);
            file.write(new byte[Math.toIntExact(PAYLOAD.length() - half)]);
        }
        return workshop.start(new Libtorrent(), torrent, folder, Ports.free(), torrent.pieces() / 2 - 1);
    }
}
