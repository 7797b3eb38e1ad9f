package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.wire.Deviation;
import dev.spate.classic.course.wire.Dialect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The course's commands, from a folder with two configuration files to a checked run. */
@Timeout(90)
class PeerProcessCommandTest {
    @TempDir
    private Path folder;

    private final Console console = new Console();

    private void makeNetwork() throws IOException {
        Files.writeString(folder.resolve("Common.cfg"), """
                NumberOfPreferredNeighbors 1
                UnchokingInterval 1
                OptimisticUnchokingInterval 2
                FileName thefile
                FileSize 300001
                PieceSize 16384
                """);
        StringBuilder peers = new StringBuilder();
        for (int id = 1001; id <= 1003; id++) {
            try (ServerSocket free = new ServerSocket()) {
                free.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
                peers.append(id + " 127.0.0.1 " + free.getLocalPort() + (id == 1001 ? " 1" : " 0") + "\n");
            }
        }
        Files.writeString(folder.resolve("PeerInfo.cfg"), peers);
        byte[] content = new byte[300_001];
        new SplittableRandom(1).nextBytes(content);
        Files.createDirectories(folder.resolve("peer_1001"));
        Files.write(folder.resolve("peer_1001").resolve("thefile"), content);
    }

    @Test
    void runsAWholeNetworkAndChecksIt() throws IOException {
        makeNetwork();

        assertThat(console.run("peer-process", "--all", "--dir", folder, "-q"))
                .as(console.err())
                .isZero();
        assertThat(console.out()).contains("all 3 peers have the file");
        assertThat(console.run("peer-process", "check", folder, "--rules"))
                .as(console.out())
                .isZero();
        assertThat(console.out()).contains("kept    piece-count", "3 of 3 peers have the file; no rule is broken");

        Files.writeString(folder.resolve("log_peer_1002.log"), "nonsense\n");
        Console again = new Console();
        assertThat(again.run("peer-process", "check", folder)).isEqualTo(ExitCode.NOT_VERIFIED.number());
        assertThat(again.out()).contains("log_peer_1002.log:1: readable: not a line of the project: 'nonsense'");
        assertThat(again.run("peer-process", "check", "--json", folder)).isEqualTo(ExitCode.NOT_VERIFIED.number());
        assertThat(again.out()).contains("{\"type\":\"finding\",\"rule\":\"readable\",\"peer\":1002,\"line\":1,");
    }

    @Test
    void saysWhatIsWrongWithTheConfiguration() throws IOException {
        assertThat(console.run("peer-process", "1001", "--dir", folder)).isEqualTo(ExitCode.NOT_FOUND.number());
        makeNetwork();
        assertThat(console.run("peer-process", "7", "--dir", folder)).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(console.err()).contains("there is no peer 7", "1001, 1002, 1003");
        assertThat(console.run("peer-process", "--dir", folder)).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("peer-process", "1001", "--all", "--dir", folder))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("peer-process", "1001", "--dialect", "martian")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("peer-process", "1001", "--dialect", "low-bit,martian"))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(console.err()).contains("no dialect 'martian'; there are auto, strict", "payload-length,low-bit");
        Files.write(folder.resolve("peer_1001").resolve("thefile"), new byte[7]);
        assertThat(console.run("peer-process", "1001", "--dir", folder)).isEqualTo(ExitCode.NAME_CLASH.number());
        Files.writeString(folder.resolve("PeerInfo.cfg"), "1001 a 1 1\n1001 b 2 0\n");
        assertThat(console.run("peer-process", "1001", "--dir", folder)).isEqualTo(ExitCode.BAD_CONFIGURATION.number());
        assertThat(console.err()).contains("PeerInfo.cfg:2: peer 1001 is in line 1 already");
    }

    @Test
    void knowsDialectsByTheirDeviations() {
        assertThat(PeerProcessCommand.Speech.parse("auto").dialect()).isNull();
        assertThat(PeerProcessCommand.Speech.parse("strict").dialect()).isEqualTo(Dialect.STRICT);
        PeerProcessCommand.Speech several = PeerProcessCommand.Speech.parse("low-bit,ascii-id,padded-piece");
        assertThat(several.dialect())
                .isEqualTo(Dialect.of(Deviation.LOW_BIT, Deviation.ASCII_ID, Deviation.PADDED_PIECE));
        assertThat(PeerProcessCommand.Speech.parse(several.title())).isEqualTo(several);
    }

    @Test
    void givesUpWhenNobodyComes() throws IOException {
        makeNetwork();

        assertThat(console.run("peer-process", "1001", "--dir", folder, "-q", "--patience", "1s"))
                .isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(console.err()).contains("peer 1002 never came");
    }

    /** A program in ssh's place runs the commands on this machine. */
    @Test
    void startsPeersThroughSsh() throws IOException {
        makeNetwork();
        Path ssh = Files.writeString(folder.resolve("ssh"), "#!/bin/sh\n[ \"$1\" = -- ] && exec sh -c \"$3\"\n");
        Path spate = Files.writeString(
                folder.resolve("spate"),
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
                        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        + "' dev.spate.cli.Spate \"$@\"\n");
        Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(spate, PosixFilePermissions.fromString("rwx------"));

        assertThat(console.run(
                        "peer-process",
                        "--all",
                        "--dir",
                        folder,
                        "--launch",
                        "ssh",
                        "--ssh-command",
                        ssh,
                        "--remote-spate",
                        spate))
                .as(console.err())
                .isZero();
        assertThat(console.run("peer-process", "check", folder))
                .as(console.out())
                .isZero();

        Files.writeString(ssh, "#!/bin/sh\necho no such host >&2\nexit 255\n");
        assertThat(console.run("peer-process", "--all", "--dir", folder, "--launch", "ssh", "--ssh-command", ssh))
                .isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(console.err()).contains("1001: no such host", "ended with 255");
    }

    @Test
    void demonstratesTheNetworksOfTheSeeds() {
        assertThat(console.run("demo", "classic", "--size", "1MiB", "--peers", "4", "-q"))
                .as(console.out())
                .isZero();
        assertThat(console.out())
                .contains(
                        "every peer ended by itself",
                        "no rule of the project is broken",
                        "3 leeches got 1.00 MiB each");
    }
}
