package dev.spate.engine.shell;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns one peer's stream of bytes into messages, wherever the stream is cut.
 *
 * <p>Block payload is never collected: the sink takes its bytes as they arrive, from the lane's receive buffer to their place in a
 * piece buffer. Of everything else only the beginning of an unfinished message is kept, in a stash
 * that grows to what the decoder asks for and is given up when the message is whole; an idle connection holds no bytes.
 */
final class MessageReader {

    /** Who is told what was read. */
    interface Sink {
        /** The first message; called once, unless the reader was made to begin behind it. */
        void handshake(Handshake handshake);

        /** Any message but a block. */
        void message(PeerMessage message);

        /** The header of a block was read; returns whether its payload is wanted. */
        boolean blockBegins(BlockRange block);

        /** The next bytes of a block that is wanted, from {@code begin} within its piece; all of {@code part} is to be taken. */
        void payload(int begin, ByteBuffer part, BlockRange block);

        /** So many bytes of a block that is not wanted went by. */
        void dropped(int bytes);

        /** The last byte was read of a block that is wanted. */
        void blockEnds(BlockRange block);

        /** The stream makes no sense; nothing more will be read. */
        void malformed(String reason);

        /** Whether to stop reading because the connection was given up meanwhile. */
        boolean closed();
    }

    private static final byte[] NOTHING = new byte[0];

    private PeerMessageDecoder decoder;
    private boolean handshakeDone;
    private boolean broken;

    private byte[] stash = NOTHING;
    private int stashed;
    private int needed;

    private @Nullable BlockRange block;
    private int payloadLeft;
    private boolean wanted;

    /** @param handshakeDone whether the stream begins behind the handshake */
    MessageReader(PeerMessageDecoder decoder, boolean handshakeDone) {
        this.decoder = decoder;
        this.handshakeDone = handshakeDone;
    }

    /** From the next message on. One of which a part is here is as long for either decoder, or malformed for the new one. */
    void decodeWith(PeerMessageDecoder next) {
        decoder = next;
    }

    /** Reads all of {@code data}. */
    void read(ByteBuffer data, Sink sink) {
        while (data.hasRemaining() && !broken && !sink.closed()) {
            if (payloadLeft > 0) {
                readPayload(data, sink);
            } else if (stashed == 0) {
                int missing = decode(data, sink);
                if (missing > 0) {
                    stash(data, missing);
                }
            } else {
                readThroughStash(data, sink);
            }
        }
    }

    /** The rest of the block that is arriving is to be dropped. */
    void dropBlock() {
        wanted = false;
    }

    private void readPayload(ByteBuffer data, Sink sink) {
        BlockRange arriving = block;
        int bytes = Math.min(payloadLeft, data.remaining());
        int behind = data.position() + bytes;
        if (arriving == null) {
            // Of a message that nobody knows; it is passed over.
            assert !wanted;
        } else if (wanted) {
            int limit = data.limit();
            data.limit(behind);
            sink.payload(arriving.end() - payloadLeft, data, arriving);
            data.limit(limit);
        } else {
            sink.dropped(bytes);
        }
        data.position(behind);
        payloadLeft -= bytes;
        if (payloadLeft == 0) {
            block = null;
            if (arriving != null && wanted) {
                wanted = false;
                sink.blockEnds(arriving);
            }
        }
    }

    /** Decodes one message from the buffer; returns 0, or how many bytes it needs in all while it has fewer. */
    private int decode(ByteBuffer data, Sink sink) {
        return handshakeDone ? decodeMessage(data, sink) : decodeHandshake(data, sink);
    }

    private int decodeHandshake(ByteBuffer data, Sink sink) {
        return switch (Handshake.decode(data)) {
            case Decoding.Decoded<Handshake>(var handshake) -> {
                handshakeDone = true;
                sink.handshake(handshake);
                yield 0;
            }
            case Decoding.NeedMore<Handshake>(var bytes) -> bytes;
            case Decoding.Malformed<Handshake> malformed -> broken(malformed, sink);
        };
    }

    private int decodeMessage(ByteBuffer data, Sink sink) {
        return switch (decoder.decode(data)) {
            case Decoding.Decoded<PeerMessage>(var message) -> {
                payloadLeft = message.payloadLength();
                if (message instanceof PeerMessage.Piece(var range)) {
                    block = range;
                    wanted = sink.blockBegins(range);
                } else {
                    sink.message(message);
                }
                yield 0;
            }
            case Decoding.NeedMore<PeerMessage>(var bytes) -> bytes;
            case Decoding.Malformed<PeerMessage> malformed -> broken(malformed, sink);
        };
    }

    private int broken(Decoding.Malformed<?> malformed, Sink sink) {
        broken = true;
        sink.malformed(malformed.toString());
        return 0;
    }

    /** Keeps what {@code data} has left, the beginning of a message of {@code bytes} bytes or more. */
    private void stash(ByteBuffer data, int bytes) {
        needed = bytes;
        take(data);
    }

    /** Tops the stash up to what the decoder asked for and tries again. */
    private void readThroughStash(ByteBuffer data, Sink sink) {
        take(data);
        if (stashed < needed) {
            return;
        }
        ByteBuffer whole = ByteBuffer.wrap(stash, 0, stashed);
        int missing = decode(whole, sink);
        if (missing > 0) {
            needed = missing;
        } else {
            // A decoder asks for no more than one message, so nothing is left behind it.
            assert broken || !whole.hasRemaining() : whole;
            stash = NOTHING;
            stashed = 0;
        }
    }

    /**
     * Moves bytes to the stash, up to {@code needed}. The stash grows with what came, not with what was announced: a stranger
     * who promises a megabyte and sends four bytes costs four bytes.
     */
    private void take(ByteBuffer data) {
        int bytes = Math.min(needed - stashed, data.remaining());
        if (stashed + bytes > stash.length) {
            int doubled = Math.min(needed, 2 * (stashed + bytes));
            stash = Arrays.copyOf(stash, doubled);
        }
        data.get(stash, stashed, bytes);
        stashed += bytes;
    }
}
