package dev.spate.wire.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The announce over HTTP, for both sides: the client's URL and the tracker's answer (BEPs 3, 7, 23, 24, 31).
 *
 * <p>How strict decoding is. An answer is a bencoded dictionary, whose keys may stand in any order, of at most 1 MiB; more
 * bytes may follow it. It must have a failure reason, an interval or peers, or it is no tracker's. A peer that is not a
 * numeric address and a port above 0 is left out: names are never looked up, since that would let a tracker make its
 * clients ask for any name. Any other item that is out of bounds or of the wrong kind is passed over.
 */
public final class HttpAnnounce {

    /** What is assumed where a tracker gives peers and no interval: what most trackers say. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(30);

    private HttpAnnounce() {}

    /**
     * An announce as a tracker reads it from a URL.
     *
     * @param announce what the client says about itself
     * @param compact whether it likes the compact form (BEP 23), as nearly all do
     * @param noPeerId whether it can do without peer ids in the other form
     */
    public record Query(AnnounceRequest announce, boolean compact, boolean noPeerId) {}

    /**
     * The URL to be fetched.
     *
     * @param announceUrl as the metainfo has it; a query of its own is kept, a fragment is not
     */
    public static String url(String announceUrl, AnnounceRequest announce) {
        QueryString query = new QueryString()
                .add("info_hash", announce.infoHash().toBytes())
                .add("peer_id", announce.peerId().toBytes())
                .add("port", announce.port())
                .add("uploaded", announce.uploaded())
                .add("downloaded", announce.downloaded())
                .add("left", announce.left())
                .add("key", HexFormat.of().toHexDigits(announce.key()))
                .add("compact", 1)
                .add("no_peer_id", 1);
        if (announce.event() != AnnounceEvent.NONE) {
            query.add("event", announce.event().name().toLowerCase(Locale.ROOT));
        }
        if (announce.numWant() != AnnounceRequest.DEFAULT_NUM_WANT) {
            query.add("numwant", announce.numWant());
        }
        if (announce.trackerId() != null) {
            query.add("trackerid", announce.trackerId());
        }
        if (announce.ip() != null) {
            query.add("ip", announce.ip().getHostAddress());
        }
        return query.appendedTo(announceUrl);
    }

    /**
     * Reads the query of an announce, as a tracker does.
     *
     * @param query as it stood in the URL, still escaped, without the question mark
     * @return {@link Decoded}, or {@link Malformed} when something required is missing or no number
     */
    public static Decoding<Query> decodeQuery(String query) {
        return switch (QueryString.decode(query)) {
            case Decoded<QueryString>(QueryString items) -> read(items);
            case Malformed<QueryString> malformed -> malformed.as();
            case Decoding.NeedMore<QueryString> more -> throw new AssertionError("the input was whole: " + more);
        };
    }

    private static Decoding<Query> read(QueryString query) {
        byte[] infoHash = query.value("info_hash").orElse("").getBytes(ISO_8859_1);
        byte[] peerId = query.value("peer_id").orElse("").getBytes(ISO_8859_1);
        if (infoHash.length != Digest.SHA1_LENGTH || peerId.length != PeerId.LENGTH) {
            return new Malformed<>(0, "announce without an info_hash and a peer_id of 20 bytes each");
        }
        long port = number(query, "port", -1);
        long uploaded = number(query, "uploaded", 0);
        long downloaded = number(query, "downloaded", 0);
        // Who does not say how much is left is no seed.
        long left = number(query, "left", Long.MAX_VALUE);
        if (port < 0 || port > 65535 || uploaded < 0 || downloaded < 0 || left < 0) {
            return new Malformed<>(0, "announce with a port or an amount that is no such number");
        }
        long numWant = number(query, "numwant", AnnounceRequest.DEFAULT_NUM_WANT);
        AnnounceRequest announce = new AnnounceRequest(
                Digest.of(infoHash),
                PeerId.of(peerId),
                (int) port,
                uploaded,
                downloaded,
                left,
                event(query.value("event").orElse("")),
                Math.clamp(numWant, AnnounceRequest.DEFAULT_NUM_WANT, Integer.MAX_VALUE),
                key(query.value("key").orElse("")),
                query.value("trackerid")
                        .filter(id -> id.length() <= AnnounceRequest.MAX_TRACKER_ID_LENGTH)
                        .orElse(null),
                query.value("ip").map(NumericAddress::parse).orElse(null));
        return new Decoded<>(new Query(
                announce,
                !query.value("compact").orElse("1").equals("0"),
                query.value("no_peer_id").orElse("0").equals("1")));
    }

    /** The number of an item, {@code missing} where there is none, -1 where it is not a number from 0 on. */
    private static long number(QueryString query, String name, long missing) {
        Optional<String> value = query.value(name);
        if (value.isEmpty()) {
            return missing;
        }
        long number = value.get().isEmpty() ? -1 : 0;
        for (int i = 0; i < value.get().length() && number >= 0; i++) {
            int digit = value.get().charAt(i) - '0';
            boolean fits = digit >= 0 && digit <= 9 && number <= (Long.MAX_VALUE - digit) / 10;
            number = fits ? 10 * number + digit : -1;
        }
        return number;
    }

    private static AnnounceEvent event(String name) {
        return switch (name) {
            case "started" -> AnnounceEvent.STARTED;
            case "completed" -> AnnounceEvent.COMPLETED;
            case "stopped" -> AnnounceEvent.STOPPED;
            case "paused" -> AnnounceEvent.PAUSED;
            default -> AnnounceEvent.NONE;
        };
    }

    /** Our own clients send eight hexadecimal digits, others whatever they like. */
    private static int key(String text) {
        boolean hex = text.length() == 8 && text.chars().allMatch(HexFormat::isHexDigit);
        return hex ? HexFormat.fromHexDigits(text) : text.hashCode();
    }

    /**
     * Reads a tracker's answer.
     *
     * @param body of the HTTP response, decompressed, whatever its status was; must not be changed meanwhile
     * @return an {@link AnnounceAnswer} or an {@link AnnounceRefusal}, or {@link Malformed} when it is no tracker's answer
     */
    public static Decoding<AnnounceOutcome> decodeAnswer(byte[] body) {
        return switch (HttpAnswers.decode(body)) {
            case Decoded<BencodeDictionary>(BencodeDictionary answer) -> {
                Optional<AnnounceRefusal> refusal = HttpAnswers.refusal(answer);
                yield refusal.isPresent() ? new Decoded<>(refusal.get()) : read(answer);
            }
            case Malformed<BencodeDictionary> malformed -> malformed.as();
            case Decoding.NeedMore<BencodeDictionary> more -> throw new AssertionError("the input was whole: " + more);
        };
    }

    private static Decoding<AnnounceOutcome> read(BencodeDictionary answer) {
        Duration interval = interval(answer, "interval");
        if (interval == null && !answer.contains("peers") && !answer.contains("peers6")) {
            return new Malformed<>(0, "an answer without failure reason, interval and peers");
        }
        List<PeerAddress> peers = new ArrayList<>();
        readPeers(answer, "peers", AddressFamily.IPV4, peers);
        readPeers(answer, "peers6", AddressFamily.IPV6, peers);
        return new Decoded<>(new AnnounceAnswer(
                interval == null ? DEFAULT_INTERVAL : interval,
                interval(answer, "min interval"),
                HttpAnswers.counts(answer),
                peers,
                answer.bytes("external ip").map(HttpAnnounce::address).orElse(null),
                answer.bytes("tracker id")
                        .filter(id -> id.length <= AnnounceRequest.MAX_TRACKER_ID_LENGTH)
                        .map(id -> new String(id, ISO_8859_1))
                        .orElse(null),
                HttpAnswers.text(answer, "warning message")));
    }

    private static @Nullable Duration interval(BencodeDictionary answer, String key) {
        long seconds = answer.integer(key).orElse(-1);
        return seconds < 0 ? null : Duration.ofSeconds(Math.min(seconds, AnnounceAnswer.MAX_INTERVAL.toSeconds()));
    }

    private static void readPeers(BencodeDictionary answer, String key, AddressFamily family, List<PeerAddress> into) {
        switch (answer.get(key).orElse(null)) {
            case BencodeString compact -> into.addAll(CompactPeers.read(compact.buffer(), family));
            case BencodeList list -> {
                for (BencodeValue peer : list) {
                    if (into.size() == CompactPeers.MAX_PEERS) {
                        return;
                    }
                    if (peer instanceof BencodeDictionary dictionary) {
                        readPeer(dictionary, into);
                    }
                }
            }
            case null, default -> {}
        }
    }

    private static void readPeer(BencodeDictionary peer, List<PeerAddress> into) {
        InetAddress ip = peer.text("ip").map(NumericAddress::parse).orElse(null);
        long port = peer.integer("port").orElse(0);
        if (ip != null && port > 0 && port <= 65535) {
            into.add(new PeerAddress(ip, (int) port));
        }
    }

    private static @Nullable InetAddress address(byte[] bytes) {
        try {
            return bytes.length == 4 || bytes.length == 16 ? InetAddress.getByAddress(bytes) : null;
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are an address", e);
        }
    }

    /** The answer's bytes, its peers in the compact form (BEPs 7, 23). */
    public static byte[] encode(AnnounceOutcome outcome) {
        return switch (outcome) {
            case AnnounceRefusal refusal -> HttpAnswers.encode(refusal);
            case AnnounceAnswer answer -> {
                BencodeDictionaryBuilder dictionary =
                        withoutPeers(answer).put("peers", CompactPeers.bytes(answer.peers(), AddressFamily.IPV4));
                byte[] peers6 = CompactPeers.bytes(answer.peers(), AddressFamily.IPV6);
                if (peers6.length > 0) {
                    dictionary.put("peers6", peers6);
                }
                yield BencodeEncoder.encode(dictionary.build());
            }
        };
    }

    /**
     * The answer's bytes, its peers as dictionaries (BEP 3).
     *
     * @param peerId gives a peer's id, or null to leave it out
     */
    public static byte[] encode(AnnounceAnswer answer, Function<PeerAddress, @Nullable PeerId> peerId) {
        List<BencodeDictionary> peers = new ArrayList<>();
        for (PeerAddress peer : answer.peers()) {
            BencodeDictionaryBuilder dictionary = BencodeDictionary.builder()
                    .put("ip", peer.ip().getHostAddress())
                    .put("port", peer.port());
            PeerId id = peerId.apply(peer);
            if (id != null) {
                dictionary.put("peer id", id.toBytes());
            }
            peers.add(dictionary.build());
        }
        return BencodeEncoder.encode(
                withoutPeers(answer).put("peers", BencodeList.of(peers)).build());
    }

    private static BencodeDictionaryBuilder withoutPeers(AnnounceAnswer answer) {
        BencodeDictionaryBuilder dictionary =
                BencodeDictionary.builder().put("interval", answer.interval().toSeconds());
        if (answer.minInterval() != null) {
            dictionary.put("min interval", answer.minInterval().toSeconds());
        }
        HttpAnswers.put(dictionary, answer.counts());
        if (answer.externalIp() != null) {
            dictionary.put("external ip", answer.externalIp().getAddress());
        }
        if (answer.trackerId() != null) {
            dictionary.put("tracker id", answer.trackerId().getBytes(ISO_8859_1));
        }
        if (answer.warning() != null) {
            dictionary.put("warning message", answer.warning());
        }
        return dictionary;
    }
}
