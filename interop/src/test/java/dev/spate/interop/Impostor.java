package dev.spate.interop;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** A peer that is no good, on a port of 127.0.0.1. Written without code of Spate. */
final class Impostor implements AutoCloseable {

    /** What is wrong with it. */
    enum Kind {
        /** Takes connections, and says nothing. */
        SILENT,
        /** Has everything, and never unchokes. */
        CHOKING,
        /** Has everything, as it says, unchokes, and gives rubbish. */
        LYING
    }

    private static final int HANDSHAKE = 68;
    private static final int UNCHOKE = 1;
    private static final int BITFIELD = 5;
    private static final int REQUEST = 6;
    private static final int PIECE = 7;

    private final Kind kind;
    private final Torrent torrent;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Impostor(Kind kind, Torrent torrent) throws IOException {
        this.kind = kind;
        this.torrent = torrent;
        this.listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> deceive(socket));
            }
        } catch (IOException over) {
            // The test has ended.
            return;
        }
    }

    private void deceive(Socket socket) {
        try (socket;
                var in = new DataInputStream(socket.getInputStream());
                var out = new DataOutputStream(socket.getOutputStream())) {
            byte[] handshake = in.readNBytes(HANDSHAKE);
            if (kind != Kind.SILENT) {
                // Neither BEP 6 nor BEP 10, and a name of its own.
                System.arraycopy(new byte[8], 0, handshake, 20, 8);
                System.arraycopy("-XX0009-".getBytes(StandardCharsets.US_ASCII), 0, handshake, 48, 8);
                out.write(handshake);
                out.write(bitfield());
            }
            if (kind == Kind.LYING) {
                out.writeInt(1);
                out.writeByte(UNCHOKE);
            }
            while (true) {
                int length = in.readInt();
                byte[] message = in.readNBytes(length);
                if (length > 0 && message[0] == REQUEST) {
                    lie(ByteBuffer.wrap(message, 1, 12), out);
                }
            }
        } catch (IOException gone) {
            // Whoever looked at it has seen enough.
            return;
        }
    }

    private byte[] bitfield() {
        int bytes = (torrent.pieces() + 7) / 8;
        var message = ByteBuffer.allocate(5 + bytes).putInt(1 + bytes).put((byte) BITFIELD);
        for (int piece = 0; piece < torrent.pieces(); piece++) {
            int at = 5 + piece / 8;
            message.put(at, (byte) (message.get(at) | 0x80 >> piece % 8));
        }
        return message.array();
    }

    private static void lie(ByteBuffer request, DataOutputStream out) throws IOException {
        int piece = request.getInt();
        int begin = request.getInt();
        byte[] rubbish = new byte[request.getInt()];
        new SplittableRandom(begin).nextBytes(rubbish);
        out.writeInt(9 + rubbish.length);
        out.writeByte(PIECE);
        out.writeInt(piece);
        out.writeInt(begin);
        out.write(rubbish);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
