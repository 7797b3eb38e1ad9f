package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StreamCommandTest {

    @TempDir
    private Path folder;

    private byte[] write(String path, int length) throws IOException {
        byte[] content = new byte[length];
        new SplittableRandom(length).nextBytes(content);
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return content;
    }

    private Path album() throws IOException {
        write("album/1 small.flac", 1000);
        write("album/2 large.flac", 200_000);
        Path torrent = folder.resolve("album.torrent");
        assertThat(new Console().run("create", folder.resolve("album"), "-o", torrent))
                .isZero();
        return torrent;
    }

    @Test
    void servesTheLargestFileUntilItIsInterrupted() throws Exception {
        Path torrent = album();
        Console console = new Console();
        AtomicInteger code = new AtomicInteger(-1);
        Thread streaming = Thread.ofPlatform()
                .start(() -> code.set(console.run(
                        "stream",
                        torrent,
                        "-o",
                        folder,
                        "--listen",
                        "127.0.0.1:0",
                        "--no-tracker",
                        "--state",
                        folder.resolve("state"),
                        "-q")));
        while (streaming.isAlive() && !console.out().endsWith(System.lineSeparator())) {
            Thread.onSpinWait();
        }
        URI uri = URI.create(console.out().strip());

        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.body()).isEqualTo(Files.readAllBytes(folder.resolve("album/2 large.flac")));
        }
        assertThat(uri.getHost()).isEqualTo("127.0.0.1");
        assertThat(uri.getPath()).isEqualTo("/2 large.flac");

        streaming.interrupt();
        streaming.join();
        assertThat(code).hasValue(ExitCode.INTERRUPTED.number());
    }

    @Test
    void aFileIsChosenByPathOrByPlace() throws Exception {
        Metainfo metainfo = TorrentSource.read(album().toString());

        assertThat(StreamCommand.choose(metainfo, null).name()).isEqualTo("2 large.flac");
        assertThat(StreamCommand.choose(metainfo, "1").name()).isEqualTo("1 small.flac");
        assertThat(StreamCommand.choose(metainfo, "album/1 small.flac").name()).isEqualTo("1 small.flac");
        assertThat(StreamCommand.choose(metainfo, "1 small.flac").name()).isEqualTo("1 small.flac");
        for (String unknown : new String[] {"0", "3", "9999999", "album", "x"}) {
            assertThatThrownBy(() -> StreamCommand.choose(metainfo, unknown))
                    .isInstanceOfSatisfying(
                            CommandFailure.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                    .hasMessageContaining(unknown);
        }
    }

    @Test
    void anAddressThatIsTakenIsSaid() throws Exception {
        Path torrent = album();
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Console console = new Console();
            int code = console.run(
                    "stream",
                    torrent,
                    "-o",
                    folder,
                    "--no-tracker",
                    "--listen",
                    "127.0.0.1:0",
                    "--state",
                    folder.resolve("state"),
                    "--http",
                    "127.0.0.1:" + taken.getLocalPort());

            assertThat(code).isEqualTo(ExitCode.PORT_IN_USE.number());
            assertThat(console.err()).contains("--http");
        }
    }

    @Test
    void eachDesktopHasItsOwnWayToOpen() {
        URI uri = URI.create("http://127.0.0.1:1/a%20b.mp4");

        assertThat(Desktop.command("Linux", uri)).containsExactly("xdg-open", "http://127.0.0.1:1/a%20b.mp4");
        assertThat(Desktop.command("Mac OS X", uri)).containsExactly("open", "http://127.0.0.1:1/a%20b.mp4");
        assertThat(Desktop.command("Windows 11", uri)).startsWith("rundll32").endsWith("http://127.0.0.1:1/a%20b.mp4");
    }
}
