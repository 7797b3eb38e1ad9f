package dev.spate.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class FileServerTest {
    private static final int LENGTH = 500_001;
    private static final int PIECE = 1 << 15;
    private static final String NAME = "my film ü.mp4";

    @TempDir
    private Path folder;

    private final byte[] content = new byte[LENGTH];
    private final Session session = Session.open(SessionSettings.builder()
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build());
    private final HttpClient client = HttpClient.newHttpClient();
    private Metainfo metainfo;
    private Torrent torrent;
    private FileServer server;

    @BeforeEach
    void serve() throws Exception {
        new Random(3).nextBytes(content);
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        for (int at = 0; at < LENGTH; at += PIECE) {
            sha1.update(content, at, Math.min(PIECE, LENGTH - at));
            hashes.writeBytes(sha1.digest());
        }
        metainfo = MetainfoBuilder.ofFile(NAME, LENGTH, PIECE)
                .pieces(hashes.toByteArray())
                .build();
        Files.write(folder.resolve(NAME), content);
        torrent = session.add(metainfo, AddOptions.into(folder).withoutTrackers());
        torrent.completion().join();
        server = serve(torrent);
    }

    private static FileServer serve(Torrent torrent) throws IOException {
        return FileServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                torrent.file(0).orElseThrow(),
                torrent.infoHash().onTheWire() + "-0");
    }

    @AfterEach
    void end() {
        server.close();
        session.close();
        client.close();
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(server.uri());
    }

    private HttpResponse<byte[]> get(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    @Test
    void allOfTheFileIsServedUnderItsName() throws Exception {
        HttpResponse<byte[]> response = get(request());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(content);
        assertThat(server.uri().toASCIIString()).endsWith("/my%20film%20%C3%BC.mp4");
        assertThat(header(response, "Content-Type")).isEqualTo("video/mp4");
        assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(response, "ETag")).isEqualTo("\"" + torrent.infoHash().onTheWire() + "-0\"");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=100-299, 100, 200",
        "bytes=400000-, 400000, 100001",
        "bytes=499999-9999999, 499999, 2",
        "bytes=-7, 499994, 7",
        "bytes=-9999999, 0, 500001",
        "'Bytes = 5-6', 5, 2",
    })
    void aRangeIsServed(String range, int from, int length) throws Exception {
        HttpResponse<byte[]> response = get(request().header("Range", range));

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(header(response, "Content-Range"))
                .isEqualTo("bytes " + from + "-" + (from + length - 1) + "/" + LENGTH);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(content, from, from + length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=500001-", "bytes=-0", "bytes=999999999999-"})
    void aRangeBeyondTheEndIsRefused(String range) throws Exception {
        HttpResponse<byte[]> response = get(request().header("Range", range));

        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(header(response, "Content-Range")).isEqualTo("bytes */" + LENGTH);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=5-2", "bytes=-", "pieces=0-1", "bytes=0-1,5-6", "nonsense", "bytes=99999999999999999999-"
            })
    void aRangeThatIsNoneIsIgnored(String range) throws Exception {
        HttpResponse<byte[]> response = get(request().header("Range", range));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).hasSize(LENGTH);
    }

    @Test
    void aRangeOfSomethingElseIsNotServed() throws Exception {
        String tag = header(get(request()), "ETag");

        assertThat(get(request().header("Range", "bytes=0-1").header("If-Range", tag))
                        .statusCode())
                .isEqualTo(206);
        assertThat(get(request().header("Range", "bytes=0-1").header("If-Range", "\"other\""))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(request().header("If-None-Match", "\"x\", W/" + tag)).statusCode())
                .isEqualTo(304);
        assertThat(get(request().header("If-None-Match", "\"x\"")).statusCode()).isEqualTo(200);
    }

    @Test
    void aHeadHasNoBody() throws Exception {
        HttpResponse<byte[]> response = get(request().method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(LENGTH));
        assertThat(response.body()).isEmpty();
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertThat(get(request().DELETE()).statusCode()).isEqualTo(405);
        assertThat(get(HttpRequest.newBuilder(server.uri().resolve("/other"))).statusCode())
                .isEqualTo(404);
        HttpResponse<byte[]> root = get(HttpRequest.newBuilder(server.uri().resolve("/")));
        assertThat(root.statusCode()).isEqualTo(307);
        assertThat(header(root, "Location")).isEqualTo(server.uri().getRawPath());
    }

    /** A stranger's page that gives its name this address must not read what is here. */
    @Test
    void aForeignHostIsRefused() throws Exception {
        assertThat(statusOf("evil.example:" + server.uri().getPort())).isEqualTo("403");
        assertThat(statusOf("LOCALHOST:" + server.uri().getPort())).isEqualTo("200");
        assertThat(statusOf("[::1]")).isEqualTo("200");
    }

    private String statusOf(String host) throws IOException {
        URI uri = server.uri();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            String words = "HEAD " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(9, 12);
        }
    }

    @Test
    void servesWhatIsStillArriving() throws Exception {
        try (Session leech = Session.open(SessionSettings.builder().listen().build())) {
            InetSocketAddress address = session.listenAddresses().getFirst();
            Torrent arriving = leech.add(
                    metainfo,
                    AddOptions.into(folder.resolve("leech"))
                            .withoutTrackers()
                            .withPeers(
                                    List.of(PeerAddress.of(address.getAddress().getAddress(), address.getPort()))));
            try (FileServer early = serve(arriving)) {
                HttpResponse<byte[]> tail = client.send(
                        HttpRequest.newBuilder(early.uri())
                                .header("Range", "bytes=-100")
                                .build(),
                        BodyHandlers.ofByteArray());
                HttpResponse<byte[]> all =
                        client.send(HttpRequest.newBuilder(early.uri()).build(), BodyHandlers.ofByteArray());

                assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(content, LENGTH - 100, LENGTH));
                assertThat(all.body()).isEqualTo(content);
            }
        }
    }

    @Test
    void whatCannotBeReadIsSaid() throws Exception {
        try (Session other = Session.open(SessionSettings.builder().listen().build())) {
            Torrent paused = other.add(
                    metainfo,
                    AddOptions.into(folder.resolve("paused")).withoutTrackers().startPaused());
            try (FileServer early = serve(paused)) {
                HttpResponse<String> response =
                        client.send(HttpRequest.newBuilder(early.uri()).build(), BodyHandlers.ofString());

                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.body()).contains("the torrent is paused").contains("resume it");
                assertThat(header(response, "Retry-After")).isEqualTo("5");
            }
        }
    }

    @Test
    void closingEndsAnswersThatWait() throws Exception {
        try (Session other = Session.open(SessionSettings.builder().listen().build())) {
            Torrent lonely = other.add(
                    metainfo, AddOptions.into(folder.resolve("lonely")).withoutTrackers());
            FileServer early = serve(lonely);
            CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                    HttpRequest.newBuilder(early.uri())
                            .timeout(Duration.ofSeconds(60))
                            .build(),
                    BodyHandlers.ofByteArray());
            while (early.open() == 0) {
                Thread.onSpinWait();
            }

            early.close();

            assertThat(answer.handle((response, failure) -> response == null || response.statusCode() == 503)
                            .get())
                    .isTrue();
            assertThatThrownBy(() ->
                            client.send(HttpRequest.newBuilder(early.uri()).build(), BodyHandlers.ofByteArray()))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.MKV, video/x-matroska",
        "a.b.flac, audio/flac",
        "page.html, application/octet-stream",
        "picture.svg, application/octet-stream",
        "mp4, video/mp4",
        "README, application/octet-stream",
    })
    void namesSayWhatKindOfContentItIs(String name, String type) {
        assertThat(ContentTypes.of(name)).isEqualTo(type);
    }
}
