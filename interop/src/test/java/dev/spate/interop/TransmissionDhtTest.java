package dev.spate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Transmission meets Spate in the DHT, in both directions. It takes no node on the loopback interface for possible, and trusts a
 * DHT only where it has met more than eight nodes; so it lives in a network of its own beside ten nodes of Spate.
 */
class TransmissionDhtTest {
    private static final int NODES = 10;
    private static final int FIRST_PORT = 7001;
    private static final int TRANSMISSION_PORT = 6999;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @RegisterExtension
    final Workshop workshop = new Workshop();

    @Test
    void transmissionGetsByMagnet() throws Exception {
        try (Namespaces world = Namespaces.make()) {
            nodes(world);
            Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
            spate(
                    world,
                    "seed",
                    torrent.file().toString(),
                    "-o",
                    torrent.source().toString(),
                    "--no-tracker");
            Path got = workshop.folder("got");
            Program transmission = transmission(world, got);

            remote(world, "-a", "magnet:?xt=urn:btih:" + torrent.infoHash());

            Payload expected = torrent.payload().withoutEmptyFiles();
            Waiting.until(() -> expected.isSame(torrent.source(), got), LIMIT, transmission::tail);
        }
    }

    @Test
    void spateGetsByMagnet() throws Exception {
        try (Namespaces world = Namespaces.make()) {
            nodes(world);
            Torrent torrent = workshop.torrent(Payload.MULTI_FILE);
            transmission(world, torrent.source());
            remote(world, "-a", torrent.file().toString());
            Path got = workshop.folder("got");

            Program spate = spate(world, "get", torrent.infoHash().toString(), "-o", got.toString(), "--timeout", "3m");

            assertThat(spate.exitCode(LIMIT)).as(spate.tail()).isZero();
            assertThat(torrent.payload().isSame(torrent.source(), got)).isTrue();
        }
    }

    private void nodes(Namespaces world) throws Exception {
        List<Program> started = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            started.add(spate(
                    world,
                    "dht",
                    "node",
                    "--listen",
                    Namespaces.NEIGHBOUR + ":" + (FIRST_PORT + i),
                    "--state",
                    workshop.folder("node").resolve("dht.state").toString(),
                    "--node",
                    Namespaces.NEIGHBOUR + ":" + FIRST_PORT));
        }
        for (Program node : started) {
            Waiting.until(() -> node.output().contains("listening at"), LIMIT, node::tail);
        }
    }

    /** Starts Spate outside; a download or a seed begins with the first node. */
    private Program spate(Namespaces world, String... words) throws Exception {
        List<String> command = new ArrayList<>(
                world.outside(RealClient.module().resolveSibling("spate").toString()));
        command.addAll(List.of(words));
        if (!words[0].equals("dht")) {
            command.addAll(List.of(
                    "--listen",
                    Namespaces.NEIGHBOUR + ":0",
                    "--dht-node",
                    Namespaces.NEIGHBOUR + ":" + FIRST_PORT,
                    "--state",
                    workshop.folder("state").toString()));
        }
        return workshop.start("spate-" + words[0], command, workshop.folder("spate-" + words[0]));
    }

    private Program transmission(Namespaces world, Path folder) throws Exception {
        Path home = workshop.folder("transmission");
        Files.writeString(home.resolve("settings.json"), """
                {
                  "bind-address-ipv4": "%s", "peer-port": %d, "peer-port-random-on-start": false,
                  "port-forwarding-enabled": false, "rpc-enabled": true, "rpc-bind-address": "127.0.0.1",
                  "rpc-whitelist-enabled": false, "download-dir": "%s", "incomplete-dir-enabled": false,
                  "rename-partial-files": false, "dht-enabled": true, "lpd-enabled": false, "pex-enabled": false,
                  "utp-enabled": false, "encryption": 0, "message-level": 3
                }
                """.formatted(Namespaces.INSIDE, TRANSMISSION_PORT, folder));
        Files.write(home.resolve("dht.dat"), knownNodes());
        Program program = workshop.start(
                "transmission",
                world.inside("transmission-daemon", "--foreground", "--config-dir", home.toString()),
                home);
        Waiting.until(() -> remoteWorks(world), LIMIT, program::tail);
        return program;
    }

    /** Its file of nodes that it has met: a dictionary with its id and the addresses, six bytes each. */
    private static byte[] knownNodes() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                ("d2:id20:spate interop ident." + "5:nodes" + 6 * NODES + ":").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < NODES; i++) {
            bytes.writeBytes(InetAddress.getByName(Namespaces.NEIGHBOUR).getAddress());
            bytes.write((FIRST_PORT + i) >> 8);
            bytes.write(FIRST_PORT + i);
        }
        bytes.write('e');
        return bytes.toByteArray();
    }

    private static boolean remoteWorks(Namespaces world) throws Exception {
        return run(world.inside("transmission-remote", "127.0.0.1:9091", "-si")) == 0;
    }

    private static void remote(Namespaces world, String... words) throws Exception {
        List<String> command = new ArrayList<>(world.inside("transmission-remote", "127.0.0.1:9091"));
        command.addAll(List.of(words));
        assertThat(run(command)).isZero();
    }

    private static int run(List<String> command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
