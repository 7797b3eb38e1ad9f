package dev.spate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Items of the DHT (BEP 44): what one of Spate and libtorrent stores at the other's node, the other gets. And names of torrents (BEP 46). */
class DhtItemsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String TEXT = "a text of thirty bytes and two";
    private static final String SALT = "chapter";

    @RegisterExtension
    final Workshop workshop = new Workshop();

    @Test
    void libtorrentStoresAndGetsWhatSpatePuts() throws Exception {
        int node = libtorrent(0, "node").port();

        String target = spate(node, "dht", "put", TEXT);

        libtorrent(node, "get", target).await("item " + TEXT);
    }

    @Test
    void spateStoresAndGetsWhatLibtorrentPuts() throws Exception {
        int node = workshop.spateDhtNode();

        String target = libtorrent(node, "put", TEXT).await("stored ([0-9a-f]{40})");

        assertThat(spate(node, "dht", "get", target)).isEqualTo(TEXT);
    }

    @Test
    void libtorrentStoresAndGetsWhatSpatePutsUnderAKey() throws Exception {
        int node = libtorrent(0, "node").port();
        Path key = workshop.folder("key").resolve("key.pem");

        String name = spate(node, "dht", "put", "the first", "--key", key.toString(), "--salt", SALT);
        assertThat(spate(node, "dht", "put", TEXT, "--key", key.toString(), "--salt", SALT))
                .isEqualTo(name);

        libtorrent(node, "get-key", name, SALT).await("item " + TEXT + " seq \\d+");
    }

    @Test
    void spateStoresAndGetsWhatLibtorrentPutsUnderAKey() throws Exception {
        int node = workshop.spateDhtNode();
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String name = hex(last(keys.getPublic().getEncoded(), 32));
        String secret = hex(expanded(last(keys.getPrivate().getEncoded(), 32)));

        libtorrent(node, "put-key", secret, name, SALT, "the first").await("stored " + name);
        libtorrent(node, "put-key", secret, name, SALT, TEXT).await("stored " + name);

        assertThat(spate(node, "dht", "get", name, "--salt", SALT)).isEqualTo(TEXT);
    }

    /** A link to a key leads to the torrent that the key names now. */
    @Test
    void anUpdateIsFollowed() throws Exception {
        int node = libtorrent(0, "node").port();
        Path key = workshop.folder("key").resolve("key.pem");
        for (Payload payload : List.of(Payload.MULTI_FILE, Payload.ODD_PIECES)) {
            Torrent torrent = workshop.torrent(payload);
            workshop.spateSeed(torrent, torrent.source(), "--no-tracker", "--dht-node", "127.0.0.1:" + node);
            String link = spate(node, "dht", "name", torrent.file().toString(), "--key", key.toString());

            workshop.awaitGot(
                    workshop.spateGet(link, workshop.folder("got"), "--dht-node", "127.0.0.1:" + node), torrent);
        }
    }

    /** A node of libtorrent that does one thing. */
    private record Node(int port, Program program) {

        /** Waits for a line; the text of its only group, or all of it. */
        String await(String line) throws Exception {
            Pattern pattern = Pattern.compile("^" + line + "$", Pattern.MULTILINE);
            Waiting.until(() -> pattern.matcher(program.output()).find(), LIMIT, program::tail);
            Matcher found = pattern.matcher(program.output());
            assertThat(found.find()).isTrue();
            return found.group(found.groupCount());
        }
    }

    private Node libtorrent(int node, String... order) throws Exception {
        int port = Ports.free();
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/python3",
                RealClient.module().resolve("clients/libtorrent_items.py").toString(),
                Integer.toString(port),
                Integer.toString(node)));
        command.addAll(List.of(order));
        Node started = new Node(port, workshop.start("libtorrent-items", command, workshop.folder("items")));
        started.await("node at " + port);
        return started;
    }

    /** Runs a command of Spate to its end; what it printed last. */
    private String spate(int node, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("--node", "127.0.0.1:" + node, "--listen", "127.0.0.1:0"));
        Program program = workshop.spate(command.toArray(String[]::new));
        assertThat(program.exitCode(LIMIT)).as(program.tail()).isZero();
        return program.output().lines().toList().getLast();
    }

    private static byte[] last(byte[] bytes, int count) {
        return Arrays.copyOfRange(bytes, bytes.length - count, bytes.length);
    }

    /** RFC 8032, section 5.1.5: what a seed stands for, which is what libtorrent calls a private key. */
    private static byte[] expanded(byte[] seed) throws Exception {
        byte[] expanded = MessageDigest.getInstance("SHA-512").digest(seed);
        expanded[0] &= (byte) 0xf8;
        expanded[31] &= 0x3f;
        expanded[31] |= 0x40;
        return expanded;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
