package dev.spate.io.nat;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.spate.io.nat.Mapping.Method;
import dev.spate.io.nat.Wanted.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shell, on loopback, with gateways that answer as real ones do. */
@Timeout(60)
class PortMapperTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Wanted TCP = new Wanted(Transport.TCP, 6881);

    private final BlockingQueue<List<Mapping>> told = new LinkedBlockingQueue<>();

    /** A gateway that speaks NAT-PMP and keeps what it was sent. */
    private static final class NatPmpGateway implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();

        NatPmpGateway() throws IOException {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        var packet = new DatagramPacket(new byte[1100], 1100);
                        socket.receive(packet);
                        byte[] request = Arrays.copyOf(packet.getData(), packet.getLength());
                        requests.add(request);
                        byte[] answer = answer(request);
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                } catch (IOException over) {
                    // The test has ended.
                }
            });
        }

        private static byte[] answer(byte[] request) {
            ByteBuffer answer = ByteBuffer.allocate(16);
            if (request[0] != 0) {
                return answer.put(1, (byte) 0x81).putShort(2, (short) 1).array();
            }
            answer.put((byte) 0)
                    .put((byte) (request[1] | 0x80))
                    .putShort((short) 0)
                    .putInt(1);
            if (request[1] == 0) {
                return Arrays.copyOf(answer.put(new byte[] {11, 0, 0, 1}).array(), 12);
            }
            return answer.put(request, 4, 4).put(request, 8, 4).array();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void mapsByNatPmpAndDeletesAtTheEnd() throws Exception {
        try (var gateway = new NatPmpGateway()) {
            var places = new PortMapper.Places(
                    LOOPBACK,
                    Optional.of((InetSocketAddress) gateway.socket.getLocalSocketAddress()),
                    new InetSocketAddress(LOOPBACK, 9));
            try (PortMapper mapper = PortMapper.start(List.of(TCP), places, told::add)) {
                awaitMapping(new Mapping(TCP, Method.NAT_PMP, InetAddress.ofLiteral("11.0.0.1"), 6881, ""));
                assertThat(mapper.mappings()).singleElement().matches(Mapping::isMapped);
            }
            byte[] last = gateway.requests.take();
            while (last.length != 12 || ByteBuffer.wrap(last).getInt(8) != 0) {
                last = gateway.requests.take();
            }
            assertThat(last).containsExactly(0, 2, 0, 0, 0x1a, 0xe1, 0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void mapsByUpnpWhereNobodySpeaksAnythingElse() throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        BlockingQueue<String> actions = new LinkedBlockingQueue<>();
        http.createContext("/", exchange -> {
            String action = String.valueOf(exchange.getRequestHeaders().getFirst("SOAPAction"))
                    .replaceAll(".*#|\"", "");
            exchange.getRequestBody().readAllBytes();
            actions.add(action);
            String answer = switch (action) {
                case "GetExternalIPAddress" -> "<a><NewExternalIPAddress>11.0.0.1</NewExternalIPAddress></a>";
                case "AddPortMapping", "DeletePortMapping" -> "<a><b/></a>";
                default ->
                    "<a><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>"
                            + "<controlURL>/c</controlURL></a>";
            };
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        http.start();
        try (var ssdp = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            Thread.ofVirtual()
                    .start(() -> answerSearches(ssdp, http.getAddress().getPort()));
            var places =
                    new PortMapper.Places(LOOPBACK, Optional.empty(), (InetSocketAddress) ssdp.getLocalSocketAddress());
            try (PortMapper mapper = PortMapper.start(List.of(TCP), places, told::add)) {
                awaitMapping(new Mapping(TCP, Method.UPNP, InetAddress.ofLiteral("11.0.0.1"), 6881, ""));
                assertThat(mapper.mappings()).hasSize(1);
            }
            assertThat(actions).containsExactly("null", "GetExternalIPAddress", "AddPortMapping", "DeletePortMapping");
        } finally {
            http.stop(0);
        }
    }

    private static void answerSearches(DatagramSocket ssdp, int port) {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[2048], 2048);
                ssdp.receive(packet);
                byte[] answer = ("HTTP/1.1 200 OK\r\nLOCATION: http://127.0.0.1:" + port + "/d.xml\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
                ssdp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException over) {
            // The test has ended.
        }
    }

    private void awaitMapping(Mapping wanted) throws InterruptedException {
        List<Mapping> last = told.poll(30, TimeUnit.SECONDS);
        while (last != null && !last.contains(wanted)) {
            last = told.poll(30, TimeUnit.SECONDS);
        }
        assertThat(last).isNotNull();
    }

    @Test
    void endsAtOnceWhileItWaits() throws Exception {
        try (var silent = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            var places = new PortMapper.Places(
                    LOOPBACK,
                    Optional.of((InetSocketAddress) silent.getLocalSocketAddress()),
                    new InetSocketAddress(LOOPBACK, 9));
            PortMapper mapper = PortMapper.start(List.of(TCP), places, told::add);
            silent.receive(new DatagramPacket(new byte[1100], 1100));
            mapper.close();
            assertThat(mapper.mappings()).isEmpty();
        }
    }
}
