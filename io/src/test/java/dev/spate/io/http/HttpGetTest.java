package dev.spate.io.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.spate.io.http.HttpFailure.Reason;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.proxy.ProxySettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpGetTest {
    private static final HttpLimits LIMITS = new HttpLimits(10_000, 3, Duration.ofSeconds(20));
    private static final HttpLimits SHORT = new HttpLimits(10_000, 3, Duration.ofMillis(300));

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final HttpGet http = new HttpGet(HttpSettings.direct("Spate/test"));

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void fetchesFromAnOrdinaryServer() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = text("d8:intervali1800ee");
        server.createContext("/announce", exchange -> {
            // Unknown length: the server answers in chunks.
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        try {
            HttpAnswer answer = http.get(
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/announce?info_hash=%00%FF", LIMITS);
            assertThat(answer.isSuccess()).isTrue();
            assertThat(answer.body()).isEqualTo(body);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void sendsThePathAsWrittenAndSaysWhoItIs() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\nx")) {
            http.get(server.url("/a%2Fb?info_hash=%00%fF"), LIMITS);
            assertThat(server.requests().getFirst().lines())
                    .contains(
                            "GET /a%2Fb?info_hash=%00%fF HTTP/1.1",
                            "Host: 127.0.0.1:" + server.port(), "User-Agent: Spate/test", "Connection: close");
        }
    }

    @Test
    void givesUserAndPasswordOfTheUrl() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\nx")) {
            http.get("http://me:secret@127.0.0.1:" + server.port() + "/", LIMITS);
            assertThat(server.requests().getFirst()).contains("Authorization: Basic bWU6c2VjcmV0\n");
        }
    }

    @Test
    void answersOfAnyStatusAreAnswers() throws Exception {
        try (var server = ScriptedServer.answering(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\ncontent-LENGTH: 4\r\nX: 1\r\nx: 2\r\n\r\ngone")) {
            HttpAnswer answer = http.get(server.url("/"), LIMITS);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.isSuccess()).isFalse();
            assertThat(answer.body()).isEqualTo(text("gone"));
            assertThat(answer.header("X")).contains("1, 2");
        }
    }

    @Test
    void readsChunksWithExtensionsAndTrailers() throws Exception {
        String chunks = "3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
        try (var server = ScriptedServer.answering(CHUNKED + chunks)) {
            assertThat(http.get(server.url("/"), LIMITS).body()).isEqualTo(text("abc0123456789"));
        }
    }

    @Test
    void unpacksGzip() throws Exception {
        try (var server = new ScriptedServer((request, out) -> {
            out.write(text("HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n"));
            out.write(gzip(text("packed")));
        })) {
            assertThat(http.get(server.url("/"), LIMITS).body()).isEqualTo(text("packed"));
            assertThat(server.requests().getFirst()).contains("Accept-Encoding: gzip");
        }
    }

    @Test
    void stopsAGzipBombAtTheLimit() throws Exception {
        byte[] bomb = gzip(new byte[50_000_000]);
        try (var server = new ScriptedServer((request, out) -> {
            out.write(text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.length + "\r\n\r\n"));
            out.write(bomb);
        })) {
            fails(server.url("/"), LIMITS, Reason.TOO_LARGE);
        }
    }

    @Test
    void stopsGzipThatNeverYieldsAnything() throws Exception {
        byte[] nothing = gzip(new byte[0]);
        try (var server = new ScriptedServer((request, out) -> {
            out.write(text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"));
            while (true) {
                out.write(nothing);
            }
        })) {
            fails(server.url("/"), LIMITS, Reason.TOO_LARGE);
        }
    }

    @Test
    void stopsEndlessBodies() throws Exception {
        byte[] chunk = text("400\r\n" + "x".repeat(0x400) + "\r\n");
        try (var plain = endless("HTTP/1.1 200 OK\r\n\r\n", chunk);
                var chunked = endless(CHUNKED, chunk)) {
            fails(plain.url("/"), LIMITS, Reason.TOO_LARGE);
            fails(chunked.url("/"), LIMITS, Reason.TOO_LARGE);
        }
    }

    @Test
    void countsTheFramesOfChunks() throws Exception {
        try (var dust = endless(CHUNKED, text("1\r\nx\r\n".repeat(100)));
                var tales = endless(CHUNKED, text("1;tale=" + "y".repeat(1000) + "\r\nx\r\n"))) {
            fails(dust.url("/"), LIMITS, Reason.TOO_LARGE);
            fails(tales.url("/"), LIMITS, Reason.TOO_LARGE);
        }
    }

    @Test
    void stopsEndlessHeads() throws Exception {
        try (var header = endless("HTTP/1.1 200 OK\r\n", text("X: y\r\n"));
                var line = endless("HTTP/1.1 200 OK\r\nX: ", text("yyyy"));
                var interim = endless("", text("HTTP/1.1 102 Processing\r\n\r\n"))) {
            fails(header.url("/"), LIMITS, Reason.BAD_ANSWER);
            fails(line.url("/"), LIMITS, Reason.BAD_ANSWER);
            fails(interim.url("/"), LIMITS, Reason.BAD_ANSWER);
        }
    }

    @Test
    void believesALengthThatIsTooLargeWithoutReading() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")) {
            fails(server.url("/"), LIMITS, Reason.TOO_LARGE);
        }
    }

    @Test
    void endsASlowDripInTime() throws Exception {
        var over = new CountDownLatch(1);
        try (var server = new ScriptedServer((request, out) -> {
            out.write(text("HTTP/1.1 200 OK\r\n\r\n"));
            // Each byte on its own, and never quiet for as long as a read would wait.
            while (!await(over, Duration.ofMillis(20))) {
                out.write('x');
            }
        })) {
            fails(server.url("/"), SHORT, Reason.TIMED_OUT);
        } finally {
            over.countDown();
        }
    }

    @Test
    void endsSilenceInTime() throws Exception {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            fails("http://127.0.0.1:" + silent.getLocalPort() + "/", SHORT, Reason.TIMED_OUT);
        }
    }

    @Test
    void tellsAnAnswerThatBrokeOff() throws Exception {
        for (String answer : List.of(
                "",
                "HTTP/1.1 20",
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
                CHUNKED + "5\r\nabc",
                CHUNKED + "zz\r\nabc",
                CHUNKED + "3\r\nabcde\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip at all")) {
            try (var server = ScriptedServer.answering(answer)) {
                fails(server.url("/"), LIMITS, Reason.BAD_ANSWER);
            }
        }
    }

    @Test
    void followsRedirects() throws Exception {
        try (var server = new ScriptedServer((request, out) -> out.write(text(
                request.startsWith("GET /there ")
                        ? "HTTP/1.1 200 OK\r\n\r\nhere"
                        : "HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n")))) {
            HttpAnswer answer = http.get(server.url("/"), LIMITS);
            assertThat(answer.body()).isEqualTo(text("here"));
            assertThat(answer.url()).isEqualTo(server.url("/there"));
        }
    }

    @Test
    void leavesARedirectLoop() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n")) {
            fails(server.url("/"), LIMITS, Reason.REDIRECT);
            assertThat(server.requests()).hasSize(1 + LIMITS.maxRedirects());
        }
    }

    @Test
    void doesNotFollowToOtherSchemes() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n")) {
            fails(server.url("/"), LIMITS, Reason.REDIRECT);
        }
    }

    @Test
    void saysWhyAConnectionCannotBeMade() throws Exception {
        fails("udp://t.example/", LIMITS, Reason.BAD_URL);
        fails("http://no-such-host.invalid/", LIMITS, Reason.NAME_UNKNOWN);
        int freed;
        try (var port = new ServerSocket(0)) {
            freed = port.getLocalPort();
        }
        fails("http://127.0.0.1:" + freed + "/", LIMITS, Reason.UNREACHABLE);
    }

    @Test
    void usesTheFamilyItIsToldTo() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\nx")) {
            assertThat(http.get(server.url("/"), LIMITS, AddressFamily.IPV4).body())
                    .hasSize(1);
            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> http.get(server.url("/"), LIMITS, AddressFamily.IPV6))
                    .matches(failure -> failure.reason() == Reason.NO_SUCH_FAMILY);
        }
    }

    @Test
    void leavesFromTheAddressItIsGivenOrNotAtAll() throws Exception {
        InetAddress second = InetAddress.ofLiteral("127.0.0.2");
        var bound = new HttpGet(
                new HttpSettings("Spate", new ProxySettings.Direct(), LocalEnds.only(List.of(second)), null));
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\nx");
                var six = new HttpGet(new HttpSettings(
                        "Spate",
                        new ProxySettings.Direct(),
                        LocalEnds.only(List.of(InetAddress.ofLiteral("::1"))),
                        null))) {
            assertThat(bound.get(server.url("/"), LIMITS).body()).hasSize(1);
            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> six.get(server.url("/"), LIMITS))
                    .matches(failure -> failure.reason() == Reason.UNREACHABLE);
            assertThat(server.requests()).hasSize(1);
        } finally {
            bound.close();
        }
    }

    @Test
    void closingEndsWhatRuns() throws Exception {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return http.get("http://127.0.0.1:" + silent.getLocalPort() + "/", LIMITS);
                } catch (HttpFailure e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            silent.accept().getInputStream().read();
            http.close();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(answer::get)
                    .havingRootCause()
                    .isInstanceOf(IOException.class);
        }
        fails("http://127.0.0.1:1/", LIMITS, Reason.CLOSED);
    }

    private void fails(String url, HttpLimits limits, Reason reason) {
        assertThatExceptionOfType(HttpFailure.class)
                .isThrownBy(() -> http.get(url, limits))
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo(reason));
    }

    private static ScriptedServer endless(String head, byte[] part) throws IOException {
        return new ScriptedServer((request, out) -> {
            out.write(text(head));
            while (true) {
                out.write(part);
            }
        });
    }

    private static boolean await(CountDownLatch latch, Duration time) {
        try {
            return latch.await(time.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] gzip(byte[] data) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(data);
        }
        return out.toByteArray();
    }
}
