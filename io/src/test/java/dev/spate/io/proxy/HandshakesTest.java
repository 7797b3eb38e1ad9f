package dev.spate.io.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spate.io.proxy.ProxyHandshake.Step;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said to proxies, byte for byte (RFC 1928, RFC 1929, RFC 9110), however their answers are cut. */
class HandshakesTest {
    private static final ProxySettings.Credentials US = new ProxySettings.Credentials("me", "geheim");

    /** How a handshake went: everything that was to be sent, the end, and what was left unread. */
    private record Talk(String sent, Step end, int unread) {}

    /** Gives it the proxy's bytes, {@code cut} at a time. */
    private static Talk talk(ProxyHandshake handshake, byte[] answers, int cut) {
        var sent = new ByteArrayOutputStream();
        sent.writeBytes(handshake.begin());
        Step step = new Step.More();
        int at = 0;
        while (at < answers.length && step instanceof Step.More) {
            ByteBuffer part = ByteBuffer.wrap(answers, at, Math.min(cut, answers.length - at));
            step = handshake.received(part);
            while (step instanceof Step.Send send) {
                sent.writeBytes(send.toArray());
                step = handshake.received(part);
            }
            at = part.position();
        }
        return new Talk(HexFormat.of().formatHex(sent.toByteArray()), step, answers.length - at);
    }

    private static Socks5Handshake socks(String host, ProxySettings.Credentials credentials) {
        return new Socks5Handshake(Socks5Handshake.Command.CONNECT, host, 6881, credentials);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 1000})
    void socksConnectsToEachKindOfAddress(int cut) {
        byte[] answers = hex("0500 05000001 0a000001 1234 4142");
        var done = new Step.Done(new InetSocketAddress("10.0.0.1", 0x1234));
        assertThat(talk(socks("192.0.2.7", null), answers, cut))
                .isEqualTo(new Talk("050100" + "05010001c00002071ae1", done, 2));
        assertThat(talk(socks("2001:db8::7", null), answers, cut))
                .isEqualTo(new Talk("050100" + "05010004" + "20010db8000000000000000000000007" + "1ae1", done, 2));
        assertThat(talk(socks("a.b", null), answers, cut))
                .isEqualTo(new Talk("050100" + "0501000303612e621ae1", done, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 1000})
    void socksLogsInWhenItIsWanted(int cut) {
        String login = "01026d650667656865696d";
        assertThat(talk(socks("a.b", US), hex("0502 0100 05000003 026162 0007"), cut))
                .isEqualTo(new Talk(
                        "05020002" + login + "0501000303612e621ae1",
                        new Step.Done(InetSocketAddress.createUnresolved("ab", 7)),
                        0));
        assertThat(talk(socks("a.b", US), hex("0502 0101"), cut).end())
                .isInstanceOfSatisfying(
                        Step.Refused.class,
                        refused -> assertThat(refused.reason()).contains("user name and password"));
    }

    @ParameterizedTest
    @CsvSource({
        "0401, does not speak SOCKS5",
        "05ff, wants a user name",
        "0502, wants a user name",
        "0500 0501, it failed",
        "0500 0502, rules forbid",
        "0500 0507, does not know how",
        "0500 05c8, it says 200",
        "0500 04000001, does not speak SOCKS5",
        "0500 05000002, makes no sense"
    })
    void socksRefusesInWords(String answers, String reason) {
        assertThat(talk(socks("a.b", null), hex(answers), 1).end())
                .isInstanceOfSatisfying(
                        Step.Refused.class,
                        refused -> assertThat(refused.reason()).contains(reason));
    }

    @Test
    void socksAsksForAPlaceForDatagrams() {
        var handshake = new Socks5Handshake(Socks5Handshake.Command.UDP_ASSOCIATE, "0.0.0.0", 0, null);
        assertThat(talk(handshake, hex("0500 0507"), 1))
                .isEqualTo(new Talk(
                        "050100" + "05030001000000000000",
                        new Step.Refused("the SOCKS5 proxy will not carry UDP: it does not know how"),
                        0));
    }

    @Test
    void aNameThatIsTooLongIsNotCutButRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> socks("a".repeat(256), null));
        assertThatIllegalArgumentException().isThrownBy(() -> new ProxySettings.Credentials("a".repeat(256), ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void httpConnects(int cut) {
        String request = String.join(
                "\r\n",
                "CONNECT [2001:db8::7]:6881 HTTP/1.1",
                "Host: [2001:db8::7]:6881",
                "Proxy-Authorization: Basic bWU6Z2VoZWlt",
                "",
                "");
        String answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nA: b\r\n\r\nXY";
        assertThat(talk(
                        new HttpConnectHandshake("2001:db8::7", 6881, US),
                        answer.getBytes(StandardCharsets.ISO_8859_1),
                        cut))
                .isEqualTo(new Talk(
                        HexFormat.of().formatHex(request.getBytes(StandardCharsets.ISO_8859_1)),
                        new Step.Done(new InetSocketAddress(0)),
                        2));
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 407 Login, status 407", "SSH-2.0, not HTTP", "'', not HTTP"})
    void httpRefusesInWords(String status, String reason) {
        byte[] answer = (status + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(talk(new HttpConnectHandshake("a.b", 1, null), answer, 1).end())
                .isInstanceOfSatisfying(
                        Step.Refused.class,
                        refused -> assertThat(refused.reason()).contains(reason));
    }

    @Test
    void anEndlessHeadIsGivenUp() {
        byte[] answer = ("HTTP/1.1 200 OK\r\n" + "a".repeat(2 * HttpConnectHandshake.MAX_HEAD))
                .getBytes(StandardCharsets.ISO_8859_1);
        Talk talk = talk(new HttpConnectHandshake("a.b", 1, null), answer, 1000);
        assertThat(talk.end()).isInstanceOf(Step.Refused.class);
        assertThat(talk.unread()).isGreaterThan(HttpConnectHandshake.MAX_HEAD / 2);
    }

    @Test
    void garbleEndsOrWaitsAndNothingElse() {
        var random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            byte[] garble = new byte[random.nextInt(300)];
            random.nextBytes(garble);
            byte[] plausible = hex("0500 050000");
            System.arraycopy(plausible, 0, garble, 0, Math.min(random.nextInt(6), garble.length));
            Talk whole = talk(socks("a.b", US), garble, garble.length + 1);
            assertThat(talk(socks("a.b", US), garble, 1)).isEqualTo(whole);
            talk(new HttpConnectHandshake("a.b", 1, null), garble, 7);
            Socks5Datagram.readHead(ByteBuffer.wrap(garble));
        }
    }

    @Test
    void headsOfDatagramsComeBackAsTheyWere() {
        for (InetSocketAddress address : new InetSocketAddress[] {
            new InetSocketAddress("192.0.2.7", 1),
            new InetSocketAddress("2001:db8::7", 65535),
            InetSocketAddress.createUnresolved("tracker.invalid", 6969)
        }) {
            ByteBuffer datagram = ByteBuffer.allocate(Socks5Datagram.MAX_HEAD + 2);
            Socks5Datagram.writeHead(address, datagram);
            datagram.put((byte) 'h').put((byte) 'i').flip();
            assertThat(Socks5Datagram.readHead(datagram)).isEqualTo(address);
            assertThat(datagram.remaining()).isEqualTo(2);
        }
        assertThat(Socks5Datagram.readHead(ByteBuffer.wrap(hex("00000101020304050607"))))
                .as("one of several fragments")
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a:1", "socks5://a", "socks5://:1", "http://a:70000", "socks4://a:1"})
    void whatIsNoProxyIsSaidSoWithoutThePassword(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxySettings.of(URI.create(uri.replace("//", "//me:geheim@"))))
                .withMessageNotContaining("geheim");
    }

    @Test
    void proxiesAreReadWithTheirCredentials() {
        assertThat(ProxySettings.of(URI.create("socks5h://me:geheim@[::1]:9050")))
                .isEqualTo(new ProxySettings.Socks5("::1", 9050, US));
        assertThat(ProxySettings.of(URI.create("HTTP://proxy:8080")))
                .isEqualTo(new ProxySettings.Http("proxy", 8080, null));
    }
}
