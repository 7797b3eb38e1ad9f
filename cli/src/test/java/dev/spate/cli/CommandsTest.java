package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What commands print for good and bad input, and how they end. */
@Timeout(60)
class CommandsTest {

    private static final String GOLDEN = "{\"name\":\"film\",\"infoHashV1\":\"HASH\",\"version\":\"v1\","
            + "\"pieceLength\":16384,\"pieces\":4,\"totalSize\":50010,\"private\":true,\"singleFile\":false,"
            + "\"files\":[{\"path\":\"a.bin\",\"size\":50000,\"offset\":0},{\"path\":\"sub/b.txt\",\"size\":10,\"offset\":50000}],"
            + "\"trackers\":[[\"http://a/announce\",\"udp://b:1/announce\"],[\"http://c/announce\"]],"
            + "\"webSeeds\":[\"http://w/\"],\"comment\":\"a \\\"comment\\\"\",\"source\":\"S\","
            + "\"magnet\":\"MAGNET\",\"file\":\"FILE\"}\n";

    @TempDir
    private Path folder;

    private final Console console = new Console();
    private Path payload;
    private Path torrent;

    @BeforeEach
    void makePayload() throws IOException {
        payload = Files.createDirectory(folder.resolve("film"));
        byte[] content = new byte[50_000];
        new SplittableRandom(1).nextBytes(content);
        Files.write(payload.resolve("a.bin"), content);
        Files.createDirectory(payload.resolve("sub"));
        Files.writeString(payload.resolve("sub").resolve("b.txt"), "0123456789");
        torrent = folder.resolve("film.torrent");
    }

    @Test
    void infoPrintsTheObjectThatIsPromised() {
        assertThat(create(
                        "-t",
                        "http://a/announce,udp://b:1/announce",
                        "-t",
                        "http://c/announce",
                        "--private",
                        "--source",
                        "S",
                        "-c",
                        "a \"comment\"",
                        "-w",
                        "http://w/",
                        "-l",
                        "16KiB"))
                .isZero();
        Console info = new Console();

        assertThat(info.run("info", "--json", torrent)).isZero();

        String hash = info.out().replaceAll(".*\"infoHashV1\":\"(\\p{XDigit}{40})\".*\n", "$1");
        String magnet = info.out().replaceAll(".*\"magnet\":\"([^\"]*)\".*\n", "$1");
        assertThat(magnet).startsWith("magnet:?xt=urn:btih:" + hash + "&dn=film&tr=");
        assertThat(info.out())
                .isEqualTo(
                        GOLDEN.replace("HASH", hash).replace("MAGNET", magnet).replace("FILE", torrent.toString()));
    }

    @Test
    void infoGoesOnAfterABadFileAndTellsOfIt() throws IOException {
        create();
        Path bad = Files.writeString(folder.resolve("bad.torrent"), "no torrent");

        assertThat(console.run("info", "--json", torrent, bad, folder.resolve("none"), torrent))
                .isEqualTo(ExitCode.BAD_TORRENT.number());

        assertThat(console.out().lines().filter(line -> line.startsWith("{\"name\":\"film\"")))
                .hasSize(2);
        assertThat(console.out().lines().filter(line -> line.contains("\"error\":")))
                .hasSize(2);
    }

    @Test
    void infoForPeopleNamesFilesAndMagnet() {
        create();
        console.run("info", torrent);

        assertThat(console.out()).contains("film/sub/b.txt", "magnet:?xt=urn:btih:", "4 of 16.0 KiB");
    }

    @Test
    void createMakesTheSameBytesEachTime() throws IOException {
        create("-t", "http://a/announce");
        byte[] first = Files.readAllBytes(torrent);
        Files.delete(torrent);
        create("-t", "http://a/announce");

        assertThat(Files.readAllBytes(torrent)).isEqualTo(first);
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("creation date", "created by");
    }

    @Test
    void createOverwritesNothingUnasked() throws IOException {
        Files.writeString(torrent, "mine");

        assertThat(create()).isEqualTo(ExitCode.NAME_CLASH.number());
        assertThat(torrent).hasContent("mine");
        assertThat(create("--overwrite")).isZero();
    }

    @Test
    void createSaysWhatIsWrongWithItsOptions() {
        assertThat(create("-l", "17K")).isEqualTo(ExitCode.USAGE.number());
        assertThat(create("--date", "someday")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("create", folder.resolve("none"))).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(console.run("create", payload, "-o", folder.resolve("none").resolve("x")))
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(console.err()).contains("multiple of 16 KiB", "not a date: someday", "there is no folder");
    }

    @Test
    void verifyTellsEachFileAndChangesNothing() throws IOException {
        create();
        Console good = new Console();
        assertThat(good.run("verify", torrent, folder)).isZero();
        assertThat(good.out().lines()).hasSize(2).allMatch(line -> line.startsWith("good"));

        Files.writeString(payload.resolve("sub").resolve("b.txt"), "012345678x");
        Console changed = new Console();
        assertThat(changed.run("verify", "--json", "-q", torrent, folder)).isEqualTo(ExitCode.NOT_VERIFIED.number());
        assertThat(changed.out().lines())
                .containsExactly(
                        "{\"type\":\"file\",\"path\":\"a.bin\",\"size\":50000,\"goodBytes\":49152,\"verdict\":\"incomplete\"}",
                        "{\"type\":\"file\",\"path\":\"sub/b.txt\",\"size\":10,\"goodBytes\":0,\"verdict\":\"incomplete\"}");

        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(new Console().run("verify", torrent, empty)).isEqualTo(ExitCode.NOT_VERIFIED.number());
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void whatIsNoTorrentIsNamed() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.torrent"), "d4:infod");

        assertThat(console.run("get", bad)).isEqualTo(ExitCode.BAD_TORRENT.number());
        assertThat(console.run("get", folder)).isEqualTo(ExitCode.BAD_TORRENT.number());
        assertThat(console.run("get", folder.resolve("none"))).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(console.run("info", "magnet:?xt=urn:btih:" + "a".repeat(40)))
                .isEqualTo(ExitCode.UNSUPPORTED.number());
        assertThat(console.run("get", "magnet:?xt=urn:btih:123")).isEqualTo(ExitCode.BAD_TORRENT.number());
        assertThat(console.run("get", "magnet:?xt=urn:btmh:1220" + "a".repeat(64), "--listen", "127.0.0.1:0"))
                .isEqualTo(ExitCode.UNSUPPORTED.number());
        assertThat(console.run("get", "http://127.0.0.1:1/x.torrent")).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(console.err()).contains("needs a .torrent file").doesNotContain("Exception");
    }

    @Test
    void printsMagnetLinks() {
        create();

        assertThat(console.run("magnet", torrent)).isZero();
        assertThat(console.out().lines().toList().getLast()).startsWith("magnet:?xt=urn:btih:");
        assertThat(console.run("magnet", "magnet:?xt=urn:btih:" + "a".repeat(40)))
                .isEqualTo(ExitCode.UNSUPPORTED.number());
    }

    /** An info-hash of either spelling, of which nobody knows anything. */
    @Test
    void getsByInfoHash() {
        for (String infoHash : List.of("a".repeat(40), "A".repeat(32))) {
            assertThat(console.run(
                            "get",
                            infoHash,
                            "--timeout",
                            "1",
                            "--listen",
                            "127.0.0.1:0",
                            "-o",
                            folder,
                            "--state",
                            folder.resolve("state")))
                    .isEqualTo(ExitCode.NO_PEERS.number());
            assertThat(console.err()).contains("nothing was received");
        }
    }

    @Test
    void savesTheMetadataAndNothingElse() {
        create();
        assertThat(console.run("get", "--metadata-only", torrent, "-o", folder.resolve("new")))
                .isZero();
        assertThat(console.out().strip()).endsWith("film.torrent");
        assertThat(folder.resolve("new").resolve("film.torrent")).hasSameBinaryContentAs(torrent);
    }

    @Test
    void getListsWithoutGetting() {
        create();
        assertThat(console.run("get", "--list", torrent, "-o", folder.resolve("new")))
                .isZero();
        assertThat(console.out()).contains("film/a.bin");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void withoutAnybodyToAskGetSaysSo() {
        create();
        assertThat(get("--no-tracker", "--timeout", "300ms")).isEqualTo(ExitCode.NO_PEERS.number());
        assertThat(console.err()).contains("no tracker and no peer");
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        create();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int code = get("--listen", "127.0.0.1:" + taken.getLocalPort());

            assertThat(code).isEqualTo(ExitCode.PORT_IN_USE.number());
            assertThat(console.err()).contains("port " + taken.getLocalPort());
        }
    }

    @Test
    void aFileInTheWayIsLeftAlone() throws IOException {
        create();
        Path inTheWay =
                Files.createDirectories(folder.resolve("got").resolve("film")).resolve("a.bin");
        Files.writeString(inTheWay, "mine");

        assertThat(get("--no-tracker")).isEqualTo(ExitCode.NAME_CLASH.number());
        assertThat(inTheWay).hasContent("mine");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        create();
        Files.writeString(folder.resolve("got"), "a file where a folder is wanted");

        assertThat(get("--no-tracker")).isEqualTo(ExitCode.NAME_CLASH.number());
        assertThat(console.err()).contains(folder.resolve("got").toString());
    }

    @Test
    void badOptionsAreUsageErrors() {
        create();
        assertThat(get("--listen", "nonsense")).isEqualTo(ExitCode.USAGE.number());
        assertThat(get("--peer", "1.2.3.4")).isEqualTo(ExitCode.USAGE.number());
        assertThat(get("--proxy", "ftp://x:1")).isEqualTo(ExitCode.USAGE.number());
        assertThat(get("--timeout", "soon")).isEqualTo(ExitCode.USAGE.number());
        assertThat(get("--seed-ratio", "-1")).isEqualTo(ExitCode.USAGE.number());
        assertThat(get("--limit-down", "0")).isEqualTo(ExitCode.USAGE.number());
        assertThat(get("--limit-up", "fast")).isEqualTo(ExitCode.USAGE.number());
        assertThat(get("--max-connections", "0")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("ping", "127.0.0.1:1")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("ping", "127.0.0.1:1", "--info-hash", "12")).isEqualTo(ExitCode.USAGE.number());
        assertThat(console.run("scrape", "udp://127.0.0.1:1")).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void aTorrentWithoutATrackerCannotBeScraped() {
        create();
        assertThat(console.run("scrape", torrent)).isEqualTo(ExitCode.NO_PEERS.number());
    }

    @Test
    void aTrackerThatIsNotThereIsNamed() {
        create("-t", "http://127.0.0.1:1/announce");
        assertThat(console.run("scrape", torrent)).isEqualTo(ExitCode.TRACKER_FAILED.number());
        assertThat(console.err()).contains("http://127.0.0.1:1/announce");
    }

    @Test
    void nobodyToSeedFromIsSaid() {
        create();
        assertThat(console.run("seed", torrent, "--data", folder.resolve("film"), "--state", folder.resolve("state")))
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(console.err()).contains("--data");
    }

    @Test
    void aPeerThatIsNotThereIsUnreachable() {
        assertThat(console.run("ping", "127.0.0.1:1", "--info-hash", "a".repeat(40)))
                .isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(console.out()).contains("connect", "failed");
    }

    @Test
    void stateLiesWhereTheDesktopSpecificationSays() {
        assertThat(StateFolder.of(Map.of(), "/home/me")).isEqualTo(Path.of("/home/me/.local/state/spate"));
        assertThat(StateFolder.of(Map.of("XDG_STATE_HOME", "relative"), "/home/me"))
                .isEqualTo(Path.of("/home/me/.local/state/spate"));
        assertThat(StateFolder.of(Map.of("XDG_STATE_HOME", "/state"), "/home/me"))
                .isEqualTo(Path.of("/state/spate"));
    }

    private int create(Object... options) {
        Object[] all = new Object[options.length + 4];
        all[0] = "create";
        all[1] = payload;
        all[2] = "-o";
        all[3] = torrent;
        System.arraycopy(options, 0, all, 4, options.length);
        return console.run(all);
    }

    private int get(Object... options) {
        // A session that is alone asks nobody out there.
        Object[] all = new Object[options.length + 8];
        all[0] = "get";
        all[1] = torrent;
        all[2] = "-o";
        all[3] = folder.resolve("got");
        all[4] = "--state";
        all[5] = folder.resolve("state");
        all[6] = "--no-dht";
        all[7] = "--no-lsd";
        System.arraycopy(options, 0, all, 8, options.length);
        return console.run(all);
    }
}
