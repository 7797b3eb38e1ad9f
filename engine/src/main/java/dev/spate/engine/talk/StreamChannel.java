package dev.spate.engine.talk;

import dev.spate.wire.Decoding;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import dev.spate.wire.peer.PeerMessageEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The channel over a socket. It has a thread to itself while it waits and copies each byte once more than the engine does.
 *
 * <p>What has arrived is kept until it is a whole message, at most {@link PeerMessageDecoder#MAX_LENGTH} and a prefix; what no BEP
 * defines is passed over without being kept.
 */
public final class StreamChannel implements MessageChannel {

    private static final int SMALL = 4 << 10;
    private static final int PREFIX = 4;
    private static final PeerMessageDecoder DECODER = PeerMessageDecoder.ofUnknownTorrent();

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** From the position to the limit: what came and was not read. */
    private ByteBuffer came = ByteBuffer.allocate(SMALL).flip();

    /** Bytes of a message that is passed over, still to come. */
    private int passOver;

    /** Why nothing can be sent any more. */
    private volatile @Nullable String broken;

    /** Takes a connection over. */
    public StreamChannel(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    // ------------------------------------------------------------------ speaking

    @Override
    public void send(Handshake handshake) {
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.LENGTH);
        handshake.encode(bytes);
        write(bytes.array());
    }

    @Override
    public void send(PeerMessage message, byte[] payload) {
        ByteBuffer bytes = ByteBuffer.allocate(PeerMessageEncoder.length(message) + payload.length);
        PeerMessageEncoder.encode(message, bytes);
        bytes.put(payload);
        write(bytes.array());
    }

    private void write(byte[] bytes) {
        if (broken != null) {
            return;
        }
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            broken = reason(e);
        }
    }

    // ------------------------------------------------------------------ listening

    @Override
    public Heard<Handshake> handshake(long deadline) {
        while (true) {
            switch (Handshake.decode(came)) {
                case Decoding.Decoded<Handshake>(var handshake) -> {
                    return new Heard.Said<>(handshake);
                }
                case Decoding.Malformed<Handshake> malformed -> {
                    return new Heard.Nonsense<>(malformed.reason());
                }
                case Decoding.NeedMore<Handshake>(var bytes) -> {
                    Heard<Handshake> trouble = read(bytes, deadline);
                    if (trouble != null) {
                        return trouble;
                    }
                }
            }
        }
    }

    @Override
    public Heard<Spoken> next(long deadline) {
        while (true) {
            int skipped = Math.min(passOver, came.remaining());
            came.position(came.position() + skipped);
            passOver -= skipped;
            int at = came.position();
            int missing = passOver > 0 ? 1 : 0;
            if (missing == 0) {
                switch (DECODER.decode(came)) {
                    case Decoding.Decoded<PeerMessage>(PeerMessage.Unknown unknown) -> {
                        passOver = unknown.length();
                        return new Heard.Said<>(new Spoken(unknown, ByteBuffer.allocate(0)));
                    }
                    case Decoding.Decoded<PeerMessage>(var message) -> {
                        int payload = message.payloadLength();
                        if (came.remaining() >= payload) {
                            byte[] bytes = new byte[payload];
                            came.get(bytes);
                            return new Heard.Said<>(new Spoken(message, ByteBuffer.wrap(bytes)));
                        }
                        missing = came.position() - at + payload;
                        came.position(at);
                    }
                    case Decoding.Malformed<PeerMessage> malformed -> {
                        return new Heard.Nonsense<>(malformed.reason());
                    }
                    case Decoding.NeedMore<PeerMessage>(var bytes) -> missing = bytes;
                }
            }
            Heard<Spoken> trouble = read(missing, deadline);
            if (trouble != null) {
                return trouble;
            }
        }
    }

    /**
     * Reads what there is, once.
     *
     * @param wanted how much there must be room for from the position on
     * @return null if something came
     */
    private <T> @Nullable Heard<T> read(int wanted, long deadline) {
        String trouble = broken;
        if (trouble != null) {
            return new Heard.Ended<>(trouble);
        }
        assert wanted <= PREFIX + PeerMessageDecoder.MAX_LENGTH : wanted;
        came.compact();
        if (came.capacity() < wanted) {
            came = ByteBuffer.allocate(wanted).put(came.flip());
        }
        int read;
        try {
            long left = deadline - now();
            if (left <= 0) {
                return new Heard.Silence<>();
            }
            socket.setSoTimeout(Math.clamp(Duration.ofNanos(left).toMillis(), 1, Integer.MAX_VALUE));
            read = in.read(came.array(), came.position(), came.remaining());
        } catch (SocketTimeoutException late) {
            return new Heard.Silence<>();
        } catch (IOException e) {
            return new Heard.Ended<>(reason(e));
        } finally {
            came.flip();
        }
        if (read < 0) {
            return new Heard.Ended<>("the peer closed the connection");
        }
        came.limit(came.limit() + read);
        return null;
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    // ------------------------------------------------------------------ the end

    @Override
    public void leave(long deadline) {
        try {
            socket.shutdownOutput();
            Heard<Spoken> heard = new Heard.Silence<>();
            while (deadline - now() > 0 && !(heard instanceof Heard.Ended)) {
                came.position(came.limit());
                heard = read(1, deadline);
                heard = heard == null ? new Heard.Silence<>() : heard;
            }
        } catch (IOException e) {
            // It is gone already.
            broken = reason(e);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The system has forgotten it all the same.
            broken = reason(e);
        }
    }
}
