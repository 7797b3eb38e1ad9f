package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program that runs when a download is complete. */
@Timeout(60)
class OnDoneTest {

    @TempDir
    private Path folder;

    private final Console console = new Console();
    private Path torrent;

    @BeforeEach
    void makeATorrentThatIsThere() throws IOException {
        Path data = Files.write(folder.resolve("my film.bin"), new byte[100_000]);
        torrent = folder.resolve("t.torrent");
        assertThat(new Console().run("create", data, "-o", torrent, "-t", "http://127.0.0.1:9/a,http://127.0.0.1:9/b"))
                .isZero();
    }

    private int get(String command) {
        return console.run(
                "get",
                torrent,
                "-o",
                folder,
                "--listen",
                "127.0.0.1:0",
                "--no-tracker",
                "--state",
                folder.resolve("s"),
                "--on-done",
                command);
    }

    @Test
    void isToldByItsEnvironment() throws IOException {
        Path told = folder.resolve("told");
        assertThat(get("sh -c 'env > \"$0\"; echo hello; echo  \"$1\" >&2' '" + told + "' 'a  b'"))
                .isZero();
        assertThat(console.err()).contains("hello").contains("a  b");
        assertThat(console.out()).isEqualTo(folder.resolve("my film.bin") + System.lineSeparator());
        List<String> lines = Files.readAllLines(told);
        assertThat(lines)
                .contains(
                        "SPATE_NAME=my film.bin",
                        "SPATE_FOLDER=" + folder,
                        "SPATE_PATH=" + folder.resolve("my film.bin"),
                        "SPATE_SIZE=100000",
                        "SPATE_DOWNLOADED=0",
                        "SPATE_UPLOADED=0",
                        "SPATE_TRACKERS=http://127.0.0.1:9/a,http://127.0.0.1:9/b",
                        "TR_TORRENT_NAME=my film.bin",
                        "TR_TORRENT_DIR=" + folder,
                        "TR_TORRENT_BYTES_DOWNLOADED=0",
                        "TR_TORRENT_ID=1",
                        "TR_TORRENT_LABELS=",
                        "TR_TORRENT_PRIORITY=0",
                        "TR_TORRENT_TRACKERS=http://127.0.0.1:9/a,http://127.0.0.1:9/b")
                .anyMatch(line -> line.matches("SPATE_INFO_HASH=[0-9a-f]{40}"))
                .anyMatch(line -> line.matches("TR_TORRENT_HASH=[0-9a-f]{40}"))
                .anyMatch(line -> line.matches(
                        "TR_TIME_LOCALTIME=[A-Z][a-z]{2} [A-Z][a-z]{2} [ 123]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}"))
                .anyMatch(line -> line.startsWith("TR_APP_VERSION="));
    }

    @Test
    void itsFailureIsToldApart() {
        assertThat(get("sh -c 'exit 3'")).isEqualTo(ExitCode.ON_DONE_FAILED.number());
        assertThat(console.err()).contains("sh ended with 3");
    }

    @Test
    void aProgramThatIsNotThereIsToldApart() {
        assertThat(get(folder.resolve("nothing").toString())).isEqualTo(ExitCode.ON_DONE_FAILED.number());
        assertThat(console.err()).contains("cannot be started");
    }

    @Test
    void halfACommandIsNoticedBeforeAnythingElse() {
        assertThat(get("sh -c 'echo")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.err()).contains("a quote is not closed");
        assertThat(folder.resolve("s")).doesNotExist();
    }

    /** Far more than what is kept of it: it has to wait, and nothing grows. */
    @Test
    void mayPrintMuch() {
        assertThat(get("sh -c 'i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done'"))
                .isZero();
        assertThat(console.err()).contains("line 0", "line 150");
    }
}
