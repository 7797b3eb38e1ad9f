package dev.spate.cli.talk;

import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import dev.spate.wire.peer.PeerMessageEncoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * One connection in the peer wire protocol, where reading waits. For one thread that reads and one that writes.
 *
 * <p>It has a thread to itself and copies each byte once more than the engine does; fit for a look or for a test, not for transfers.
 */
public final class PeerTalk implements AutoCloseable {

    /** The number of the bitfield message (BEP 3). */
    private static final int BITFIELD = 5;

    private static final int PREFIX = 4;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final PeerMessageDecoder decoder;
    private final boolean piecesKnown;

    /** What a peer said. */
    public sealed interface Said {

        /** A message, and the payload that belongs to it. */
        record Message(PeerMessage message, ByteBuffer payload) implements Said {}

        /** A bitfield for a torrent whose number of pieces is not known, and how many pieces are in it. */
        record RawBitfield(int pieces) implements Said {}
    }

    /** A peer does not keep to the protocol; the message says how. */
    public static final class Nonsense extends IOException {
        private static final long serialVersionUID = 1;

        Nonsense(String reason) {
            super(reason);
        }
    }

    /**
     * Takes a connection over.
     *
     * @param pieces of the torrent, or empty if it is not known
     */
    public PeerTalk(Socket socket, Optional<Integer> pieces) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.decoder = new PeerMessageDecoder(pieces.orElse(PieceLayout.MAX_PIECES));
        this.piecesKnown = pieces.isPresent();
        socket.setTcpNoDelay(true);
    }

    /** How long each later read may wait; then it fails with a {@link SocketTimeoutException}. */
    public void patience(Duration atMost) throws IOException {
        socket.setSoTimeout(Math.clamp(atMost.toMillis(), 1, Integer.MAX_VALUE));
    }

    /** Sends our handshake. */
    public void send(Handshake handshake) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.LENGTH);
        handshake.encode(bytes);
        write(bytes.array());
    }

    /** Sends a message without a payload. */
    public void send(PeerMessage message) throws IOException {
        send(message, new byte[0]);
    }

    /** Sends a message and its payload. */
    public void send(PeerMessage message, byte[] payload) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PeerMessageEncoder.length(message) + payload.length);
        PeerMessageEncoder.encode(message, bytes);
        bytes.put(payload);
        write(bytes.array());
    }

    /** Sends bytes as they are. */
    public void write(byte[] bytes) throws IOException {
        synchronized (out) {
            out.write(bytes);
            out.flush();
        }
    }

    /** Waits for their handshake. */
    public Handshake handshake() throws IOException {
        return switch (Handshake.decode(ByteBuffer.wrap(read(Handshake.LENGTH)))) {
            case Decoding.Decoded<Handshake>(var handshake) -> handshake;
            case Decoding.Malformed<Handshake> malformed -> throw new Nonsense(malformed.reason());
            case Decoding.NeedMore<Handshake> more -> throw new AssertionError(more);
        };
    }

    /** Waits for the next message; keep-alives included. */
    public Said next() throws IOException {
        byte[] prefix = read(PREFIX);
        int length = ByteBuffer.wrap(prefix).getInt();
        if (length < 0 || length > PeerMessageDecoder.MAX_LENGTH) {
            throw new Nonsense("a message of " + Integer.toUnsignedString(length) + " bytes");
        }
        ByteBuffer frame = ByteBuffer.allocate(PREFIX + length).put(prefix).put(read(length));
        frame.flip();
        if (!piecesKnown && length > 0 && frame.get(PREFIX) == BITFIELD) {
            int count = 0;
            for (int i = PREFIX + 1; i < frame.limit(); i++) {
                count += Integer.bitCount(frame.get(i) & 0xff);
            }
            return new Said.RawBitfield(count);
        }
        return switch (decoder.decode(frame)) {
            case Decoding.Decoded<PeerMessage>(var message) -> new Said.Message(message, frame);
            case Decoding.Malformed<PeerMessage> malformed -> throw new Nonsense(malformed.reason());
            case Decoding.NeedMore<PeerMessage> more -> throw new Nonsense("a message that is shorter than it says");
        };
    }

    private byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the peer closed the connection");
        }
        return bytes;
    }

    /** Closes the connection; a read that waits fails. Any thread. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
