package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code spate doctor}: on a sound machine, and with each thing that may be wrong. */
@Timeout(60)
class DoctorTest {

    @TempDir
    private Path folder;

    private final Console console = new Console();

    private int doctor(Object... more) {
        Object[] arguments = new Object[7 + more.length];
        Object[] usual = {"doctor", "-o", folder, "--state", folder.resolve("new/state"), "--listen", "127.0.0.1:0"};
        System.arraycopy(usual, 0, arguments, 0, usual.length);
        System.arraycopy(more, 0, arguments, usual.length, more.length);
        return console.run(arguments);
    }

    @Test
    void aSoundMachineIsSaidToBeSound() {
        assertThat(doctor()).isZero();
        assertThat(console.out()).contains("good  java", "good  clock", "good  listening", "free: [127.0.0.1:");
        assertThat(console.out()).doesNotContain("BAD");
        assertThat(folder.resolve("new")).as("nothing is left").doesNotExist();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void printsJson() {
        assertThat(doctor("--json")).isZero();
        assertThat(console.out().lines())
                .allMatch(line -> line.startsWith("{\"type\":\"finding\",\"subject\":\""))
                .anyMatch(line -> line.contains("\"subject\":\"downloads\",\"state\":"));
    }

    @Test
    void aPortThatIsTakenIsBad() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(console.run("doctor", "--listen", "127.0.0.1:" + taken.getLocalPort(), "--state", folder))
                    .isEqualTo(ExitCode.PORT_IN_USE.number());
            assertThat(console.out()).contains("BAD   listening", "hoose another address or port");
        }
    }

    @Test
    void aProxyThatIsNotThereIsBad() throws Exception {
        int dead;
        try (var port = new ServerSocket(0)) {
            dead = port.getLocalPort();
        }
        assertThat(doctor("--proxy", "socks5://127.0.0.1:" + dead)).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(console.out()).contains("BAD   proxy", "cannot be reached");
    }

    @Test
    void aFolderThatCannotBeMadeIsBad() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThat(Checkup.folder("downloads", file.resolve("inside")).state()).isEqualTo(Finding.State.BAD);
    }

    @Test
    void aClockOfTheLastCenturyIsNoticed() {
        assertThat(Checkup.clock(Instant.EPOCH).state()).isEqualTo(Finding.State.WARNING);
    }

    @Test
    void fewDescriptorsAreNoticed() {
        String line = "Max open files            %s                 4096                 files     ";
        assertThat(Checkup.descriptors(List.of("Limit", line.formatted("256")), 500)
                        .text())
                .contains("800 are wished for");
        assertThat(Checkup.descriptors(List.of(line.formatted("1024")), 500).state())
                .isEqualTo(Finding.State.GOOD);
        assertThat(Checkup.descriptors(List.of(line.formatted("unlimited")), 500)
                        .state())
                .isEqualTo(Finding.State.GOOD);
    }

    @Test
    void mappingAndAProxyExcludeEachOther() {
        assertThat(doctor("--map-port", "--proxy", "socks5://127.0.0.1:9")).isEqualTo(ExitCode.USAGE.number());
    }
}
