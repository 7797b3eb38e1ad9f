package dev.spate.classic.course;

import dev.spate.classic.course.wire.Handshake;
import dev.spate.classic.course.wire.Message;
import dev.spate.classic.course.wire.MessageDecoder;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts one connection's stream of bytes into a handshake and messages, wherever it is cut. The content of pieces goes by as it comes;
 * of anything else only the beginning of an unfinished message is kept, and never more of it than came.
 */
final class Inbox {

    /** Who is told what was read. */
    interface Reader {
        void handshake(Handshake handshake);

        /** Any message but a piece. */
        void message(Message message);

        /** The header of a piece; says whether its content is wanted. */
        boolean pieceBegins(int piece);

        /** The next content of a piece that is wanted, from {@code begin} on; all of it is to be taken. */
        void content(int piece, int begin, ByteBuffer part);

        /** All content of a piece that was wanted has been given. */
        void pieceEnds(int piece);

        /** The stream makes no sense from here on. */
        void malformed(String reason);

        /** Whether nothing more is to be read. */
        boolean closed();
    }

    private static final byte[] NOTHING = new byte[0];

    private final PieceLayout layout;
    private final MessageDecoder decoder;
    private boolean greeted;
    private byte[] stash = NOTHING;
    private int stashed;
    private int needed;
    private int piece;
    private int left;
    private int padding;
    private boolean wanted;

    Inbox(PieceLayout layout, MessageDecoder decoder) {
        this.layout = layout;
        this.decoder = decoder;
    }

    /** Reads all of {@code data}. */
    void read(ByteBuffer data, Reader reader) {
        while (data.hasRemaining() && !reader.closed()) {
            if (left > 0) {
                readContent(data, reader);
            } else if (padding > 0) {
                int bytes = Math.min(padding, data.remaining());
                data.position(data.position() + bytes);
                padding -= bytes;
            } else if (stashed == 0) {
                int missing = decode(data, reader);
                if (missing > 0) {
                    needed = missing;
                    take(data);
                }
            } else {
                readThroughStash(data, reader);
            }
        }
    }

    private void readContent(ByteBuffer data, Reader reader) {
        int bytes = Math.min(left, data.remaining());
        int limit = data.limit();
        int end = data.position() + bytes;
        int begin = layout.length(piece) - left;
        left -= bytes;
        if (wanted) {
            data.limit(end);
            reader.content(piece, begin, data);
            data.limit(limit);
        }
        data.position(end);
        if (left == 0 && wanted && !reader.closed()) {
            reader.pieceEnds(piece);
        }
    }

    private void readThroughStash(ByteBuffer data, Reader reader) {
        take(data);
        if (stashed < needed) {
            return;
        }
        ByteBuffer whole = ByteBuffer.wrap(stash, 0, stashed);
        int missing = decode(whole, reader);
        if (missing > 0) {
            needed = missing;
        } else {
            assert reader.closed() || !whole.hasRemaining() : "a decoder asks for one message at most";
            stash = NOTHING;
            stashed = 0;
        }
    }

    private void take(ByteBuffer data) {
        int bytes = Math.min(needed - stashed, data.remaining());
        if (stashed + bytes > stash.length) {
            stash = Arrays.copyOf(stash, Math.min(needed, 2 * (stashed + bytes)));
        }
        data.get(stash, stashed, bytes);
        stashed += bytes;
    }

    /** Decodes one thing; returns 0, or how many bytes it needs in all while there are fewer. */
    private int decode(ByteBuffer data, Reader reader) {
        if (!greeted) {
            return switch (decoder.handshake(data)) {
                case Decoding.Decoded<Handshake>(var handshake) -> {
                    greeted = true;
                    reader.handshake(handshake);
                    yield 0;
                }
                case Decoding.NeedMore<Handshake>(var bytes) -> bytes;
                case Decoding.Malformed<Handshake> malformed -> malformed(malformed, reader);
            };
        }
        return switch (decoder.decode(data)) {
            case Decoding.Decoded<Message>(var message) -> {
                if (message instanceof Message.Piece(var index, var behind)) {
                    piece = index;
                    padding = behind;
                    left = layout.length(index);
                    wanted = reader.pieceBegins(index);
                } else {
                    reader.message(message);
                }
                yield 0;
            }
            case Decoding.NeedMore<Message>(var bytes) -> bytes;
            case Decoding.Malformed<Message> malformed -> malformed(malformed, reader);
        };
    }

    private static int malformed(Decoding.Malformed<?> malformed, Reader reader) {
        reader.malformed(malformed.reason());
        return 0;
    }
}
