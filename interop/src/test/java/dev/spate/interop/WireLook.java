package dev.spate.interop;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * A look at a peer from outside: connect, shake hands, read what it says it has, and go.
 *
 * <p>It comes from 127.0.0.9, so that a client that takes one connection an address keeps its place for the peers of the test.
 */
final class WireLook {

    private static final int TIMEOUT_MILLIS = 700;
    private static final int CHOKE = 0;
    private static final int HAVE = 4;
    private static final int BITFIELD = 5;
    private static final int HAVE_ALL = 14;
    private static final int HAVE_NONE = 15;

    private WireLook() {}

    /** How many pieces the peer says it has, or -1 when it does not answer as a peer of this torrent (yet). */
    static int pieces(int port, Torrent torrent) {
        int have = -1;
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 9}), 0));
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.getOutputStream().write(handshake(torrent));
            var in = new DataInputStream(socket.getInputStream());
            byte[] answer = in.readNBytes(68);
            if (answer.length < 68 || !Arrays.equals(answer, 28, 48, torrent.infoHashBytes(), 0, 20)) {
                return -1;
            }
            have = 0;
            // A peer that is downloading never stops telling news.
            long end = System.nanoTime() + Duration.ofMillis(TIMEOUT_MILLIS).toNanos();
            while (have < torrent.pieces() && System.nanoTime() < end) {
                int length = in.readInt();
                int id = length == 0 ? CHOKE : in.readUnsignedByte();
                byte[] body = in.readNBytes(Math.max(0, length - 1));
                switch (id) {
                    case BITFIELD -> {
                        for (byte bits : body) {
                            have += Integer.bitCount(bits & 0xff);
                        }
                    }
                    case HAVE_ALL -> have = torrent.pieces();
                    case HAVE -> have++;
                    case HAVE_NONE -> {
                        return 0;
                    }
                    default -> {
                        // Anything else says nothing about what the peer has.
                    }
                }
            }
            return have;
        } catch (SocketTimeoutException | EOFException e) {
            // It has said what it wanted to say. A peer without pieces may send no bitfield at all.
            return have;
        } catch (IOException e) {
            return have;
        }
    }

    private static byte[] handshake(Torrent torrent) {
        var bytes = new byte[68];
        bytes[0] = 19;
        System.arraycopy("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII), 0, bytes, 1, 19);
        bytes[27] = 4; // BEP 6, so that have all and have none may come
        System.arraycopy(torrent.infoHashBytes(), 0, bytes, 28, 20);
        String id = "-XX0000-%012d".formatted(System.nanoTime() % 1_000_000_000_000L);
        System.arraycopy(id.getBytes(StandardCharsets.US_ASCII), 0, bytes, 48, 20);
        return bytes;
    }
}
