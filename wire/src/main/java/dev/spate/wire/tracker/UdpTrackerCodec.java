package dev.spate.wire.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import dev.spate.wire.PlainText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the datagrams of UDP trackers (BEP 15, and the options of BEP 41), for both sides.
 *
 * <p>A datagram is whole or wrong, so decoding never answers {@link Decoding.NeedMore}. How strict it is: a datagram must have
 * all fixed fields of its kind, and may be longer, as BEP 15 demands. Numbers that make no sense are read as the nearest one
 * that does: a negative interval is 0, a negative count is not known, an unknown event is none. Positions stay where they
 * are when decoding; buffers are in network byte order.
 */
public final class UdpTrackerCodec {

    /** No request of this codec is longer, in bytes: an announce with the longest URL data, in five options. */
    public static final int MAX_REQUEST_LENGTH = 98 + UdpRequest.Announce.MAX_URL_DATA + 2 * 5;

    /** A text in an error packet is cut after so many characters. */
    private static final int MAX_REASON_LENGTH = 500;

    // BEP 15, "connect": "magic constant".
    private static final long PROTOCOL = 0x41727101980L;

    private static final int CONNECT = 0;
    private static final int ANNOUNCE = 1;
    private static final int SCRAPE = 2;
    private static final int ERROR = 3;

    private static final int REQUEST_HEADER = 16;
    private static final int ANNOUNCE_REQUEST = 98;
    private static final int ANSWER_HEADER = 8;
    private static final int CONNECT_ANSWER = 16;
    private static final int ANNOUNCE_ANSWER = 20;
    private static final int SCRAPE_COUNTS = 12;

    // BEP 41, "option types".
    private static final int END_OF_OPTIONS = 0;
    private static final int NOP = 1;
    private static final int URL_DATA = 2;
    private static final int MAX_OPTION_LENGTH = 255;

    private UdpTrackerCodec() {}

    /**
     * Reads what a client sent.
     *
     * @return {@link Decoded}, or {@link Malformed} when it is no request of BEP 15; a tracker does not answer that
     */
    public static Decoding<UdpRequest> decodeRequest(ByteBuffer datagram) {
        ByteBuffer in = datagram.slice();
        if (in.remaining() < REQUEST_HEADER) {
            return new Malformed<>(in.remaining(), "request of " + in.remaining() + " bytes");
        }
        long connection = in.getLong();
        int action = in.getInt();
        int transaction = in.getInt();
        return switch (action) {
            case CONNECT ->
                connection == PROTOCOL
                        ? new Decoded<>(new UdpRequest.Connect(transaction))
                        : new Malformed<>(0, "not the number of the UDP tracker protocol");
            case ANNOUNCE ->
                datagram.remaining() < ANNOUNCE_REQUEST
                        ? new Malformed<>(datagram.remaining(), "announce of " + datagram.remaining() + " bytes")
                        : new Decoded<>(
                                new UdpRequest.Announce(connection, transaction, readAnnounce(in), readUrlData(in)));
            case SCRAPE -> readScrape(connection, transaction, in);
            default -> new Malformed<>(8, "request for action " + action);
        };
    }

    private static AnnounceRequest readAnnounce(ByteBuffer in) {
        Digest infoHash = Digest.of(bytes(in, Digest.SHA1_LENGTH));
        PeerId peerId = PeerId.of(bytes(in, PeerId.LENGTH));
        long downloaded = in.getLong();
        long left = in.getLong();
        long uploaded = in.getLong();
        AnnounceEvent event = event(in.getInt());
        byte[] ip = bytes(in, 4);
        int key = in.getInt();
        int numWant = in.getInt();
        int port = in.getShort() & 0xffff;
        return new AnnounceRequest(
                infoHash,
                peerId,
                port,
                Math.max(0, uploaded),
                Math.max(0, downloaded),
                // Clients that do not know the length yet say -1, which must not make them seeds.
                left < 0 ? Long.MAX_VALUE : left,
                event,
                Math.max(AnnounceRequest.DEFAULT_NUM_WANT, numWant),
                key,
                null,
                address(ip));
    }

    private static @Nullable InetAddress address(byte[] ip) {
        try {
            InetAddress address = InetAddress.getByAddress(ip);
            return address.isAnyLocalAddress() ? null : address;
        } catch (UnknownHostException e) {
            throw new AssertionError("4 bytes are an address", e);
        }
    }

    /** Reads the options of BEP 41. What does not look like options ends them, since other extensions may stand there. */
    private static String readUrlData(ByteBuffer in) {
        StringBuilder urlData = new StringBuilder();
        while (in.hasRemaining()) {
            int option = in.get() & 0xff;
            if (option == NOP) {
                continue;
            }
            if (option == END_OF_OPTIONS || !in.hasRemaining()) {
                break;
            }
            int length = in.get() & 0xff;
            if (length > in.remaining()) {
                break;
            }
            byte[] data = bytes(in, length);
            if (option == URL_DATA) {
                urlData.append(new String(data, ISO_8859_1));
            }
        }
        boolean sensible = urlData.length() <= UdpRequest.Announce.MAX_URL_DATA
                && urlData.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return sensible ? urlData.toString() : "";
    }

    private static Decoding<UdpRequest> readScrape(long connection, int transaction, ByteBuffer in) {
        int count = Math.min(in.remaining() / Digest.SHA1_LENGTH, UdpRequest.Scrape.MAX_SWARMS);
        if (count == 0) {
            return new Malformed<>(REQUEST_HEADER, "scrape of no swarm");
        }
        List<Digest> infoHashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            infoHashes.add(Digest.of(bytes(in, Digest.SHA1_LENGTH)));
        }
        return new Decoded<>(new UdpRequest.Scrape(connection, transaction, infoHashes));
    }

    /**
     * Puts a request at the buffer's position.
     *
     * @throws BufferOverflowException if there is no room; {@link #MAX_REQUEST_LENGTH} bytes always suffice
     */
    public static void encode(UdpRequest request, ByteBuffer into) {
        switch (request) {
            case UdpRequest.Connect(int transaction) ->
                into.putLong(PROTOCOL).putInt(CONNECT).putInt(transaction);
            case UdpRequest.Announce(long connection, int transaction, AnnounceRequest announce, String urlData) -> {
                into.putLong(connection).putInt(ANNOUNCE).putInt(transaction);
                announce.infoHash().writeTo(into);
                announce.peerId().writeTo(into);
                into.putLong(announce.downloaded()).putLong(announce.left()).putLong(announce.uploaded());
                into.putInt(number(announce.event()));
                // BEP 15, "IPv6": the field has no room for such an address and is 0 then.
                into.put(announce.ip() instanceof Inet4Address ip ? ip.getAddress() : new byte[4]);
                into.putInt(announce.key()).putInt(announce.numWant()).putShort((short) announce.port());
                writeUrlData(urlData.getBytes(ISO_8859_1), into);
            }
            case UdpRequest.Scrape(long connection, int transaction, List<Digest> infoHashes) -> {
                into.putLong(connection).putInt(SCRAPE).putInt(transaction);
                infoHashes.forEach(infoHash -> infoHash.writeTo(into));
            }
        }
    }

    private static void writeUrlData(byte[] data, ByteBuffer into) {
        for (int begin = 0; begin < data.length; begin += MAX_OPTION_LENGTH) {
            int length = Math.min(MAX_OPTION_LENGTH, data.length - begin);
            into.put((byte) URL_DATA).put((byte) length).put(data, begin, length);
        }
    }

    /**
     * Reads what a tracker sent.
     *
     * @param family of the address that the datagram came from; it decides how long each peer's address is
     * @return {@link Decoded}, whose {@link UdpAnswer#transaction} the caller must compare; or {@link Malformed}
     */
    public static Decoding<UdpAnswer> decodeAnswer(ByteBuffer datagram, AddressFamily family) {
        ByteBuffer in = datagram.slice();
        int length = in.remaining();
        if (length < ANSWER_HEADER) {
            return tooShort(length);
        }
        int action = in.getInt();
        int transaction = in.getInt();
        return switch (action) {
            case CONNECT ->
                length < CONNECT_ANSWER
                        ? tooShort(length)
                        : new Decoded<>(new UdpAnswer.Connected(transaction, in.getLong()));
            case ANNOUNCE ->
                length < ANNOUNCE_ANSWER
                        ? tooShort(length)
                        : new Decoded<>(new UdpAnswer.Announced(transaction, readAnnounced(in, family)));
            case SCRAPE -> new Decoded<>(new UdpAnswer.Scraped(transaction, readScraped(in)));
            case ERROR -> new Decoded<>(new UdpAnswer.Refused(transaction, new AnnounceRefusal(readReason(in))));
            default -> new Malformed<>(0, "answer of action " + action);
        };
    }

    private static Decoding<UdpAnswer> tooShort(int length) {
        return new Malformed<>(length, "answer of " + length + " bytes");
    }

    private static AnnounceAnswer readAnnounced(ByteBuffer in, AddressFamily family) {
        Duration interval = Duration.ofSeconds(Math.max(0, in.getInt()));
        Integer leeches = count(in.getInt());
        Integer seeds = count(in.getInt());
        return new AnnounceAnswer(interval, new ScrapeAnswer(seeds, leeches, null), CompactPeers.read(in, family));
    }

    private static List<ScrapeAnswer> readScraped(ByteBuffer in) {
        List<ScrapeAnswer> answers = new ArrayList<>();
        while (in.remaining() >= SCRAPE_COUNTS && answers.size() < UdpRequest.Scrape.MAX_SWARMS) {
            Integer seeds = count(in.getInt());
            Integer downloads = count(in.getInt());
            Integer leeches = count(in.getInt());
            answers.add(new ScrapeAnswer(seeds, leeches, downloads));
        }
        return answers;
    }

    private static String readReason(ByteBuffer in) {
        String reason = PlainText.of(new String(bytes(in, in.remaining()), UTF_8), MAX_REASON_LENGTH);
        return reason.isEmpty() ? "no reason given" : reason;
    }

    /**
     * Puts an answer at the buffer's position. Of an announce's peers those of the family are sent, as many as there is room
     * for; so the buffer's limit bounds the datagram.
     *
     * @param family of the address that the answer goes to
     * @throws BufferOverflowException if there is no room for the fixed fields, the counts, or the reason
     */
    public static void encode(UdpAnswer answer, AddressFamily family, ByteBuffer into) {
        switch (answer) {
            case UdpAnswer.Connected(int transaction, long connection) ->
                into.putInt(CONNECT).putInt(transaction).putLong(connection);
            case UdpAnswer.Announced(int transaction, AnnounceAnswer announced) -> {
                into.putInt(ANNOUNCE).putInt(transaction);
                into.putInt((int) announced.interval().toSeconds());
                into.putInt(number(announced.counts().leeches()));
                into.putInt(number(announced.counts().seeds()));
                CompactPeers.write(announced.peers(), family, into);
            }
            case UdpAnswer.Scraped(int transaction, List<ScrapeAnswer> answers) -> {
                into.putInt(SCRAPE).putInt(transaction);
                for (ScrapeAnswer counts : answers) {
                    into.putInt(number(counts.seeds()));
                    into.putInt(number(counts.downloads()));
                    into.putInt(number(counts.leeches()));
                }
            }
            case UdpAnswer.Refused(int transaction, AnnounceRefusal refusal) ->
                into.putInt(ERROR).putInt(transaction).put(refusal.reason().getBytes(UTF_8));
        }
    }

    private static @Nullable Integer count(int number) {
        return number < 0 ? null : (Integer) number;
    }

    /** BEP 15 has no number for a count that is not known; 0 is the harmless one. */
    private static int number(@Nullable Integer count) {
        return count == null ? 0 : count;
    }

    private static int number(AnnounceEvent event) {
        return switch (event) {
            case NONE, PAUSED -> 0;
            case COMPLETED -> 1;
            case STARTED -> 2;
            case STOPPED -> 3;
        };
    }

    private static AnnounceEvent event(int number) {
        return switch (number) {
            case 1 -> AnnounceEvent.COMPLETED;
            case 2 -> AnnounceEvent.STARTED;
            case 3 -> AnnounceEvent.STOPPED;
            default -> AnnounceEvent.NONE;
        };
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
