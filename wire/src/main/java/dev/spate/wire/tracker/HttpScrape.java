package dev.spate.wire.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Digest;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The scrape over HTTP, for both sides (BEP 48).
 *
 * <p>Decoding is as strict as in {@link HttpAnnounce}; an answer must have a failure reason or a dictionary {@code files}, of
 * which entries that are not a swarm's are passed over.
 */
public final class HttpScrape {

    /** So many swarms fit into a URL that servers accept. */
    public static final int MAX_SWARMS = 64;

    private static final String ANNOUNCE = "announce";

    private HttpScrape() {}

    /**
     * The URL to be fetched.
     *
     * @param announceUrl as the metainfo has it
     * @param infoHashes 1 to {@link #MAX_SWARMS}, each of 20 bytes
     * @return empty when no scrape URL can be made of it, because its path does not say {@code announce}
     */
    public static Optional<String> url(String announceUrl, List<Digest> infoHashes) {
        if (infoHashes.isEmpty() || infoHashes.size() > MAX_SWARMS) {
            throw new IllegalArgumentException("cannot scrape so many swarms at once: " + infoHashes.size());
        }
        int scheme = announceUrl.indexOf("://");
        int path = announceUrl.indexOf('/', scheme < 0 ? 0 : scheme + 3);
        int pathEnd = path;
        while (pathEnd >= 0 && pathEnd < announceUrl.length() && "?#".indexOf(announceUrl.charAt(pathEnd)) < 0) {
            pathEnd++;
        }
        // The last one, as a folder before it may be called the same.
        int announce = announceUrl.lastIndexOf(ANNOUNCE, pathEnd - ANNOUNCE.length());
        if (path < 0 || announce < path) {
            return Optional.empty();
        }
        QueryString query = new QueryString();
        for (Digest infoHash : infoHashes) {
            if (infoHash.length() != Digest.SHA1_LENGTH) {
                throw new IllegalArgumentException("a scrape has room for 20 bytes of info-hash: " + infoHash);
            }
            query.add("info_hash", infoHash.toBytes());
        }
        return Optional.of(query.appendedTo(
                announceUrl.substring(0, announce) + "scrape" + announceUrl.substring(announce + ANNOUNCE.length())));
    }

    /**
     * Reads the query of a scrape, as a tracker does.
     *
     * @param query as it stood in the URL, still escaped, without the question mark
     * @return the swarms asked for, none when all are meant; or {@link Malformed}
     */
    public static Decoding<List<Digest>> decodeQuery(String query) {
        return switch (QueryString.decode(query)) {
            case Decoded<QueryString>(QueryString items) -> read(items);
            case Malformed<QueryString> malformed -> malformed.as();
            case Decoding.NeedMore<QueryString> more -> throw new AssertionError("the input was whole: " + more);
        };
    }

    private static Decoding<List<Digest>> read(QueryString query) {
        List<Digest> infoHashes = new ArrayList<>();
        for (String value : query.values("info_hash")) {
            if (value.length() != Digest.SHA1_LENGTH) {
                return new Malformed<>(0, "scrape with an info_hash of " + value.length() + " bytes");
            }
            infoHashes.add(Digest.of(value.getBytes(ISO_8859_1)));
        }
        return new Decoded<>(List.copyOf(infoHashes));
    }

    /**
     * Reads a tracker's answer.
     *
     * @param body of the HTTP response, decompressed, whatever its status was; must not be changed meanwhile
     * @return {@link ScrapeResults} or an {@link AnnounceRefusal}, or {@link Malformed} when it is no tracker's answer
     */
    public static Decoding<ScrapeOutcome> decodeAnswer(byte[] body) {
        return switch (HttpAnswers.decode(body)) {
            case Decoded<BencodeDictionary>(BencodeDictionary answer) -> {
                Optional<AnnounceRefusal> refusal = HttpAnswers.refusal(answer);
                yield refusal.isPresent() ? new Decoded<>(refusal.get()) : read(answer);
            }
            case Malformed<BencodeDictionary> malformed -> malformed.as();
            case Decoding.NeedMore<BencodeDictionary> more -> throw new AssertionError("the input was whole: " + more);
        };
    }

    private static Decoding<ScrapeOutcome> read(BencodeDictionary answer) {
        Optional<BencodeDictionary> files = answer.dictionary("files");
        if (files.isEmpty()) {
            return new Malformed<>(0, "an answer without failure reason and files");
        }
        SortedMap<Digest, ScrapeAnswer> swarms = new TreeMap<>();
        for (BencodeDictionary.Entry file : files.get()) {
            if (file.key().length() == Digest.SHA1_LENGTH && file.value() instanceof BencodeDictionary counts) {
                swarms.put(Digest.of(file.key().bytes()), HttpAnswers.counts(counts));
            }
        }
        return new Decoded<>(new ScrapeResults(swarms));
    }

    /** The answer's bytes. */
    public static byte[] encode(ScrapeOutcome outcome) {
        return switch (outcome) {
            case AnnounceRefusal refusal -> HttpAnswers.encode(refusal);
            case ScrapeResults(SortedMap<Digest, ScrapeAnswer> swarms) -> {
                BencodeDictionaryBuilder files = BencodeDictionary.builder();
                swarms.forEach((infoHash, counts) -> {
                    BencodeDictionaryBuilder file = BencodeDictionary.builder();
                    HttpAnswers.put(file, counts);
                    files.put(BencodeString.of(infoHash.toBytes()), file.build());
                });
                yield BencodeEncoder.encode(
                        BencodeDictionary.builder().put("files", files.build()).build());
            }
        };
    }
}
