package dev.spate.wire.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.PeerExchange.Contact;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages by which peers exchange metadata and addresses. */
class ExtensionExchangesTest {
    private static final PeerAddress V4 = new PeerAddress(InetAddress.ofLiteral("192.0.2.1"), 6881);
    private static final PeerAddress V6 = new PeerAddress(InetAddress.ofLiteral("2001:db8::1"), 6882);

    /** BEP 9, the examples under "request", "data" and "reject". */
    @Test
    void speaksTheExamplesOfTheMetadataProposal() {
        ByteBuffer data = bytes("x".repeat(100));

        assertThat(metadata("d8:msg_typei0e5:piecei0ee")).isEqualTo(new MetadataMessage.Request(0));
        assertThat(metadata("d8:msg_typei1e5:piecei0e10:total_sizei3425ee" + "x".repeat(100)))
                .isEqualTo(new MetadataMessage.Data(0, 3425, data));
        assertThat(metadata("d8:msg_typei2e5:piecei0ee")).isEqualTo(new MetadataMessage.Reject(0));

        assertThat(text(new MetadataMessage.Request(0).message(3))).isEqualTo("d8:msg_typei0e5:piecei0ee");
        assertThat(text(new MetadataMessage.Data(0, 3425, data).message(3)))
                .isEqualTo("d8:msg_typei1e5:piecei0e10:total_sizei3425ee" + "x".repeat(100));
        assertThat(text(new MetadataMessage.Reject(0).message(3))).isEqualTo("d8:msg_typei2e5:piecei0ee");
    }

    /** BEP 9: "Unrecognized message IDs MUST be ignored". */
    @Test
    void typesOfTheFutureAreNoOffence() {
        assertThat(metadata("d8:msg_typei3ee")).isEqualTo(new MetadataMessage.Unrecognized(3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "i0e",
                "de",
                "d5:piecei0ee",
                "d8:msg_typei0ee",
                "d8:msg_typei0e5:piecei-1ee",
                "d8:msg_typei0e5:piecei1024ee",
                "d8:msg_typei0e5:piecei0eex",
                "d8:msg_typei1e5:piecei0ee",
                "d8:msg_typei2e5:piecei0eex"
            })
    void metadataMessagesThatMakeNoSenseAreMalformed(String payload) {
        assertThat(MetadataMessage.decode(bytes(payload))).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void aPieceOfMetadataHasAtMost16KiB() {
        String head = "d8:msg_typei1e5:piecei0ee";

        assertThat(MetadataMessage.decode(bytes(head + "x".repeat(1 << 14)))).isInstanceOf(Decoding.Decoded.class);
        assertThat(MetadataMessage.decode(bytes(head + "x".repeat((1 << 14) + 1))))
                .isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void tellsOfPeersOfBothFamilies() {
        PeerExchange exchange = new PeerExchange(
                List.of(new Contact(V4, Contact.UPLOAD_ONLY | Contact.REACHABLE), new Contact(V6, Contact.UTP)),
                List.of(V4, V6));
        String v4 = "\u00c0\0\2\1\u001a\u00e1";
        String v6 = " \1\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\1\u001a\u00e2";

        assertThat(text(exchange.message(1)))
                .isEqualTo("d5:added6:" + v4 + "7:added.f1:\u00126:added618:" + v6 + "8:added6.f1:\u00047:dropped6:"
                        + v4 + "8:dropped618:" + v6 + "e");
        assertThat(PeerExchange.decode(exchange.message(1).payload())).isEqualTo(new Decoding.Decoded<>(exchange));
    }

    @Test
    void contactsThatMakeNoSenseArePassedOver() {
        // Port 0, then one with a flag, then half a one; and an IPv4 address in the guise of IPv6.
        String payload = "d5:added15:\1\2\3\4\0\0\1\2\3\4\0\5\1\2\3" + "7:added.f2:\1\2"
                + "6:added618:\0\0\0\0\0\0\0\0\0\0\u00ff\u00ff\1\2\3\4\0\5" + "7:droppedi1ee";

        assertThat(exchanged(payload))
                .isEqualTo(new PeerExchange(
                        List.of(new Contact(new PeerAddress(InetAddress.ofLiteral("1.2.3.4"), 5), 2)), List.of()));
        assertThat(exchanged("de")).isEqualTo(new PeerExchange(List.of(), List.of()));
        assertThat(PeerExchange.decode(bytes("le"))).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void noMoreContactsAreKeptThanTheBound() {
        String many = "\1\2\3\4\0\5".repeat(PeerExchange.MAX_CONTACTS + 1);

        PeerExchange exchange = exchanged("d5:added" + many.length() + ":" + many + "e");

        assertThat(exchange.added()).hasSize(PeerExchange.MAX_CONTACTS);
        assertThatThrownBy(() -> new PeerExchange(
                        Collections.nCopies(PeerExchange.MAX_CONTACTS + 1, new Contact(V4, 0)), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** BEP 55, "Message Format": type, address family, address, port, error code. */
    @Test
    void speaksHolepunch() {
        assertThat(hex(new Holepunch.Rendezvous(V4).message(4))).isEqualTo("0000c00002011ae100000000");
        assertThat(hex(new Holepunch.Connect(V6).message(4)))
                .isEqualTo("010120010db8000000000000000000000001" + "1ae200000000");
        assertThat(hex(new Holepunch.Failed(V4, Holepunch.Failed.NO_SUPPORT).message(4)))
                .isEqualTo("0200c00002011ae100000003");

        assertThat(holepunch("0000c00002011ae1")).isEqualTo(new Decoding.Decoded<>(new Holepunch.Rendezvous(V4)));
        assertThat(holepunch("0200c00002011ae100000004"))
                .isEqualTo(new Decoding.Decoded<>(new Holepunch.Failed(V4, Holepunch.Failed.NO_SELF)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "00", "0300c00002011ae1", "0002c00002011ae1", "0000c00002011a", "0200c00002011ae1000000"})
    void holepunchMessagesThatMakeNoSenseAreMalformed(String hex) {
        assertThat(holepunch(hex)).isInstanceOf(Decoding.Malformed.class);
    }

    private static MetadataMessage metadata(String payload) {
        return whole(MetadataMessage.decode(bytes(payload)));
    }

    private static PeerExchange exchanged(String payload) {
        return whole(PeerExchange.decode(bytes(payload)));
    }

    private static Decoding<Holepunch> holepunch(String hex) {
        return Holepunch.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static <T> T whole(Decoding<T> decoding) {
        return switch (decoding) {
            case Decoding.Decoded<T>(var value) -> value;
            case Decoding.NeedMore<T> more -> throw new AssertionError(more);
            case Decoding.Malformed<T> malformed -> throw new AssertionError(malformed);
        };
    }

    private static ByteBuffer bytes(String payload) {
        return ByteBuffer.wrap(payload.getBytes(ISO_8859_1));
    }

    private static String text(PeerMessage.Extended message) {
        return ISO_8859_1.decode(message.payload().duplicate()).toString();
    }

    private static String hex(PeerMessage.Extended message) {
        byte[] bytes = new byte[message.payload().remaining()];
        message.payload().duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
