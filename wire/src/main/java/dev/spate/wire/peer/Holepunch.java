package dev.spate.wire.peer;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;

/**
 * How two peers that cannot dial each other are told by a third, who is connected to both, to do it at the same moment; the payload
 * of a {@link PeerMessage.Extended} (BEP 55).
 */
public sealed interface Holepunch {

    /** The name under which an {@link ExtensionHandshake} offers to understand these messages. */
    String NAME = "ut_holepunch";

    /** Whom it is about. */
    PeerAddress address();

    /** To the third: bring me together with this peer. */
    record Rendezvous(PeerAddress address) implements Holepunch {}

    /** From the third to both: dial this peer now. */
    record Connect(PeerAddress address) implements Holepunch {}

    /**
     * From the third: that cannot be done.
     *
     * @param code see the constants; an unsigned number of four bytes
     */
    record Failed(PeerAddress address, int code) implements Holepunch {
        /** The address is none. */
        public static final int NO_SUCH_PEER = 1;
        /** The third is not connected to it. */
        public static final int NOT_CONNECTED = 2;
        /** It does not speak {@link Holepunch}. */
        public static final int NO_SUPPORT = 3;
        /** It is the one who asked, or the one who was asked. */
        public static final int NO_SELF = 4;
    }

    /**
     * Reads the payload of the message that has the number that we gave to {@link #NAME}. The position does not move. More bytes
     * may follow it.
     *
     * @return {@link Decoded}, or {@link Malformed} when it is too short, or of an unknown type or address family
     */
    static Decoding<Holepunch> decode(ByteBuffer payload) {
        ByteBuffer from = payload.duplicate();
        if (from.remaining() < 2) {
            return new Malformed<>(0, NAME + " of " + from.remaining() + " bytes");
        }
        int type = from.get();
        int family = from.get();
        if (type < 0 || type > 2 || family < 0 || family > 1) {
            return new Malformed<>(0, NAME + " of type " + type + ", address family " + family);
        }
        byte[] ip = new byte[family == 0 ? 4 : 16];
        if (from.remaining() < ip.length + Short.BYTES + (type == 2 ? Integer.BYTES : 0)) {
            return new Malformed<>(2, NAME + " ends early");
        }
        from.get(ip);
        PeerAddress address = PeerAddress.of(ip, from.getShort() & 0xffff);
        return new Decoded<>(
                switch (type) {
                    case 0 -> new Rendezvous(address);
                    case 1 -> new Connect(address);
                    default -> new Failed(address, from.getInt());
                });
    }

    /**
     * The message to a peer.
     *
     * @param id the number that the peer gave to {@link #NAME}, 1 to 255
     */
    default PeerMessage.Extended message(int id) {
        byte[] ip = address().ip().getAddress();
        // BEP 55 counts the error code among the fields of every message.
        ByteBuffer payload = ByteBuffer.allocate(2 + ip.length + Short.BYTES + Integer.BYTES);
        payload.put((byte)
                        switch (this) {
                            case Rendezvous _ -> 0;
                            case Connect _ -> 1;
                            case Failed _ -> 2;
                        })
                .put((byte) (ip.length == 4 ? 0 : 1))
                .put(ip)
                .putShort((short) address().port())
                .putInt(this instanceof Failed(var _, int code) ? code : 0);
        return new PeerMessage.Extended(id, payload.flip().asReadOnlyBuffer());
    }
}
