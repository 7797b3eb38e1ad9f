package dev.spate.wire.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UdpTrackerCodecTest {
    private static final Digest INFO_HASH = Digest.ofHex("aa".repeat(20));
    private static final PeerId PEER_ID = PeerId.of("-Sp0100-abcdefghijkl".getBytes(StandardCharsets.US_ASCII));
    private static final String PEER_ID_HEX = "2d5370303130302d6162636465666768696a6b6c";

    private static final AnnounceRequest ANNOUNCE = new AnnounceRequest(
            INFO_HASH,
            PEER_ID,
            6881,
            3,
            1,
            2,
            AnnounceEvent.STARTED,
            AnnounceRequest.DEFAULT_NUM_WANT,
            0x01020304,
            null,
            Inet4Address.ofLiteral("192.0.2.9"));

    /** The table of BEP 15, "IPv4 announce request": downloaded, left, uploaded, in this order. */
    private static final String ANNOUNCE_HEX = "1111111122222222 00000001 0badcafe" + "aa".repeat(20) + PEER_ID_HEX
            + "0000000000000001 0000000000000002 0000000000000003"
            + "00000002 c0000209 01020304 ffffffff 1ae1";

    private static final long CONNECTION = 0x1111111122222222L;
    private static final int TRANSACTION = 0x0badcafe;

    @Test
    void connectSpeaksTheBytesOfTheProposal() {
        speaks(new UdpRequest.Connect(TRANSACTION), "0000041727101980 00000000 0badcafe");
        speaks(
                new UdpAnswer.Connected(TRANSACTION, CONNECTION),
                "00000000 0badcafe 1111111122222222",
                AddressFamily.IPV4);
    }

    @Test
    void announceSpeaksTheBytesOfTheProposal() {
        speaks(new UdpRequest.Announce(CONNECTION, TRANSACTION, ANNOUNCE, ""), ANNOUNCE_HEX);
        List<PeerAddress> peers = List.of(peer("192.0.2.1", 6881), peer("192.0.2.2", 65535));
        speaks(
                new UdpAnswer.Announced(
                        TRANSACTION, new AnnounceAnswer(Duration.ofMinutes(30), new ScrapeAnswer(8, 9, null), peers)),
                "00000001 0badcafe 00000708 00000009 00000008 c0000201 1ae1 c0000202 ffff",
                AddressFamily.IPV4);
    }

    /** BEP 15, "IPv6": the same but for strides of 18 bytes. */
    @Test
    void anAnswerOverIpv6HasLongerAddresses() {
        speaks(
                new UdpAnswer.Announced(
                        TRANSACTION,
                        new AnnounceAnswer(
                                Duration.ofMinutes(30),
                                new ScrapeAnswer(8, 9, null),
                                List.of(peer("2001:db8::1", 6881)))),
                "00000001 0badcafe 00000708 00000009 00000008 20010db8000000000000000000000001 1ae1",
                AddressFamily.IPV6);
    }

    @Test
    void scrapeSpeaksTheBytesOfTheProposal() {
        Digest other = Digest.ofHex("bb".repeat(20));
        speaks(
                new UdpRequest.Scrape(CONNECTION, TRANSACTION, List.of(INFO_HASH, other)),
                "1111111122222222 00000002 0badcafe" + INFO_HASH + other);
        speaks(
                new UdpAnswer.Scraped(TRANSACTION, List.of(new ScrapeAnswer(1, 3, 2), new ScrapeAnswer(4, 6, 5))),
                "00000002 0badcafe 00000001 00000002 00000003 00000004 00000005 00000006",
                AddressFamily.IPV4);
    }

    @Test
    void anErrorSpeaksTheBytesOfTheProposal() {
        speaks(
                new UdpAnswer.Refused(TRANSACTION, new AnnounceRefusal("busy")),
                "00000003 0badcafe 62757379",
                AddressFamily.IPV4);
    }

    /** BEP 41, "examples". */
    @Test
    void theUrlGoesBehindAnAnnounceAsAnOption() {
        speaks(
                new UdpRequest.Announce(CONNECTION, TRANSACTION, ANNOUNCE, "/dir?a=b&c=d"),
                ANNOUNCE_HEX + "020c 2f6469723f613d6226633d64");
    }

    @ParameterizedTest
    @CsvSource({
        "020c2f6469723f613d6226633d64010100, /dir?a=b&c=d", // BEP 41: padding and an end
        "0200, ''", // BEP 41: no path, no query
        "02022f61020162, /ab", // BEP 41: parts are put together
        "05032f2f2f02012f, /", // an option that is not known
        "0002012f, ''", // behind the end
        "02092f, ''", // longer than the datagram
        "02, ''",
        "0203ff2f2f, ''", // not part of a URL
        "0203200a2f, ''",
    })
    void readsOptionsAndStopsAtWhatIsNone(String options, String urlData) {
        var decoded = (Decoding.Decoded<UdpRequest>)
                UdpTrackerCodec.decodeRequest(ByteBuffer.wrap(hex(ANNOUNCE_HEX + options)));

        assertThat(decoded.value()).isEqualTo(new UdpRequest.Announce(CONNECTION, TRANSACTION, ANNOUNCE, urlData));
    }

    @Test
    void aLongUrlIsSentInPartsAndOneTooLongIsNotRead() {
        String urlData = "/" + "x".repeat(UdpRequest.Announce.MAX_URL_DATA - 1);
        UdpRequest request = new UdpRequest.Announce(CONNECTION, TRANSACTION, ANNOUNCE, urlData);
        byte[] bytes = encoded(request);

        assertThat(bytes).hasSize(UdpTrackerCodec.MAX_REQUEST_LENGTH);
        assertThat(UdpTrackerCodec.decodeRequest(ByteBuffer.wrap(bytes))).isEqualTo(new Decoding.Decoded<>(request));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
        System.arraycopy(hex("02012f"), 0, longer, bytes.length, 3);
        assertThat(UdpTrackerCodec.decodeRequest(ByteBuffer.wrap(longer)))
                .isEqualTo(new Decoding.Decoded<>(new UdpRequest.Announce(CONNECTION, TRANSACTION, ANNOUNCE, "")));
    }

    @ParameterizedTest
    @CsvSource({
        "udp://tracker.example.com:80/dir?a=b&c=d, /dir?a=b&c=d",
        "udp://tracker.example.com:80, ''",
        "udp://[2001:db8::1]:80/announce#top, /announce",
        "udp://tracker.example.com?pass=1, ?pass=1",
        "udp://tracker.example.com/a b, ''",
        "tracker/x, /x",
        "'', ''",
    })
    void findsPathAndQueryOfATrackersUrl(String url, String urlData) {
        assertThat(UdpRequest.Announce.urlData(url)).isEqualTo(urlData);
    }

    /** BEP 15: "Do not expect packets to be exactly of a certain size." */
    @Test
    void acceptsLongerDatagrams() {
        assertThat(UdpTrackerCodec.decodeRequest(ByteBuffer.wrap(hex("0000041727101980 00000000 0badcafe ffff"))))
                .isEqualTo(new Decoding.Decoded<>(new UdpRequest.Connect(TRANSACTION)));
        assertThat(decodeAnswer("00000000 0badcafe 1111111122222222 00"))
                .isEqualTo(new UdpAnswer.Connected(TRANSACTION, CONNECTION));
        assertThat(decodeAnswer("00000001 0badcafe 00000708 00000009 00000008 c0000201 1ae1 c00002"))
                .isEqualTo(new UdpAnswer.Announced(
                        TRANSACTION,
                        new AnnounceAnswer(
                                Duration.ofMinutes(30),
                                new ScrapeAnswer(8, 9, null),
                                List.of(peer("192.0.2.1", 6881)))));
    }

    @Test
    void readsNumbersThatMakeNoSenseAsTheNearestThatDo() {
        assertThat(decodeAnswer("00000001 0badcafe ffffffff ffffffff 80000000 c0000201 0000"))
                .isEqualTo(new UdpAnswer.Announced(
                        TRANSACTION, new AnnounceAnswer(Duration.ZERO, ScrapeAnswer.UNKNOWN, List.of())));
        String odd = "1111111122222222 00000001 0badcafe" + "aa".repeat(20) + PEER_ID_HEX
                + "ffffffffffffffff ffffffffffffffff 8000000000000000" + "00000063 00000000 00000000 80000000 0000";
        assertThat(UdpTrackerCodec.decodeRequest(ByteBuffer.wrap(hex(odd))))
                .isEqualTo(new Decoding.Decoded<>(new UdpRequest.Announce(
                        CONNECTION,
                        TRANSACTION,
                        new AnnounceRequest(INFO_HASH, PEER_ID, 0, 0, 0, Long.MAX_VALUE, AnnounceEvent.NONE, -1, 0),
                        "")));
    }

    @Test
    void anErrorIsFitToBeShown() {
        assertThat(decodeAnswer("00000003 0badcafe 1b5b6e6f"))
                .isEqualTo(new UdpAnswer.Refused(TRANSACTION, new AnnounceRefusal("[no")));
        assertThat(decodeAnswer("00000003 0badcafe"))
                .isEqualTo(new UdpAnswer.Refused(TRANSACTION, new AnnounceRefusal("no reason given")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0000041727101980 00000000 0badca", // cut
                "0000041727101981 00000000 0badcafe", // not the protocol
                "1111111122222222 00000004 0badcafe", // no such action
                "1111111122222222 ffffffff 0badcafe",
                "1111111122222222 00000002 0badcafe", // a scrape of nothing
                "1111111122222222 00000001 0badcafe aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void refusesWhatIsNoRequest(String hex) {
        assertThat(UdpTrackerCodec.decodeRequest(ByteBuffer.wrap(hex(hex)))).isInstanceOf(Decoding.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00000003 0badca",
                "00000000 0badcafe 11111111222222",
                "00000001 0badcafe 00000708 00000009 000000",
                "00000004 0badcafe",
                "ffffffff 0badcafe 0000000000000000"
            })
    void refusesWhatIsNoAnswer(String hex) {
        assertThat(UdpTrackerCodec.decodeAnswer(ByteBuffer.wrap(hex(hex)), AddressFamily.IPV4))
                .isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void bringsNoMorePeersThanThereIsRoomForAndOnlyThoseOfTheFamily() {
        List<PeerAddress> peers = new ArrayList<>(Collections.nCopies(100, peer("192.0.2.1", 1)));
        peers.add(0, peer("2001:db8::1", 2));
        UdpAnswer answer = new UdpAnswer.Announced(
                TRANSACTION, new AnnounceAnswer(Duration.ofMinutes(1), ScrapeAnswer.UNKNOWN, peers));
        ByteBuffer small = ByteBuffer.allocate(20 + 6 * 10 + 5);
        UdpTrackerCodec.encode(answer, AddressFamily.IPV4, small);

        assertThat(small.position()).isEqualTo(20 + 6 * 10);
        assertThat(encoded(answer, AddressFamily.IPV6)).hasSize(20 + 18);
        assertThatThrownBy(() -> UdpTrackerCodec.encode(answer, AddressFamily.IPV4, ByteBuffer.allocate(19)))
                .isInstanceOf(BufferOverflowException.class);
    }

    @Test
    void aHugeAnswerBringsABoundedNumberOfPeers() {
        ByteBuffer datagram = ByteBuffer.allocate(65_507).putInt(0, 1);
        for (int i = 20; i < datagram.limit(); i++) {
            datagram.put(i, (byte) 1);
        }
        var decoded = (Decoding.Decoded<UdpAnswer>) UdpTrackerCodec.decodeAnswer(datagram, AddressFamily.IPV4);

        assertThat(((UdpAnswer.Announced) decoded.value()).answer().peers()).hasSize(CompactPeers.MAX_PEERS);
        datagram.putInt(0, 2);
        var scraped = (Decoding.Decoded<UdpAnswer>) UdpTrackerCodec.decodeAnswer(datagram, AddressFamily.IPV4);
        assertThat(((UdpAnswer.Scraped) scraped.value()).answers()).hasSize(UdpRequest.Scrape.MAX_SWARMS);
    }

    /** Random datagrams decode or are refused; and what was decoded can be said again and means the same. */
    @Test
    void whatWasDecodedCanBeSaidAgain() {
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (bytes.length >= 12) {
                ByteBuffer.wrap(bytes).putInt(0, random.nextInt(4)).putInt(8, random.nextInt(4));
            }
            assertThatCode(() -> UdpTrackerFuzz.fuzzerTestOneInput(bytes))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
    }

    private static void speaks(UdpRequest request, String hex) {
        assertThat(encoded(request)).isEqualTo(hex(hex));
        ByteBuffer datagram = ByteBuffer.wrap(hex(hex));
        assertThat(UdpTrackerCodec.decodeRequest(datagram)).isEqualTo(new Decoding.Decoded<>(request));
        assertThat(datagram.position()).isZero();
    }

    private static void speaks(UdpAnswer answer, String hex, AddressFamily family) {
        assertThat(encoded(answer, family)).isEqualTo(hex(hex));
        ByteBuffer datagram = ByteBuffer.wrap(hex(hex));
        assertThat(UdpTrackerCodec.decodeAnswer(datagram, family)).isEqualTo(new Decoding.Decoded<>(answer));
        assertThat(datagram.position()).isZero();
    }

    private static UdpAnswer decodeAnswer(String hex) {
        return ((Decoding.Decoded<UdpAnswer>)
                        UdpTrackerCodec.decodeAnswer(ByteBuffer.wrap(hex(hex)), AddressFamily.IPV4))
                .value();
    }

    private static byte[] encoded(UdpRequest request) {
        ByteBuffer into = ByteBuffer.allocate(2000);
        UdpTrackerCodec.encode(request, into);
        return Arrays.copyOf(into.array(), into.position());
    }

    private static byte[] encoded(UdpAnswer answer, AddressFamily family) {
        ByteBuffer into = ByteBuffer.allocate(70_000);
        UdpTrackerCodec.encode(answer, family, into);
        return Arrays.copyOf(into.array(), into.position());
    }

    private static PeerAddress peer(String ip, int port) {
        return new PeerAddress(InetAddress.ofLiteral(ip), port);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
