package dev.spate.io.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
class TcpListenerTest {
    /** More callers than descriptors: the lane must neither spin nor stop accepting for good. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void acceptsAgainWhenDescriptorsAreFree() throws Exception {
        int callers = 120;
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 80 && exec \"$0\" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp \"$1\" \"$2\" \"$3\"",
                        java,
                        System.getProperty("java.class.path"),
                        ListenerWithoutDescriptors.class.getName(),
                        Integer.toString(callers))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Socket> sockets = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            int port = Integer.parseInt(lines.readLine());
            for (int i = 0; i < callers; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            assertThat(lines.readLine()).isEqualTo("accepted all after failing");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void wildcardTakesBothFamilies() throws Exception {
        try (Lane lane = Lane.start("lane")) {
            var families = new LinkedBlockingQueue<String>();
            TcpListener listener = lane.listen(new InetSocketAddress(0), 10, channel -> {
                TcpConnection connection = lane.adopt(channel, new Recorder());
                families.add(connection.remoteAddress().getAddress().getClass().getSimpleName());
            });
            for (String address : List.of("127.0.0.1", "::1")) {
                new Socket(
                                InetAddress.ofLiteral(address),
                                listener.localAddress().getPort())
                        .close();
            }
            assertThat(families.poll(20, TimeUnit.SECONDS)).isEqualTo("Inet4Address");
            assertThat(families.poll(20, TimeUnit.SECONDS)).isEqualTo("Inet6Address");
        }
    }

    @Test
    void aTakenPortIsAnError() throws Exception {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Lane lane = Lane.start("lane")) {
            TcpListener first = lane.listen(loopback, 10, channel -> {});
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> lane.listen(first.localAddress(), 10, channel -> {}));
            UdpSocket udp = lane.openUdp(loopback, (socket, from, datagram) -> {});
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> lane.openUdp(udp.localAddress(), (socket, from, datagram) -> {}));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> lane.listen(
                            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.200"), 0), 1, channel -> {}));
        }
    }

    @Test
    void aClosedListenerAcceptsNoMoreAndItsConnectionsLive() throws Exception {
        try (Lane lane = Lane.start("lane")) {
            var server = new Recorder();
            TcpListener listener = lane.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    10,
                    channel -> lane.adopt(channel, server));
            InetSocketAddress at = listener.localAddress();
            try (var socket = new Socket(at.getAddress(), at.getPort())) {
                socket.getOutputStream().write(1);
                server.awaitBytes(1);
                listener.close();
                listener.close();
                socket.getOutputStream().write(2);
                assertThat(server.awaitBytes(2)).containsExactly(1, 2);
            }
            server.awaitClosed();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new Socket(at.getAddress(), at.getPort()).close());
        }
    }
}
