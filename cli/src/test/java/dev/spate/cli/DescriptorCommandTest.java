package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code spate descriptor} on loopback. */
@Timeout(120)
class DescriptorCommandTest {
    private static final Pattern AT = Pattern.compile("at (127\\.0\\.0\\.1:\\d+)");

    private static final String ORIGINAL = "{\"size\": 3000, \"piece_length\": 50, \"hash_key\": \"13\","
            + " \"file\": {\"length\": 3000, \"name\": \"a.txt\", \"path\": \".\"}, \"nodes\": []}";

    @TempDir
    private Path folder;

    private final Console console = new Console();
    private final List<Thread> running = new ArrayList<>();
    private Path file;
    private Path descriptor;

    @BeforeEach
    void makeFile() throws Exception {
        byte[] content = new byte[200_000];
        new SplittableRandom(4).nextBytes(content);
        file = Files.write(folder.resolve("data.bin"), content);
        descriptor = folder.resolve("data.json");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Thread each : running) {
            each.interrupt();
            each.join();
        }
    }

    /** Runs a command until it says where it is. */
    private String begin(Object... arguments) {
        Console own = new Console();
        Thread thread = Thread.ofPlatform().start(() -> own.run(arguments));
        running.add(thread);
        while (thread.isAlive()) {
            Matcher matcher = AT.matcher(own.out());
            if (matcher.find()) {
                return matcher.group(1);
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("it ended: " + own.err());
    }

    private int join(Object... more) {
        List<Object> all = new ArrayList<>(List.of(
                "descriptor", "join", descriptor, "--listen", "127.0.0.1:0", "-o", folder.resolve("got"), "--state"));
        all.add(folder.resolve("s2"));
        all.addAll(List.of(more));
        return console.run(all.toArray());
    }

    @Test
    void whatOneSharesAnotherGetsThroughANeighbour() {
        assertThat(console.run("descriptor", "create", file, "-o", descriptor, "--json"))
                .isZero();
        assertThat(console.out()).contains("\"hashKey\":\"", "\"pieces\":13");
        String holder = begin(
                "descriptor", "share", descriptor, "--listen", "127.0.0.1:0", "--state", folder.resolve("s1"), "-q");
        String neighbour = begin("descriptor", "node", "--node", holder, "--listen", "127.0.0.1:0", "--every", "1s");

        assertThat(join("--node", neighbour, "--seed-time", "50ms")).isZero();
        assertThat(folder.resolve("got").resolve("data.bin")).hasSameBinaryContentAs(file);
        assertThat(console.out()).endsWith(folder.resolve("got").resolve("data.bin") + System.lineSeparator());
        assertThat(console.err())
                .contains(holder + " names 1 peer", "joined " + holder + ", a seed", "complete and verified: 195 KiB");
        assertThat(join("--node", neighbour, "--json", "--overwrite")).isZero();
        assertThat(console.out()).contains("\"type\":\"completed\"");
    }

    @Test
    void withoutHashesItJoinsAndRefusesToTransfer() throws Exception {
        assertThat(console.run("descriptor", "create", file, "-o", descriptor, "--key", "13"))
                .isZero();
        String holder = begin(
                "descriptor", "share", descriptor, "--listen", "127.0.0.1:0", "--state", folder.resolve("s1"), "-q");
        Files.writeString(descriptor, ORIGINAL);
        assertThat(join("--node", holder)).isEqualTo(ExitCode.UNSUPPORTED.number());
        assertThat(console.err()).contains("joined " + holder, "no hashes", "spate descriptor create");
        assertThat(folder.resolve("got")).doesNotExist();
        assertThat(console.run("descriptor", "share", descriptor)).isEqualTo(ExitCode.UNSUPPORTED.number());
    }

    @Test
    void saysWhenNobodyHasTheFile() throws Exception {
        assertThat(console.run("descriptor", "create", file, "-o", descriptor)).isZero();
        assertThat(console.err()).contains("it names no node yet");
        assertThat(join()).isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(console.err()).contains("names no node that could be asked");
        assertThat(join("--node", "127.0.0.1:9", "--timeout", "300ms")).isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(console.err()).contains("nobody who has the file was found");
        assertThat(join("--node", "[::1]:9", "--timeout", "300ms")).isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(console.err()).contains("has no IPv4 address");
    }

    @Test
    void whatIsWrongIsNamedWithItsRemedy() throws Exception {
        assertThat(join()).isEqualTo(ExitCode.NOT_FOUND.number());
        Files.writeString(descriptor, ORIGINAL.replace("\"13\"", "13"));
        assertThat(join()).isEqualTo(ExitCode.BAD_TORRENT.number());
        assertThat(console.err()).contains("line 1, column 48: \"hash_key\" is not a text");
        Files.writeString(descriptor, ORIGINAL.replace("\"hash_key\"", "\"key\""));
        assertThat(join()).isEqualTo(ExitCode.BAD_TORRENT.number());
        assertThat(console.err()).contains("\"hash_key\" is missing", "  Give a text.");
        assertThat(join("--timeout", "0")).isEqualTo(ExitCode.USAGE.number());
        assertThat(join("--seed-ratio", "-1")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("descriptor", "create", folder)).isEqualTo(ExitCode.FILE_TROUBLE.number());
        assertThat(console.run("descriptor", "create", folder.resolve("none"))).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(console.run("descriptor", "create", file, file, "--key", "x"))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("descriptor", "create", file, "--key", "x".repeat(36)))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("descriptor", "create", file, "-o", file)).isEqualTo(ExitCode.NAME_CLASH.number());
        assertThat(console.run("descriptor", "node")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("descriptor", "node", "--listen", "0.0.0.0:0")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("descriptor", "node", "--listen", "127.0.0.1:0", "--every", "0"))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("descriptor")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.err()).doesNotContain("Exception");
    }

    @Test
    void aPortInUseAndAFileThatIsElsewhereAreNamed() throws Exception {
        assertThat(console.run("descriptor", "create", file, "-o", descriptor)).isZero();
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            String at = "127.0.0.1:" + taken.getLocalPort();
            assertThat(console.run("descriptor", "node", "--listen", at)).isEqualTo(ExitCode.PORT_IN_USE.number());
            assertThat(console.err()).contains("cannot take datagrams at " + at);
        }
        assertThat(console.run(
                        "descriptor", "share", descriptor, "--listen", "127.0.0.1:0", "--data", folder.resolve("got")))
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(console.err()).contains("--data");
    }
}
