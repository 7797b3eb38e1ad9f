package dev.spate.classic.course;

import dev.spate.classic.course.peer.CoursePeer;
import dev.spate.classic.course.wire.Handshake;
import dev.spate.classic.course.wire.Message;
import dev.spate.classic.course.wire.MessageDecoder;
import dev.spate.classic.course.wire.MessageEncoder;
import dev.spate.io.lane.Outbox;
import dev.spate.io.lane.TcpConnection;
import dev.spate.io.lane.TcpHandler;
import dev.spate.io.memory.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a peer: bytes on one side, the {@link CoursePeer}'s inputs and effects on the other. Lane thread only.
 *
 * <p>The content of a piece goes from the lane's receive buffer straight to its place in the file, and from the file into a leased buffer
 * that the socket is written from; no piece is ever held as a whole, however large.
 */
final class PeerLink implements TcpHandler, Inbox.Reader {
    /** Content that is read for the socket at a time. */
    static final int CHUNK = 256 * 1024;

    /** A message that is larger than what an outbox gathers at a time is sent when there is room for this much. */
    private static final int ENOUGH_ROOM = 64 * 1024;

    /** Messages that may wait for one who does not read, beyond one have a piece. */
    private static final int MAX_QUEUED = 4096;

    private final PeerProcess process;
    /** Whom we meant to reach, or {@link CoursePeer#NOTHING}. */
    private final int dialled;

    private final MessageDecoder decoder;
    private final MessageEncoder encoder;
    private final Inbox inbox;
    private final ArrayDeque<Message> messages = new ArrayDeque<>(4);
    /** What goes when the process says so; nothing else has to wait for it. */
    private final ArrayDeque<Message.Have> news = new ArrayDeque<>(4);

    private final CRC32C crc = new CRC32C();
    private @Nullable TcpConnection connection;
    private int number = CoursePeer.NOTHING;
    private boolean greets;
    private boolean uploadsReady;
    private int uploading = CoursePeer.NOTHING;
    private int uploaded;
    private boolean closed;

    PeerLink(PeerProcess process, int dialled, MessageDecoder decoder) {
        this.process = process;
        this.dialled = dialled;
        this.decoder = decoder;
        this.encoder = new MessageEncoder(process.layout());
        this.inbox = new Inbox(process.layout(), decoder);
    }

    // From the lane.

    @Override
    public void connected(TcpConnection up) {
        connection = up;
        number = process.peer().connected(dialled, process.now());
        if (number == CoursePeer.NOTHING) {
            closed = true;
            up.close();
        } else {
            process.linked(number, this);
        }
        process.drain();
    }

    @Override
    public void received(TcpConnection from, ByteBuffer data) {
        inbox.read(data, this);
    }

    @Override
    public void closed(TcpConnection gone, @Nullable IOException cause) {
        boolean ours = closed;
        closed = true;
        messages.clear();
        news.clear();
        process.linkClosed(this);
        if (number != CoursePeer.NOTHING) {
            if (!ours) {
                process.peer().disconnected(number, process.now());
            }
        } else if (dialled != CoursePeer.NOTHING && cause != null) {
            process.peer().connectFailed(dialled, String.valueOf(cause.getMessage()), process.now());
        }
        process.drain();
    }

    @Override
    public boolean gather(TcpConnection to, Outbox out) {
        if (greets) {
            greets = false;
            new Handshake(process.id(), decoder.dialect().idForm()).encode(out.small(Handshake.LENGTH));
        }
        while (!closed) {
            if (uploading != CoursePeer.NOTHING) {
                if (out.room() == 0) {
                    return true;
                }
                if (!upload(to, out)) {
                    return false;
                }
                continue;
            }
            Message message = messages.peek();
            if (message == null && uploadsReady) {
                int piece = process.peer().nextUpload(number);
                uploadsReady = piece != CoursePeer.NOTHING;
                if (uploadsReady) {
                    messages.add(new Message.Piece(piece));
                    continue;
                }
            }
            if (message == null) {
                return false;
            }
            int length = encoder.length(message);
            if (out.room() < Math.min(length, ENOUGH_ROOM)) {
                return true;
            }
            encoder.encode(message, decoder.dialect(), out.small(length));
            messages.remove();
            if (message instanceof Message.Piece piece) {
                uploading = piece.piece();
                uploaded = 0;
            }
        }
        return false;
    }

    /** Puts the next content of the piece into the outbox; false if there is no memory for it now. */
    private boolean upload(TcpConnection to, Outbox out) {
        int length = process.layout().length(uploading);
        int bytes = Math.min(CHUNK, length - uploaded);
        Lease lease = process.pool().tryLease(bytes);
        if (lease == null) {
            process.pool().whenReturned(() -> process.lane().execute(to::wantWrite));
            return false;
        }
        ByteBuffer content = lease.buffer();
        try {
            process.file().read(uploading, uploaded, content);
        } catch (IOException e) {
            lease.close();
            process.failed(PieceFile.trouble(process.folder(), e));
            return false;
        }
        out.add(content.flip(), lease);
        uploaded += bytes;
        if (uploaded == length) {
            uploading = CoursePeer.NOTHING;
        }
        return true;
    }

    // From the inbox.

    @Override
    public void handshake(Handshake handshake) {
        process.peer().handshakeReceived(number, handshake.peerId(), process.now());
        process.drain();
    }

    @Override
    public void message(Message message) {
        process.peer().messageReceived(number, message, process.now());
        process.drain();
    }

    @Override
    public boolean pieceBegins(int piece) {
        crc.reset();
        return process.peer().pieceArriving(number, piece, process.now());
    }

    @Override
    public void content(int piece, int begin, ByteBuffer part) {
        int position = part.position();
        crc.update(part);
        part.position(position);
        try {
            process.file().write(piece, begin, part);
        } catch (IOException e) {
            process.failed(PieceFile.trouble(process.folder(), e));
            return;
        }
        process.peer().bytesArrived(number, process.now());
    }

    @Override
    public void pieceEnds(int piece) {
        process.stored(number, piece, (int) crc.getValue());
    }

    @Override
    public void malformed(String reason) {
        process.peer().refuse(number, reason, process.now());
        process.drain();
    }

    @Override
    public boolean closed() {
        return closed;
    }

    // From the process.

    void greet() {
        greets = true;
        wantWrite();
    }

    void send(Message message) {
        if (messages.size() + news.size() >= MAX_QUEUED + process.layout().pieces()) {
            process.peer().refuse(number, "it does not read what it is sent", process.now());
            return;
        }
        if (message instanceof Message.Have have) {
            news.add(have);
            process.newsWaits();
        } else {
            messages.add(message);
            wantWrite();
        }
    }

    /** The news that waited goes now. */
    void sendNews() {
        if (!news.isEmpty()) {
            messages.addAll(news);
            news.clear();
            wantWrite();
        }
    }

    void uploadReady() {
        uploadsReady = true;
        wantWrite();
    }

    void leave() {
        if (connection != null && !closed) {
            connection.endOutput();
        }
    }

    void close() {
        closed = true;
        if (connection != null) {
            connection.close();
        }
    }

    private void wantWrite() {
        if (connection != null && !closed) {
            connection.wantWrite();
        }
    }
}
