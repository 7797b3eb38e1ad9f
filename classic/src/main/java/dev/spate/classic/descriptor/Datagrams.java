package dev.spate.classic.descriptor;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages into datagrams of the original and back: a C structure of always 1,080 bytes, as x86-64 lays it out, little-endian.
 * {@code docs/descriptor.md} draws it byte by byte.
 *
 * <p>Implementation note. The original is not of one mind about byte orders, and its peculiarities are kept: numbers of enumerations
 * are swapped as 16 bits and stored as 32, so that 1 is {@code 00 01 00 00}; ports are big-endian, except those of listed peers. Bytes
 * that a message does not use hold whatever lay in the original's memory. They are zero when we send them, and never looked at, but for
 * the 48 at the end of the payload: those are an {@link Extension} if they begin with our sign and the checksum over all 1,080 bytes is
 * right. A checksum guards against leftovers, not against liars; those may as well send an extension of their own.
 */
final class Datagrams {

    /** Of each datagram, in bytes. */
    static final int LENGTH = 1080;

    static final int ID_LENGTH = 16;

    private static final int SEGMENTS = 0;
    private static final int TYPE = 8;
    private static final int ORIGIN = 12;
    private static final int SEGMENT = 30;
    private static final int CALL_PAYLOAD = 32;
    private static final int CALL_METHOD = 1056;
    private static final int REPLY_METHOD = 32;
    private static final int REPLY_STATUS = 36;
    private static final int REPLY_PAYLOAD = 40;
    private static final int ID = 1064;

    private static final int IP_LENGTH = 16;
    private static final int KEY = CALL_PAYLOAD + 2 + IP_LENGTH;
    private static final int KEY_LENGTH = 36;
    private static final int PEER_LENGTH = 40;
    private static final int PEER_PORT = 16;
    private static final int PEER_STATE = 36;

    private static final int EXTENSION_LENGTH = 48;
    private static final int CALL_EXTENSION = CALL_METHOD - EXTENSION_LENGTH;
    private static final int REPLY_EXTENSION = ID - EXTENSION_LENGTH;

    /** "Spt" and the version of the extension. */
    private static final int SIGN = 0x53707401;

    private static final int REPLY = 0;
    private static final int CALL = 1;
    private static final int OK = 0;
    private static final int ERR = 0xffff;
    private static final int NO_STATE = 0xff;

    private Datagrams() {}

    // ------------------------------------------------------------------ to bytes

    /** Puts the datagram at the buffer's position, which needs room for {@link #LENGTH} bytes. */
    static void encode(Message message, ByteBuffer into) {
        ByteBuffer bytes = into.slice(into.position(), LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < LENGTH; i += Long.BYTES) {
            bytes.putLong(i, 0);
        }
        putText(bytes, ID, message.id());
        switch (message) {
            case Message.Call call -> encode(call, bytes);
            case Message.Reply reply -> encode(reply, bytes);
        }
        into.position(into.position() + LENGTH);
    }

    private static void encode(Message.Call call, ByteBuffer bytes) {
        putNumber(bytes, TYPE, CALL);
        putNumber(bytes, CALL_METHOD, call.method().number());
        putAddress(bytes, ORIGIN, call.origin());
        putAddress(bytes, CALL_PAYLOAD, call.src());
        if (call.key() != null) {
            putText(bytes, KEY, call.key().latin());
        }
        putExtension(bytes, CALL_EXTENSION, call.extension());
    }

    private static void encode(Message.Reply reply, ByteBuffer bytes) {
        putNumber(bytes, TYPE, REPLY);
        bytes.putLong(SEGMENTS, reply.segments());
        bytes.putShort(SEGMENT, (short) reply.segment());
        putNumber(bytes, REPLY_METHOD, reply.method().number());
        putNumber(bytes, REPLY_STATUS, reply.ok() ? OK : ERR);
        bytes.put(REPLY_PAYLOAD, (byte) reply.peers().size());
        int at = REPLY_PAYLOAD + 1;
        for (ListedPeer peer : reply.peers()) {
            putText(bytes, at, peer.address().ip().getHostAddress());
            bytes.putShort(at + PEER_PORT, (short) peer.address().port());
            bytes.putInt(at + PEER_STATE, peer.state().number());
            at += PEER_LENGTH;
        }
        putExtension(bytes, REPLY_EXTENSION, reply.extension());
    }

    private static void putNumber(ByteBuffer bytes, int at, int number) {
        bytes.putInt(at, Short.reverseBytes((short) number) & 0xffff);
    }

    private static void putAddress(ByteBuffer bytes, int at, @Nullable PeerAddress address) {
        if (address != null) {
            bytes.putShort(at, Short.reverseBytes((short) address.port()));
            putText(bytes, at + 2, address.ip().getHostAddress());
        }
    }

    private static void putText(ByteBuffer bytes, int at, String latin) {
        bytes.put(at, latin.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void putExtension(ByteBuffer bytes, int at, @Nullable Extension extension) {
        if (extension == null) {
            return;
        }
        ByteBuffer block = bytes.slice(at, EXTENSION_LENGTH);
        PeerState state = extension.state();
        Refusal refusal = extension.refusal();
        block.putInt(SIGN)
                .putInt(0)
                .putLong(extension.mark())
                .put((byte) extension.hops())
                .put((byte) extension.fanOut())
                .putShort((short) extension.enginePort())
                .put((byte) (state == null ? NO_STATE : state.number()))
                .put((byte) (refusal == null ? 0 : refusal.number()))
                .putShort((short) extension.segment());
        if (extension.infoHash() != null) {
            extension.infoHash().writeTo(block);
        }
        // Last, for it is of all the rest.
        bytes.slice(at, EXTENSION_LENGTH).putInt(4, checksum(bytes, at + 4));
    }

    /** The sum of the whole datagram, with zeros where the sum itself stands. */
    private static int checksum(ByteBuffer bytes, int sumAt) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.slice(0, sumAt));
        sum.update(new byte[Integer.BYTES]);
        sum.update(bytes.slice(sumAt + Integer.BYTES, LENGTH - sumAt - Integer.BYTES));
        return (int) sum.getValue();
    }

    // ------------------------------------------------------------------ from bytes

    /**
     * Reads a datagram.
     *
     * @param datagram from its position to its limit, which stay where they are
     * @return {@code Decoded} or {@code Malformed}
     */
    static Decoding<Message> decode(ByteBuffer datagram) {
        if (datagram.remaining() != LENGTH) {
            return malformed(0, "a datagram has " + LENGTH + " bytes, not " + datagram.remaining());
        }
        ByteBuffer bytes = datagram.slice().order(ByteOrder.LITTLE_ENDIAN);
        return switch (number(bytes, TYPE)) {
            case CALL -> call(bytes);
            case REPLY -> reply(bytes);
            default -> malformed(TYPE, "neither a call nor a reply");
        };
    }

    private static Decoding<Message> call(ByteBuffer bytes) {
        Method method = method(bytes, CALL_METHOD);
        if (method == null) {
            return malformed(CALL_METHOD, "an unknown method");
        }
        boolean signed = isExtended(bytes, CALL_EXTENSION);
        Extension extension = signed ? extension(bytes, CALL_EXTENSION) : null;
        if (signed && extension == null) {
            return malformed(CALL_EXTENSION, "an extension that makes no sense");
        }
        PeerAddress src = null;
        HashKey key = null;
        if (method == Method.GET_PEERS || signed) {
            src = address(bytes, CALL_PAYLOAD);
            key = key(bytes);
            if (method == Method.GET_PEERS && (src == null || src.port() == 0)) {
                return malformed(CALL_PAYLOAD, "the source of the walk is no address");
            }
            if (method == Method.GET_PEERS && key == null) {
                return malformed(KEY, "no hash key");
            }
        }
        return new Decoding.Decoded<>(
                new Message.Call(method, address(bytes, ORIGIN), src, key, text(bytes, ID, ID_LENGTH), extension));
    }

    private static Decoding<Message> reply(ByteBuffer bytes) {
        Method method = method(bytes, REPLY_METHOD);
        if (method == null) {
            return malformed(REPLY_METHOD, "an unknown method");
        }
        int status = number(bytes, REPLY_STATUS);
        if (status != OK && status != ERR) {
            return malformed(REPLY_STATUS, "neither good nor an error");
        }
        long segments = bytes.getLong(SEGMENTS);
        int segment = bytes.getShort(SEGMENT) & 0xffff;
        if (segments < 0 || segments > Message.MAX_SEGMENTS || segment >= Math.max(1, segments)) {
            return malformed(SEGMENTS, "not one of " + Message.MAX_SEGMENTS + " segments");
        }
        int count = method == Method.GET_PEERS && status == OK ? bytes.get(REPLY_PAYLOAD) & 0xff : 0;
        if (count > Message.MOST_PEERS) {
            return malformed(REPLY_PAYLOAD, "more peers than a datagram holds");
        }
        boolean signed = count <= Message.PEERS_WITH_EXTENSION && isExtended(bytes, REPLY_EXTENSION);
        Extension extension = signed ? extension(bytes, REPLY_EXTENSION) : null;
        if (signed && extension == null) {
            return malformed(REPLY_EXTENSION, "an extension that makes no sense");
        }
        return new Decoding.Decoded<>(new Message.Reply(
                method,
                status == OK,
                peers(bytes, count),
                (int) segments,
                segment,
                text(bytes, ID, ID_LENGTH),
                extension));
    }

    /** Those whose address makes sense. */
    private static List<ListedPeer> peers(ByteBuffer bytes, int count) {
        List<ListedPeer> peers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = REPLY_PAYLOAD + 1 + i * PEER_LENGTH;
            byte[] ip = Ipv4Text.parse(text(bytes, at, IP_LENGTH));
            int port = bytes.getShort(at + PEER_PORT) & 0xffff;
            PeerState state = PeerState.of(bytes.getInt(at + PEER_STATE));
            if (ip != null && port != 0) {
                peers.add(new ListedPeer(PeerAddress.of(ip, port), state == null ? PeerState.IDLE : state));
            }
        }
        return peers;
    }

    private static int number(ByteBuffer bytes, int at) {
        int stored = bytes.getInt(at);
        return (stored & 0xffff0000) != 0 ? -1 : Short.reverseBytes((short) stored) & 0xffff;
    }

    private static @Nullable Method method(ByteBuffer bytes, int at) {
        return Method.of(number(bytes, at));
    }

    private static @Nullable PeerAddress address(ByteBuffer bytes, int at) {
        byte[] ip = Ipv4Text.parse(text(bytes, at + 2, IP_LENGTH));
        return ip == null ? null : PeerAddress.of(ip, Short.reverseBytes(bytes.getShort(at)) & 0xffff);
    }

    private static @Nullable HashKey key(ByteBuffer bytes) {
        String latin = text(bytes, KEY, KEY_LENGTH);
        return latin.isEmpty() || latin.length() > HashKey.MAX_LENGTH ? null : new HashKey(latin);
    }

    /** What stands before the first zero, or everything. */
    private static String text(ByteBuffer bytes, int at, int length) {
        byte[] text = new byte[length];
        bytes.get(at, text);
        int end = 0;
        while (end < length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static boolean isExtended(ByteBuffer bytes, int at) {
        ByteBuffer block = bytes.slice(at, EXTENSION_LENGTH);
        return block.getInt(0) == SIGN && block.getInt(4) == checksum(bytes, at + 4);
    }

    private static @Nullable Extension extension(ByteBuffer bytes, int at) {
        ByteBuffer block = bytes.slice(at, EXTENSION_LENGTH).position(8);
        long mark = block.getLong();
        int hops = block.get() & 0xff;
        int fanOut = block.get() & 0xff;
        int enginePort = block.getShort() & 0xffff;
        int stateNumber = block.get() & 0xff;
        int refusalNumber = block.get() & 0xff;
        int segment = block.getShort() & 0xffff;
        byte[] infoHash = new byte[Digest.SHA1_LENGTH];
        block.get(infoHash);
        PeerState state = PeerState.of(stateNumber);
        Refusal refusal = Refusal.of(refusalNumber);
        boolean makesSense = (state != null || stateNumber == NO_STATE)
                && (refusal != null || refusalNumber == 0)
                && segment < Message.MAX_SEGMENTS;
        return makesSense
                ? new Extension(
                        mark,
                        hops,
                        fanOut,
                        enginePort,
                        state,
                        segment,
                        isZero(infoHash) ? null : Digest.of(infoHash),
                        refusal)
                : null;
    }

    private static boolean isZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static Decoding<Message> malformed(int offset, String reason) {
        return new Decoding.Malformed<>(offset, reason);
    }
}
