package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.DhtOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code spate dht} with a node on loopback. */
@Timeout(120)
class DhtCommandTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path folder;

    private final Console console = new Console();
    private Dht node;
    private String address;

    @BeforeEach
    void open() throws Exception {
        node = Dht.open(DhtOptions.at(List.of(ANY_PORT)));
        address = "127.0.0.1:" + node.localAddresses().getFirst().getPort();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private int run(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("dht", arguments[0], "--listen", "127.0.0.1:0"));
        all.addAll(List.of("--state", folder.resolve("dht.state")));
        all.addAll(List.of(arguments).subList(1, arguments.length));
        return console.run(all.toArray());
    }

    @Test
    void tellsWhoIsThere() {
        assertThat(run("ping", address)).isZero();
        assertThat(console.out()).matches("\\p{XDigit}{40}  " + address + "  \\d+\\.\\d ms\\R");
        assertThat(run("ping", "127.0.0.1:9", "--json")).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(console.err()).contains("nobody answers at 127.0.0.1:9");
    }

    @Test
    void announcesAndFindsPeers() {
        assertThat(run("announce", HASH, "--port", 7000, "--seed", "--node", address))
                .isZero();
        assertThat(console.err()).contains("1 node has taken it");
        assertThat(run("peers", HASH, "--node", address)).isZero();
        assertThat(console.out()).contains("127.0.0.1:7000");
        assertThat(run("peers", HASH, "--node", address, "--count", "--json")).isZero();
        assertThat(console.out()).contains("{\"seeds\":1,\"peers\":0}");
        assertThat(run("find", HASH, "--node", address, "--json")).isZero();
        assertThat(console.out()).contains("\"address\":\"" + address + "\"");
        assertThat(run("sample", "--node", address)).isZero();
        assertThat(console.out()).contains(HASH);
        assertThat(run("crawl", "--most", 1, "--node", address, "--json")).isZero();
        assertThat(console.out()).contains("{\"infoHash\":\"" + HASH + "\"}");
        assertThat(run("announce", HASH, "--port", 0)).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void storesTexts() {
        assertThat(run("put", "a text", "--node", address)).isZero();
        String target = console.out().strip();
        assertThat(run("get", target, "--node", address, "--json")).isZero();
        assertThat(console.out()).contains("{\"text\":\"a text\"}");
        assertThat(run("get", HASH, "--node", address)).isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(run("put", "x".repeat(997), "--node", address)).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("get", "nonsense", "--node", address)).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void storesUnderAKey() throws Exception {
        Path key = folder.resolve("key.pem");
        assertThat(run("put", "first", "--key", key, "--salt", "s", "--node", address))
                .isZero();
        String publicKey = console.out().strip();
        assertThat(Files.readString(key)).contains("BEGIN PRIVATE KEY");
        assertThat(run("put", "second", "--key", key, "--salt", "s", "--node", address))
                .isZero();
        assertThat(run("get", publicKey, "--salt", "s", "--node", address, "--json"))
                .isZero();
        assertThat(console.out()).contains("{\"seq\":2,\"text\":\"second\"}");

        Files.writeString(key, "nothing of use");
        assertThat(run("put", "third", "--key", key, "--node", address)).isEqualTo(ExitCode.FILE_TROUBLE.number());
        assertThat(Files.readString(key)).isEqualTo("nothing of use");
    }

    @Test
    void namesATorrent() {
        Path key = folder.resolve("key.pem");
        assertThat(run("name", HASH, "--node", address)).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("name", HASH, "--key", key, "--node", address)).isZero();
        assertThat(console.out().lines()).hasSize(1);
        String link = console.out().strip();
        assertThat(link).startsWith("magnet:?xs=urn:btpk:");
        assertThat(run("get", link, "--node", address)).isZero();
        assertThat(console.out().lines().toList().getLast()).isEqualTo(HASH);
    }

    @Test
    void aGroupWithoutACommandIsExplained() {
        assertThat(console.run("dht")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.err()).contains("announce").contains("crawl");
    }

    @Test
    void saysWhenNobodyAnswers() {
        assertThat(run("peers", HASH, "--node", "127.0.0.1:9", "--timeout", "1s"))
                .isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(console.err()).contains("no node of the DHT answers").contains("--node");
    }
}
