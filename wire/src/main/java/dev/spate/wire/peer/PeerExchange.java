package dev.spate.wire.peer;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Which peers the sender has connected to and lost since it told last; the payload of a {@link PeerMessage.Extended} (BEP 11).
 *
 * @param added connected to since then; at most {@link #MAX_CONTACTS}
 * @param dropped connected to no longer; at most {@link #MAX_CONTACTS}
 */
public record PeerExchange(List<Contact> added, List<PeerAddress> dropped) {

    /** The name under which an {@link ExtensionHandshake} offers to understand this message. */
    public static final String NAME = "ut_pex";

    /** The most contacts of a kind that are kept; BEP 11 allows 50 a message, and more in the first. */
    public static final int MAX_CONTACTS = 200;

    private static final int IPV4 = 4;
    private static final int IPV6 = 16;

    /**
     * A peer and what is known of it.
     *
     * @param flags one byte, see the constants; bits that nobody here knows are kept
     */
    public record Contact(PeerAddress address, int flags) {
        /** It prefers encryption. */
        public static final int PREFERS_ENCRYPTION = 0x01;
        /** It downloads nothing more. */
        public static final int UPLOAD_ONLY = 0x02;
        /** It speaks uTP. */
        public static final int UTP = 0x04;
        /** It speaks {@link Holepunch}. */
        public static final int HOLEPUNCH = 0x08;
        /** The sender dialed it, so it can be reached. */
        public static final int REACHABLE = 0x10;

        public Contact {
            if (address.port() == 0 || flags < 0 || flags > 255) {
                throw new IllegalArgumentException("not a contact: " + address + ", flags " + flags);
            }
        }

        public boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    public PeerExchange {
        added = List.copyOf(added);
        dropped = List.copyOf(dropped);
        if (added.size() > MAX_CONTACTS || dropped.size() > MAX_CONTACTS) {
            throw new IllegalArgumentException(added.size() + " added, " + dropped.size() + " dropped");
        }
    }

    /**
     * Reads the payload of the message that has the number that we gave to {@link #NAME}. The position does not move.
     *
     * <p>Items of the wrong kind, peers with port 0, a cut-off last peer, peers beyond {@link #MAX_CONTACTS} and IPv4 addresses
     * in the guise of IPv6 are passed over.
     *
     * @return {@link Decoded}, or {@link Malformed} when it is no bencoded dictionary
     */
    public static Decoding<PeerExchange> decode(ByteBuffer payload) {
        return switch (BencodeDecoder.decode(payload.duplicate(), Strictness.LENIENT)) {
            case Decoded<BencodeValue>(BencodeValue value) ->
                value instanceof BencodeDictionary dictionary
                        ? new Decoded<>(read(dictionary))
                        : new Malformed<>(0, NAME + " is not a dictionary");
            case Malformed<BencodeValue> malformed -> malformed.as();
            case Decoding.NeedMore<BencodeValue> more -> throw new AssertionError("the input was whole: " + more);
        };
    }

    private static PeerExchange read(BencodeDictionary dictionary) {
        List<Contact> added = new ArrayList<>();
        contacts(dictionary, "added", IPV4, added);
        contacts(dictionary, "added6", IPV6, added);
        List<Contact> dropped = new ArrayList<>();
        contacts(dictionary, "dropped", IPV4, dropped);
        contacts(dictionary, "dropped6", IPV6, dropped);
        return new PeerExchange(added, dropped.stream().map(Contact::address).toList());
    }

    private static void contacts(BencodeDictionary dictionary, String key, int ipLength, List<Contact> into) {
        ByteBuffer peers = ByteBuffer.wrap(dictionary.bytes(key).orElse(new byte[0]));
        byte[] flags = dictionary.bytes(key + ".f").orElse(new byte[0]);
        byte[] ip = new byte[ipLength];
        for (int i = 0; peers.remaining() >= ipLength + Short.BYTES && into.size() < MAX_CONTACTS; i++) {
            peers.get(ip);
            int port = peers.getShort() & 0xffff;
            if (port != 0) {
                PeerAddress address = PeerAddress.of(ip, port);
                if (address.isIpv4() == (ipLength == IPV4)) {
                    into.add(new Contact(address, i < flags.length ? flags[i] & 0xff : 0));
                }
            }
        }
    }

    /**
     * The message to a peer.
     *
     * @param id the number that the peer gave to {@link #NAME}, 1 to 255
     */
    public PeerMessage.Extended message(int id) {
        BencodeDictionaryBuilder dictionary = BencodeDictionary.builder();
        put(dictionary, "", added, true);
        put(dictionary, "6", added, true);
        List<Contact> gone =
                dropped.stream().map(address -> new Contact(address, 0)).toList();
        put(dictionary, "", gone, false);
        put(dictionary, "6", gone, false);
        return new PeerMessage.Extended(
                id, ByteBuffer.wrap(BencodeEncoder.encode(dictionary.build())).asReadOnlyBuffer());
    }

    private static void put(BencodeDictionaryBuilder dictionary, String family, List<Contact> contacts, boolean news) {
        List<Contact> fitting = contacts.stream()
                .filter(contact -> contact.address().ip() instanceof Inet6Address == !family.isEmpty())
                .toList();
        ByteBuffer peers = ByteBuffer.allocate(fitting.size() * ((family.isEmpty() ? IPV4 : IPV6) + Short.BYTES));
        byte[] flags = new byte[fitting.size()];
        for (int i = 0; i < flags.length; i++) {
            PeerAddress address = fitting.get(i).address();
            peers.put(address.ip().getAddress()).putShort((short) address.port());
            flags[i] = (byte) fitting.get(i).flags();
        }
        // The IPv4 lists are always there, empty or not: old clients look for them.
        if (family.isEmpty() || flags.length > 0) {
            String key = (news ? "added" : "dropped") + family;
            dictionary.put(key, peers.array());
            if (news) {
                dictionary.put(key + ".f", flags);
            }
        }
    }
}
