package dev.spate.interop.hostile;

import dev.spate.interop.own.Sample;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerId;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import dev.spate.wire.peer.PeerMessageEncoder;
import dev.spate.wire.peer.Reserved;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A connection of ours to the victim, from a loopback address of its own, that says whatever it is told to say. Blocks. */
final class Stranger implements Closeable {

    /** What all ask for in their handshake. */
    static final Reserved MODERN = Reserved.NONE.withFast().withExtensions();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Sample sample;
    private final Socket socket = new Socket();
    private final long since = System.nanoTime();
    private final DataInputStream in;
    private final OutputStream out;
    private final PeerMessageDecoder decoder;

    /**
     * Connects.
     *
     * @param from a loopback address
     * @param port of the victim
     */
    Stranger(String from, int port, Sample sample) throws IOException {
        this.sample = sample;
        this.decoder = new PeerMessageDecoder(sample.pieces());
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
            out = socket.getOutputStream();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The victim's port. */
    int port() {
        return socket.getPort();
    }

    Sample sample() {
        return sample;
    }

    // ------------------------------------------------------------------ handshakes

    byte[] handshake(Reserved reserved, PeerId id) {
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.LENGTH);
        new Handshake(reserved, sample.metainfo().infoHash().onTheWire(), id).encode(bytes);
        return bytes.array();
    }

    /** Says a good handshake and reads the victim's. */
    Handshake shakeHands(Reserved reserved, PeerId id) throws IOException {
        raw(handshake(reserved, id));
        byte[] theirs = new byte[Handshake.LENGTH];
        in.readFully(theirs);
        if (Handshake.decode(ByteBuffer.wrap(theirs)) instanceof Decoding.Decoded<Handshake>(Handshake handshake)) {
            return handshake;
        }
        throw new AssertionError("the victim's handshake cannot be read");
    }

    // ------------------------------------------------------------------ speaking

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void say(PeerMessage... messages) throws IOException {
        int length = 0;
        for (PeerMessage message : messages) {
            length += PeerMessageEncoder.length(message);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (PeerMessage message : messages) {
            PeerMessageEncoder.encode(message, bytes);
        }
        raw(bytes.array());
    }

    /** Sends a block, or what passes for one. */
    void sayPiece(BlockRange block, byte[] payload) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(13 + payload.length);
        PeerMessageEncoder.encode(new PeerMessage.Piece(block), bytes);
        raw(bytes.put(payload).array());
    }

    /** Says the same message again and again, many to a write. */
    void flood(PeerMessage message, int times) throws IOException {
        int length = PeerMessageEncoder.length(message);
        int batch = Math.min(times, 1000);
        ByteBuffer bytes = ByteBuffer.allocate(batch * length);
        for (int i = 0; i < batch; i++) {
            PeerMessageEncoder.encode(message, bytes);
        }
        for (int said = 0; said < times; said += batch) {
            raw(bytes.array());
        }
    }

    /** The prefix and the type of a message of so many bytes. */
    static byte[] promise(int length, int type) {
        return ByteBuffer.allocate(5).putInt(length).put((byte) type).array();
    }

    void drip(int bytes, int each, Duration rest) throws IOException {
        for (int said = 0; said < bytes; said += each) {
            raw(new byte[each]);
            rest(rest);
        }
    }

    static void rest(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    // ------------------------------------------------------------------ listening

    /** The next message; of a block only the header, and the payload is passed over. */
    PeerMessage hear() throws IOException {
        int length = in.readInt();
        ByteBuffer bytes = ByteBuffer.allocate(4 + length).putInt(length);
        in.readFully(bytes.array(), 4, length);
        if (decoder.decode(bytes.rewind()) instanceof Decoding.Decoded<PeerMessage>(PeerMessage message)) {
            return message;
        }
        throw new AssertionError("the victim says what no decoder understands");
    }

    /** Listens until the victim says something of this kind. */
    void await(Class<? extends PeerMessage> kind) throws IOException {
        PeerMessage heard = hear();
        while (!kind.isInstance(heard)) {
            heard = hear();
        }
    }

    /** Listens until the victim has said under which number it takes the messages of an extension; returns that. */
    int awaitExtension(String name) throws IOException {
        while (true) {
            if (hear() instanceof PeerMessage.Extended(int id, ByteBuffer payload)
                    && id == ExtensionHandshake.ID
                    && ExtensionHandshake.decode(payload)
                            instanceof Decoding.Decoded<ExtensionHandshake>(ExtensionHandshake theirs)
                    && theirs.extensions().containsKey(name)) {
                return theirs.extensions().get(name);
            }
        }
    }

    /** Reads until the victim closes; returns how long the connection lived. */
    Duration awaitEnd() throws IOException {
        byte[] bytes = new byte[16 << 10];
        try {
            while (in.read(bytes) >= 0) {
                // Whatever it says, it is the end that counts.
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return age();
        }
        return age();
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
