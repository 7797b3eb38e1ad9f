package dev.spate.io.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spate.io.http.HttpFailure.Reason;
import dev.spate.io.proxy.ProxySettings;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a proxy set everything goes through it or fails: a name only the proxy knows, and a destination that must hear nothing. */
@Timeout(30)
class ProxyTest {
    private static final HttpLimits LIMITS = new HttpLimits(10_000, 3, Duration.ofSeconds(20));
    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\n\r\nproxied".getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void socksProxyGetsTheNameAndCarriesTheRequest() throws Exception {
        try (var proxy = new FakeSocks(null, 0, ANSWER);
                var http = through(new ProxySettings.Socks5("127.0.0.1", proxy.port(), null))) {
            assertThat(http.get("http://only-the-proxy-knows.invalid:6969/announce", LIMITS)
                            .body())
                    .isEqualTo("proxied".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(proxy.destinations).containsExactly("only-the-proxy-knows.invalid:6969");
            assertThat(proxy.requests.getFirst()).startsWith("GET /announce HTTP/1.1");
        }
    }

    @Test
    void socksProxyGetsUserAndPassword() throws Exception {
        var us = new ProxySettings.Credentials("me", "geheim");
        assertThat(us.toString()).doesNotContain("geheim");
        try (var proxy = new FakeSocks("me:geheim", 0, ANSWER);
                var http = through(new ProxySettings.Socks5("127.0.0.1", proxy.port(), us));
                var wrong = through(
                        new ProxySettings.Socks5("127.0.0.1", proxy.port(), new ProxySettings.Credentials("me", "x")));
                var none = through(new ProxySettings.Socks5("127.0.0.1", proxy.port(), null))) {
            assertThat(http.get("http://a.invalid/", LIMITS).isSuccess()).isTrue();
            refuses(wrong, "http://a.invalid/", Reason.PROXY);
            refuses(none, "http://a.invalid/", Reason.PROXY);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 200})
    void socksRefusalIsAFailure(int reply) throws Exception {
        try (var proxy = new FakeSocks(null, reply, ANSWER);
                var http = through(new ProxySettings.Socks5("127.0.0.1", proxy.port(), null))) {
            refuses(http, "http://a.invalid/", Reason.PROXY);
        }
    }

    @Test
    void whatIsNoSocksProxyIsAFailure() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\n");
                var http = through(new ProxySettings.Socks5("127.0.0.1", server.port(), null))) {
            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> http.get("http://a.invalid/", new HttpLimits(100, 0, Duration.ofMillis(500))));
        }
    }

    @Test
    void httpProxyGetsTheWholeUrl() throws Exception {
        try (var proxy = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\nproxied");
                var http = through(new ProxySettings.Http(
                        "127.0.0.1", proxy.port(), new ProxySettings.Credentials("me", "secret")))) {
            assertThat(http.get("http://only-the-proxy-knows.invalid/a?b", LIMITS)
                            .isSuccess())
                    .isTrue();
            assertThat(proxy.requests().getFirst().lines())
                    .contains(
                            "GET http://only-the-proxy-knows.invalid/a?b HTTP/1.1",
                            "Host: only-the-proxy-knows.invalid",
                            "Proxy-Authorization: Basic bWU6c2VjcmV0");
        }
    }

    @Test
    void httpProxyIsAskedForATunnelToTls() throws Exception {
        try (var proxy = ScriptedServer.answering("HTTP/1.1 403 Forbidden\r\n\r\n");
                var http = through(new ProxySettings.Http("127.0.0.1", proxy.port(), null))) {
            refuses(http, "https://only-the-proxy-knows.invalid/a", Reason.PROXY);
            assertThat(proxy.requests().getFirst()).startsWith("CONNECT only-the-proxy-knows.invalid:443 HTTP/1.1");
        }
    }

    @Test
    void nothingGoesDirectWhenTheProxyIsDead() throws Exception {
        int dead;
        try (var port = new ServerSocket(0)) {
            dead = port.getLocalPort();
        }
        try (var destination = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\nleak");
                var socks = through(new ProxySettings.Socks5("127.0.0.1", dead, null));
                var plain = through(new ProxySettings.Http("127.0.0.1", dead, null))) {
            refuses(socks, destination.url("/"), Reason.PROXY);
            refuses(plain, destination.url("/"), Reason.PROXY);
            assertThat(destination.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://192.168.1.1/",
                "http://localhost/",
                "http://[::1]/",
                "http://0x7f.1/"
            })
    void redirectToWhatLooksPrivateIsNotFollowedThroughAProxy(String target) throws Exception {
        byte[] redirect =
                ("HTTP/1.1 302 Found\r\nLocation: " + target + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try (var proxy = new FakeSocks(null, 0, redirect);
                var http = through(new ProxySettings.Socks5("127.0.0.1", proxy.port(), null))) {
            refuses(http, "http://public.invalid/", Reason.REDIRECT);
            assertThat(proxy.destinations).hasSize(1);
        }
    }

    private static HttpGet through(ProxySettings proxy) {
        return new HttpGet(HttpSettings.direct("Spate/test").withProxy(proxy));
    }

    private static void refuses(HttpGet http, String url, Reason reason) {
        assertThatExceptionOfType(HttpFailure.class)
                .isThrownBy(() -> http.get(url, LIMITS))
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo(reason));
    }

    /** RFC 1928 from the other side; "connects" to a destination that always gives the same answer. */
    private static final class FakeSocks implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final List<String> destinations = new CopyOnWriteArrayList<>();
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final String login;
        private final int reply;
        private final byte[] answer;

        FakeSocks(String login, int reply, byte[] answer) throws IOException {
            this.login = login;
            this.reply = reply;
            this.answer = answer;
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try (Socket client = server.accept()) {
                        serve(client);
                    } catch (IOException broken) {
                        // The client gave up, or the test is over.
                    }
                }
            });
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }

        private void serve(Socket client) throws IOException {
            var in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            if (in.readByte() != 5) {
                return;
            }
            String methods = new String(in.readNBytes(in.readByte()), StandardCharsets.ISO_8859_1);
            int method = login == null ? 0 : methods.indexOf(2) >= 0 ? 2 : 0xff;
            out.write(new byte[] {5, (byte) method});
            if (method == 2) {
                in.readByte();
                String user = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
                String password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
                boolean good = (user + ":" + password).equals(login);
                out.write(new byte[] {1, (byte) (good ? 0 : 1)});
                if (!good) {
                    return;
                }
            }
            in.readNBytes(4);
            String host = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            destinations.add(host + ":" + in.readUnsignedShort());
            out.write(new byte[] {5, (byte) reply, 0, 1, 0, 0, 0, 0, 0, 0});
            if (reply != 0) {
                return;
            }
            var request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) in.readByte());
            }
            requests.add(request.toString());
            out.write(answer);
        }
    }
}
