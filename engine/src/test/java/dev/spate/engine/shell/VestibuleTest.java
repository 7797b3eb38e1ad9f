package dev.spate.engine.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.io.lane.Lane;
import dev.spate.io.lane.TcpListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guests who never say who they are. */
@Timeout(60)
class VestibuleTest {
    private static final int GUESTS = 5;

    /** More than wait at once; of these the first have to go. */
    private static final int CROWD = 300;

    private static final int ROOM = 200;

    @Test
    void showsOutWhoIsSilentAndGoesOnWorking() throws Exception {
        try (Lane lane = Lane.start("lane")) {
            List<Socket> silent = connect(lane, Duration.ofMillis(200), GUESTS);

            for (Socket guest : silent) {
                assertThat(guest.getInputStream().read()).isEqualTo(-1);
            }

            var alive = new CompletableFuture<Boolean>();
            lane.execute(() -> alive.complete(true));
            assertThat(alive.get(10, TimeUnit.SECONDS)).isTrue();
            close(silent);
        }
    }

    @Test
    void theLongestWaitingMakeRoomForNewcomers() throws Exception {
        try (Lane lane = Lane.start("lane")) {
            List<Socket> crowd = connect(lane, Duration.ofMinutes(5), CROWD);

            for (Socket guest : crowd.subList(0, CROWD - ROOM)) {
                assertThat(guest.getInputStream().read()).isEqualTo(-1);
            }

            Socket last = crowd.getLast();
            last.getOutputStream().write("this is no handshake".getBytes(StandardCharsets.US_ASCII));
            assertThat(last.getInputStream().read()).isEqualTo(-1);
            close(crowd);
        }
    }

    /** Connects at once, so that many are accepted in one turn of the lane. */
    private static List<Socket> connect(Lane lane, Duration patience, int guests) throws IOException {
        Vestibule vestibule = new Vestibule(lane, new Directory(), patience);
        TcpListener listener =
                lane.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CROWD, vestibule::welcome);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < guests; i++) {
            sockets.add(new Socket(
                    InetAddress.getLoopbackAddress(), listener.localAddress().getPort()));
        }
        return sockets;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
