package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EditCommandTest {

    @TempDir
    private Path folder;

    private final Console console = new Console();
    private Path torrent;
    private Metainfo before;

    @BeforeEach
    void makeATorrent() throws Exception {
        Path data = Files.write(folder.resolve("film"), new byte[100_000]);
        torrent = folder.resolve("t.torrent");
        assertThat(new Console().run("create", data, "-o", torrent, "-t", "http://a/", "-t", "http://b/", "-c", "old"))
                .isZero();
        before = now();
    }

    private Metainfo now() throws CommandFailure {
        return TorrentSource.read(torrent);
    }

    @Test
    void changesWhatIsNamedAndNothingElse() throws Exception {
        assertThat(console.run("edit", torrent, "--remove-tracker", "http://a/", "--add-tracker", "http://c/"))
                .isZero();
        assertThat(now().trackers()).containsExactly(List.of("http://b/"), List.of("http://c/"));
        assertThat(now().comment()).hasValue("old");
        assertThat(now().infoHash()).isEqualTo(before.infoHash());
        assertThat(console.out()).isEqualTo(torrent + System.lineSeparator());
        assertThat(console.err()).isEmpty();

        assertThat(console.run("edit", torrent, "-t", "http://x/,http://y/", "-t", "http://z/", "-c", ""))
                .isZero();
        assertThat(now().trackers()).containsExactly(List.of("http://x/", "http://y/"), List.of("http://z/"));
        assertThat(now().comment()).isEmpty();
        assertThat(console.run("edit", torrent, "-t", "")).isZero();
        assertThat(now().trackers()).isEmpty();
    }

    @Test
    void anotherInfoHashMustBeAllowed() throws Exception {
        byte[] bytes = Files.readAllBytes(torrent);
        for (List<String> change :
                List.of(List.of("--source", "S"), List.of("--private"), List.of("--name", "movie"))) {
            Object[] arguments = new Object[change.size() + 2];
            arguments[0] = "edit";
            arguments[1] = torrent;
            System.arraycopy(change.toArray(), 0, arguments, 2, change.size());
            assertThat(console.run(arguments)).isEqualTo(ExitCode.USAGE.number());
            assertThat(Files.readAllBytes(torrent)).isEqualTo(bytes);
        }
        assertThat(console.err()).contains("would change the info-hash", "--new-info-hash");

        Console other = new Console();
        assertThat(other.run(
                        "edit", torrent, "--source", "S", "--private", "--name", "movie", "--new-info-hash", "--json"))
                .isZero();
        assertThat(now().source()).hasValue("S");
        assertThat(now().isPrivate()).isTrue();
        assertThat(now().name()).isEqualTo("movie");
        assertThat(other.err())
                .contains(before.infoHash().toString(), now().infoHash().toString());
        assertThat(other.out()).contains("\"name\":\"movie\"");
        assertThat(console.run("edit", torrent, "--source", "", "--no-private", "--name", "film", "--new-info-hash"))
                .isZero();
        assertThat(Files.readAllBytes(torrent)).isEqualTo(bytes);
    }

    @Test
    void writesElsewhereAndReplacesNothing() throws IOException {
        Path other = folder.resolve("other.torrent");
        byte[] bytes = Files.readAllBytes(torrent);
        assertThat(console.run("edit", torrent, "-c", "new", "-o", other)).isZero();
        assertThat(Files.readAllBytes(torrent)).isEqualTo(bytes);
        assertThat(console.run("edit", torrent, "-c", "newer", "-o", other)).isEqualTo(ExitCode.NAME_CLASH.number());
        assertThat(console.run("edit", torrent, "-c", "newer", "-o", other, "--overwrite"))
                .isZero();
    }

    @Test
    void aLinkStaysALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link.torrent"), torrent);
        assertThat(console.run("edit", link, "-c", "new")).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(now().comment()).hasValue("new");
    }

    @Test
    void goesOnAfterABadFile() throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.torrent"), "no torrent");
        assertThat(console.run("edit", bad, torrent, "-c", "new")).isEqualTo(ExitCode.BAD_TORRENT.number());
        assertThat(now().comment()).hasValue("new");
        assertThat(Files.readString(bad)).isEqualTo("no torrent");
    }

    @Test
    void wantsToKnowWhat() {
        assertThat(console.run("edit", torrent)).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("edit", torrent, torrent, "-c", "x", "-o", folder.resolve("o")))
                .isEqualTo(ExitCode.USAGE.number());
    }
}
