package dev.spate.io.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spate.io.http.HttpFailure.Reason;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.proxy.ProxySettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose certificate is for {@code localhost} only, and which only one of the clients trusts. */
@Timeout(60)
class TlsTest {
    private static final HttpLimits LIMITS = new HttpLimits(10_000, 3, Duration.ofSeconds(20));

    @TempDir
    static Path folder;

    private SSLContext context;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        context = context();
        server = new ScriptedServer(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                (request, out) -> out.write("HTTP/1.1 200 OK\r\n\r\nsecure".getBytes(StandardCharsets.ISO_8859_1)));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void fetchesFromAServerThatItTrusts() throws Exception {
        try (var http = trusting(new ProxySettings.Direct())) {
            HttpAnswer answer = http.get("https://localhost:" + server.port() + "/a", LIMITS, AddressFamily.IPV4);
            assertThat(answer.body()).isEqualTo("secure".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void refusesAServerOfAnotherName() throws Exception {
        try (var http = trusting(new ProxySettings.Direct())) {
            refuses(http, "https://127.0.0.1:" + server.port() + "/");
        }
    }

    @Test
    void refusesAServerThatItDoesNotTrust() throws Exception {
        try (var http = new HttpGet(HttpSettings.direct("Spate/test"))) {
            refuses(http, "https://localhost:" + server.port() + "/");
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void refusesAServerWithoutTls() throws Exception {
        try (var plain = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\n");
                var http = trusting(new ProxySettings.Direct())) {
            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> http.get(
                            "https://localhost:" + plain.port() + "/", new HttpLimits(100, 0, Duration.ofMillis(500))));
        }
    }

    @Test
    void reachesItThroughATunnelOfAProxy() throws Exception {
        try (var proxy = new Tunnel(server.port());
                var http = trusting(new ProxySettings.Http("127.0.0.1", proxy.port(), null))) {
            assertThat(http.get("https://localhost:1/a", LIMITS).isSuccess()).isTrue();
            assertThat(server.requests().getFirst()).startsWith("GET /a HTTP/1.1");
        }
    }

    private HttpGet trusting(ProxySettings proxy) {
        return new HttpGet(new HttpSettings("Spate/test", proxy, LocalEnds.any(), context));
    }

    private static void refuses(HttpGet http, String url) {
        assertThatExceptionOfType(HttpFailure.class)
                .isThrownBy(() -> http.get(url, LIMITS, AddressFamily.IPV4))
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.TLS));
    }

    private static SSLContext context() throws Exception {
        Path store = folder.resolve("keys.p12");
        char[] password = "password".toCharArray();
        if (!store.toFile().exists()) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "test",
                            "-keyalg",
                            "EC",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            "password",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=dns:localhost")
                    .inheritIO()
                    .start();
            assertThat(keytool.waitFor()).isZero();
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), password);
        var key = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        key.init(keys, password);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** An HTTP proxy that connects whoever asks to one port. */
    private static final class Tunnel implements AutoCloseable {
        private final ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

        Tunnel(int target) throws IOException {
            Thread.ofVirtual().start(() -> {
                try (Socket client = proxy.accept();
                        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                    skipHead(client.getInputStream());
                    client.getOutputStream()
                            .write("HTTP/1.1 200 Established\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    Thread up = Thread.ofVirtual().start(() -> pump(client, server));
                    pump(server, client);
                    up.interrupt();
                } catch (IOException over) {
                    // The test has ended.
                }
            });
        }

        int port() {
            return proxy.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            proxy.close();
        }

        private static void skipHead(InputStream in) throws IOException {
            while (!AnswerHead.readLine(in, 1000).isEmpty()) {}
        }

        private static void pump(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException over) {
                // One side has closed.
            }
        }
    }
}
