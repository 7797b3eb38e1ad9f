package dev.spate.wire.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTrackerTest {
    private static final PeerId PEER_ID = PeerId.of("-Sp0100-abcdefghijkl".getBytes(US_ASCII));
    private static final Digest INFO_HASH = Digest.ofHex("00ff2041" + "7a2d5f2e7e25262b3d3f2f0a80c3a9b1");

    private static final AnnounceRequest ANNOUNCE =
            new AnnounceRequest(INFO_HASH, PEER_ID, 6881, 3, 1, 2, AnnounceEvent.NONE, -1, 0x01ab23cd);

    private static final AnnounceAnswer FULL = new AnnounceAnswer(
            Duration.ofMinutes(30),
            Duration.ofMinutes(5),
            new ScrapeAnswer(1, 2, 3),
            List.of(peer("192.0.2.1", 6881), peer("2001:db8::1", 51413)),
            InetAddress.ofLiteral("198.51.100.7"),
            "id\u00ff\u0000",
            "soon to be closed");

    @Test
    void theUrlEscapesEachByteThatIsNotPlain() {
        assertThat(HttpAnnounce.url("http://tracker.example/announce", ANNOUNCE))
                .isEqualTo("http://tracker.example/announce"
                        + "?info_hash=%00%FF%20Az-_.~%25%26%2B%3D%3F%2F%0A%80%C3%A9%B1"
                        + "&peer_id=-Sp0100-abcdefghijkl&port=6881&uploaded=3&downloaded=1&left=2&key=01ab23cd"
                        + "&compact=1&no_peer_id=1");
    }

    @Test
    void theUrlKeepsTheQueryOfTheTrackerAndDropsTheFragment() {
        String items = HttpAnnounce.url("x", ANNOUNCE).substring(2);

        assertThat(HttpAnnounce.url("http://t/a?pass=1", ANNOUNCE)).isEqualTo("http://t/a?pass=1&" + items);
        assertThat(HttpAnnounce.url("http://t/a?pass=1&#x?", ANNOUNCE)).isEqualTo("http://t/a?pass=1&" + items);
        assertThat(HttpAnnounce.url("http://t/a?", ANNOUNCE)).isEqualTo("http://t/a?" + items);
    }

    @Test
    void aTrackerReadsWhatAClientSays() {
        for (AnnounceEvent event : AnnounceEvent.values()) {
            AnnounceRequest announce = new AnnounceRequest(
                    INFO_HASH, PEER_ID, 0, 3, 1, 0, event, 50, -1, "t%\u00ff&", InetAddress.ofLiteral("2001:db8::9"));
            String url = HttpAnnounce.url("http://t/a", announce);

            assertThat(HttpAnnounce.decodeQuery(url.substring(url.indexOf('?') + 1)))
                    .isEqualTo(new Decoding.Decoded<>(new HttpAnnounce.Query(announce, true, true)));
        }
    }

    /** BEP 23's own example of a request. */
    @Test
    void readsTheRequestOfTheProposal() {
        var query = (Decoding.Decoded<HttpAnnounce.Query>) HttpAnnounce.decodeQuery("peer_id=aaaaaaaaaaaaaaaaaaaa"
                + "&info_hash=aaaaaaaaaaaaaaaaaaaa&port=6881&left=0&downloaded=100&uploaded=0&compact=0");

        assertThat(query.value().compact()).isFalse();
        assertThat(query.value().noPeerId()).isFalse();
        assertThat(query.value().announce())
                .isEqualTo(new AnnounceRequest(
                        Digest.ofHex("61".repeat(20)),
                        PeerId.of("a".repeat(20).getBytes(US_ASCII)),
                        6881,
                        0,
                        100,
                        0,
                        AnnounceEvent.NONE,
                        -1,
                        0));
    }

    @Test
    void aClientsOddItemsAreReadAsIfTheyWereNotSent() {
        var query = (Decoding.Decoded<HttpAnnounce.Query>) HttpAnnounce.decodeQuery("peer_id=aaaaaaaaaaaaaaaaaaaa"
                + "&info_hash=aaaaaaaaaaaaaaaaaaaa&port=6881&event=empty&numwant=many&ip=example.com&key=zz&&x&=y");

        assertThat(query.value().announce())
                .isEqualTo(new AnnounceRequest(
                        Digest.ofHex("61".repeat(20)),
                        PeerId.of("a".repeat(20).getBytes(US_ASCII)),
                        6881,
                        0,
                        0,
                        Long.MAX_VALUE,
                        AnnounceEvent.NONE,
                        -1,
                        "zz".hashCode()));
    }

    /** What a tracker assumes where nothing is said can be said. */
    @Test
    void readsTheLargestAmountAndNoLargerOne() {
        String query = "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port=1&left=";
        var decoded = (Decoding.Decoded<HttpAnnounce.Query>) HttpAnnounce.decodeQuery(query + Long.MAX_VALUE);

        assertThat(decoded.value().announce().left()).isEqualTo(Long.MAX_VALUE);
        assertThat(HttpAnnounce.decodeQuery(query + "9223372036854775808")).isInstanceOf(Decoding.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "info_hash=aaaaaaaaaaaaaaaaaaaa&port=1",
                "info_hash=aaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port=1",
                "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa",
                "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port=65536",
                "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port=-1",
                "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port=1&left=99999999999999999999",
                "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port=1&uploaded=",
                "info_hash=%",
                "info_hash=%4",
                "info_hash=%zz",
                "info_hash=%\u0661\u0661",
                "a=\u0100"
            })
    void refusesABrokenQuery(String query) {
        assertThat(HttpAnnounce.decodeQuery(query)).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void refusesALongQuery() {
        assertThat(HttpAnnounce.decodeQuery("a".repeat(QueryString.MAX_LENGTH + 1)))
                .isInstanceOf(Decoding.Malformed.class);
    }

    /** BEP 7, "examples". */
    @Test
    void readsCompactPeersOfBothFamilies() {
        assertThat(answer("d8:intervali1800e5:peers6:iiiipp6:peers618:iiiiiiiiiiiiiiiippe"))
                .isEqualTo(new AnnounceAnswer(
                        Duration.ofMinutes(30),
                        ScrapeAnswer.UNKNOWN,
                        List.of(
                                peer("105.105.105.105", 0x7070),
                                peer("6969:6969:6969:6969:6969:6969:6969:6969", 0x7070))));
    }

    @Test
    void readsPeersAsDictionariesAndNeverLooksUpAName() {
        assertThat(answer("d8:intervali60e5:peersl"
                        + "d2:ip9:192.0.2.17:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti6881ee"
                        + "d2:ip11:2001:db8::14:porti1ee"
                        + "d2:ip16:::ffff:192.0.2.34:porti2ee"
                        + "d2:ip11:example.com4:porti1ee"
                        + "d2:ip7:fe80::%4:porti1ee"
                        + "d2:ip5:127.14:porti1ee"
                        + "d2:ip9:256.0.0.14:porti1ee"
                        + "d2:ip3:1:24:porti1ee"
                        + "d2:ip9:192.0.2.44:porti0ee"
                        + "d2:ip9:192.0.2.44:porti65536ee"
                        + "d4:porti5eed2:ipi1e4:porti1eei7e3:abcee"))
                .isEqualTo(new AnnounceAnswer(
                        Duration.ofMinutes(1),
                        ScrapeAnswer.UNKNOWN,
                        List.of(peer("192.0.2.1", 6881), peer("2001:db8::1", 1), peer("192.0.2.3", 2))));
    }

    @Test
    void writesWhatItReads() {
        assertThat(HttpAnnounce.decodeAnswer(HttpAnnounce.encode(FULL))).isEqualTo(new Decoding.Decoded<>(FULL));
        assertThat(HttpAnnounce.decodeAnswer(HttpAnnounce.encode(FULL, peer -> PEER_ID)))
                .isEqualTo(new Decoding.Decoded<>(FULL));
        assertThat(HttpAnnounce.encode(
                        new AnnounceAnswer(
                                Duration.ofMinutes(1), ScrapeAnswer.UNKNOWN, List.of(peer("192.0.2.1", 6881))),
                        peer -> peer.port() == 6881 ? PEER_ID : null))
                .isEqualTo("d8:intervali60e5:peersld2:ip9:192.0.2.17:peer id20:-Sp0100-abcdefghijkl4:porti6881eeee"
                        .getBytes(US_ASCII));
        assertThat(HttpAnnounce.encode(new AnnounceAnswer(Duration.ZERO, ScrapeAnswer.UNKNOWN, List.of())))
                .isEqualTo("d8:intervali0e5:peers0:e".getBytes(US_ASCII));
    }

    /** BEP 31, whose text says an integer and whose examples say a string. */
    @ParameterizedTest
    @CsvSource({
        "d14:failure reason10:Overloaded8:retry in1:5e, 5",
        "d14:failure reason10:Overloaded8:retry ini5ee, 5",
        "d14:failure reason10:Overloaded8:retry in5:nevere, never",
        "d14:failure reason10:Overloadede, unsaid",
        "d14:failure reason10:Overloaded8:retry in4:soone, unsaid",
        "d14:failure reason10:Overloaded8:retry in0:e, unsaid",
        "d14:failure reason10:Overloaded8:retry ini0ee, unsaid",
        "d14:failure reason10:Overloaded8:retry ini-1ee, unsaid",
        "d14:failure reason10:Overloaded8:retry inlee, unsaid",
        "d14:failure reason10:Overloaded8:retry ini99999999999ee, 525600",
        "d14:failure reason10:Overloaded8:intervali60e5:peers0:e, unsaid",
    })
    void readsWhenToTryAgain(String body, String retry) {
        AnnounceRefusal refusal = new AnnounceRefusal(
                "Overloaded",
                switch (retry) {
                    case "never" -> new AnnounceRefusal.Retry.Never();
                    case "unsaid" -> new AnnounceRefusal.Retry.Unsaid();
                    default -> new AnnounceRefusal.Retry.In(Duration.ofMinutes(Integer.parseInt(retry)));
                });

        assertThat(answer(body)).isEqualTo(refusal);
        assertThat(HttpScrape.decodeAnswer(body.getBytes(US_ASCII))).isEqualTo(new Decoding.Decoded<>(refusal));
        assertThat(HttpAnnounce.decodeAnswer(HttpAnnounce.encode(refusal))).isEqualTo(new Decoding.Decoded<>(refusal));
        assertThat(HttpScrape.decodeAnswer(HttpScrape.encode(refusal))).isEqualTo(new Decoding.Decoded<>(refusal));
    }

    @Test
    void textsAreFitToBeShown() {
        assertThat(answer("d14:failure reason5:a\033[2Je")).isEqualTo(new AnnounceRefusal("a [2J"));
        assertThat(answer("d14:failure reasoni5ee")).isEqualTo(new AnnounceRefusal("no reason given"));
        assertThat(answer("d8:intervali5e5:peers0:15:warning message3:\r\n!e"))
                .isEqualTo(new AnnounceAnswer(
                        Duration.ofSeconds(5), null, ScrapeAnswer.UNKNOWN, List.of(), null, null, "!"));
    }

    @Test
    void passesOverWhatIsOutOfBoundsOrOfTheWrongKind() {
        assertThat(answer("d8:completei-1e10:downloaded1:x11:external ip3:abc10:incompletei99999999999e"
                        + "8:intervali-5e12:min intervali99999999999e5:peersi3e6:peers65:short"
                        + "10:tracker id600:" + "x".repeat(600) + "e\n"))
                .isEqualTo(new AnnounceAnswer(
                        HttpAnnounce.DEFAULT_INTERVAL,
                        AnnounceAnswer.MAX_INTERVAL,
                        new ScrapeAnswer(null, Integer.MAX_VALUE, null),
                        List.of(),
                        null,
                        null,
                        null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>not found</html>", "d", "de", "le", "i5e", "d8:completei1ee", "d5:filesdee"})
    void refusesWhatIsNoTrackersAnswer(String body) {
        assertThat(HttpAnnounce.decodeAnswer(body.getBytes(US_ASCII))).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void refusesAnAnswerBeyondTheLimit() {
        assertThat(HttpAnnounce.decodeAnswer(new byte[HttpAnswers.MAX_LENGTH + 1]))
                .isEqualTo(new Decoding.Malformed<>(1 << 20, "answer of 1048577 bytes"));
    }

    @Test
    void aHugeAnswerBringsABoundedNumberOfPeers() {
        String compact = "d8:intervali5e5:peers900000:" + "x".repeat(900_000) + "e";
        String dictionaries = "d8:intervali5e5:peersl" + "d2:ip7:1.2.3.44:porti1ee".repeat(40_000) + "ee";

        for (String body : List.of(compact, dictionaries)) {
            assertThat(((AnnounceAnswer) answer(body)).peers()).hasSize(CompactPeers.MAX_PEERS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://t/announce, http://t/scrape",
        "http://t/announce.php, http://t/scrape.php",
        "http://t/x/announce?pass=announce, http://t/x/scrape?pass=announce",
        "http://t/announcements/announce/7#announce, http://t/announcements/scrape/7",
        "http://t:80/x%0064announce, http://t:80/x%0064scrape",
        "http://t/a, ",
        "http://announce/, ",
        "http://announce, ",
        "http://t?announce, ",
        "http://t/x?announce, ",
        "http://t/x#announce, ",
        "announce, ",
    })
    void findsTheScrapeUrl(String announceUrl, String scrapeUrl) {
        String items = (scrapeUrl == null || !scrapeUrl.contains("?") ? "?" : "&") + "info_hash=" + "a".repeat(20);

        assertThat(HttpScrape.url(announceUrl, List.of(Digest.ofHex("61".repeat(20))))
                        .orElse(null))
                .isEqualTo(scrapeUrl == null ? null : scrapeUrl + items);
    }

    /** BEP 48, "example". */
    @Test
    void scrapeSpeaksTheWordsOfTheProposal() {
        Digest x = Digest.ofHex("78".repeat(20));
        Digest y = Digest.ofHex("79".repeat(20));
        String request = "info_hash=xxxxxxxxxxxxxxxxxxxx&info_hash=yyyyyyyyyyyyyyyyyyyy";
        String body = "d5:filesd20:xxxxxxxxxxxxxxxxxxxxd8:completei11e10:downloadedi13772e10:incompletei19e"
                + "e20:yyyyyyyyyyyyyyyyyyyyd8:completei21e10:downloadedi206e10:incompletei20eeee";
        ScrapeResults results = new ScrapeResults(
                new TreeMap<>(Map.of(x, new ScrapeAnswer(11, 19, 13772), y, new ScrapeAnswer(21, 20, 206))));

        assertThat(HttpScrape.url("http://tracker/announce", List.of(x, y)))
                .hasValue("http://tracker/scrape?" + request);
        assertThat(HttpScrape.decodeQuery(request)).isEqualTo(new Decoding.Decoded<>(List.of(x, y)));
        assertThat(HttpScrape.decodeAnswer(body.getBytes(US_ASCII))).isEqualTo(new Decoding.Decoded<>(results));
        assertThat(HttpScrape.encode(results)).isEqualTo(body.getBytes(US_ASCII));
    }

    @Test
    void scrapePassesOverWhatIsNoSwarm() {
        assertThat(HttpScrape.decodeAnswer(
                        "d5:filesd3:abcde20:xxxxxxxxxxxxxxxxxxxxi1e20:yyyyyyyyyyyyyyyyyyyydeee".getBytes(US_ASCII)))
                .isEqualTo(new Decoding.Decoded<>(
                        new ScrapeResults(new TreeMap<>(Map.of(Digest.ofHex("79".repeat(20)), ScrapeAnswer.UNKNOWN)))));
        assertThat(HttpScrape.decodeAnswer("d5:filesi1ee".getBytes(US_ASCII))).isInstanceOf(Decoding.Malformed.class);
        assertThat(HttpScrape.decodeQuery("info_hash=abc")).isInstanceOf(Decoding.Malformed.class);
        assertThat(HttpScrape.decodeQuery("")).isEqualTo(new Decoding.Decoded<>(List.of()));
    }

    @Test
    void scrapesABoundedNumberOfSwarmsAtOnce() {
        List<Digest> tooMany = Collections.nCopies(HttpScrape.MAX_SWARMS + 1, INFO_HASH);

        assertThatThrownBy(() -> HttpScrape.url("http://t/announce", tooMany))
                .isInstanceOf(IllegalArgumentException.class);
        String url = HttpScrape.url("http://t/announce", tooMany.subList(1, tooMany.size()))
                .orElseThrow();
        assertThat(url).hasSizeLessThan(8000);
        assertThat(HttpScrape.decodeQuery(url.substring(url.indexOf('?') + 1)))
                .isEqualTo(new Decoding.Decoded<>(tooMany.subList(1, tooMany.size())));
    }

    /** Damaged answers decode or are refused; they never throw, and what was read can be said again. */
    @Test
    void survivesAnyDamage() {
        byte[] whole = HttpAnnounce.encode(FULL, peer -> PEER_ID);
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] body = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertThatCode(() -> HttpTrackerFuzz.fuzzerTestOneInput(body))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
    }

    private static AnnounceOutcome answer(String body) {
        return ((Decoding.Decoded<AnnounceOutcome>) HttpAnnounce.decodeAnswer(body.getBytes(ISO_8859_1))).value();
    }

    private static PeerAddress peer(String ip, int port) {
        return new PeerAddress(InetAddress.ofLiteral(ip), port);
    }
}
