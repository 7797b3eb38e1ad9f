package dev.spate.wire.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeString;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DhtItemTest {
    // BEP 44, "test vectors".
    private static final Bytes VALUE = Bytes.ofText("12:Hello World!");
    private static final Bytes KEY = hex("77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548");
    private static final Bytes SALT = Bytes.ofText("foobar");
    private static final Bytes SIGNATURE = hex("305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff"
            + "1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01");
    private static final Bytes SALTED_SIGNATURE = hex("6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17d"
            + "df9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08");

    @Test
    void acceptsTheMutableExample() {
        DhtItem.Mutable item = new DhtItem.Mutable(KEY, Bytes.EMPTY, 1, VALUE, SIGNATURE);
        assertThat(item.isSigned()).isTrue();
        assertThat(item.target()).hasToString("4a533d47ec9c7d95b1ad75f576cffc641853b750");
        assertThat(text(DhtItem.toSign(Bytes.EMPTY, 1, VALUE))).isEqualTo("3:seqi1e1:v12:Hello World!");
    }

    @Test
    void acceptsTheExampleWithSalt() {
        DhtItem.Mutable item = new DhtItem.Mutable(KEY, SALT, 1, VALUE, SALTED_SIGNATURE);
        assertThat(item.isSigned()).isTrue();
        assertThat(item.target()).hasToString("411eba73b6f087ca51a3795d9c8c938d365e32c1");
        assertThat(text(DhtItem.toSign(SALT, 1, VALUE))).isEqualTo("4:salt6:foobar3:seqi1e1:v12:Hello World!");
        assertThat(new DhtItem.Mutable(KEY, SALT, 2, VALUE, SALTED_SIGNATURE).isSigned())
                .isFalse();
    }

    @Test
    void acceptsTheImmutableExample() {
        DhtItem.Immutable item = DhtItem.immutable(BencodeString.of("Hello World!"));
        assertThat(item.value()).isEqualTo(VALUE);
        assertThat(item.target()).hasToString("e5f96f6f38320f0f33959cb4d3d656452117aadb");
        assertThat(item.decoded()).isEqualTo(BencodeString.of("Hello World!"));
    }

    /** BEP 46, "test vectors": where a magnet link's key and salt lead. */
    @Test
    void findsThePlaceOfAnUpdatedTorrent() {
        Bytes key = hex("8543d3e6115f0f98c944077a4493dcd543e49c739fd998550a1f614ab36ed63e");
        assertThat(DhtItem.Mutable.target(key, Bytes.EMPTY)).hasToString("cc3f9d90b572172053626f9980ce261a850d050b");
        assertThat(DhtItem.Mutable.target(key, hex("6e"))).hasToString("59ee7c2cb9b4f7eb1986ee2d18fd2fdb8a56554f");
    }

    @Test
    void signsWhatItVerifies() throws GeneralSecurityException {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        BencodeDictionary value =
                BencodeDictionary.builder().put("ih", new byte[20]).build();
        DhtItem.Mutable item = DhtItem.Mutable.sign(keys, SALT, 7, value);
        assertThat(item.isSigned()).isTrue();
        assertThat(item.decoded()).isEqualTo(value);
        assertThat(item.target()).isEqualTo(DhtItem.Mutable.target(DhtItem.Mutable.publicKey(keys), SALT));
        KeyPair rsa = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        assertThatThrownBy(() -> DhtItem.Mutable.sign(rsa, SALT, 7, value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhatIsWrongWithAPut() {
        assertThat(fault(ofLength(1000))).isNull();
        assertThat(fault(ofLength(1001))).isEqualTo(KrpcError.VALUE_TOO_BIG);
        assertThat(fault(put(Bytes.ofText("d1:bi1e1:ai1ee"), null))).isEqualTo(KrpcError.PROTOCOL);
        assertThat(fault(put(Bytes.ofText("i01e"), null))).isEqualTo(KrpcError.PROTOCOL);
        assertThat(fault(put(VALUE, signed(KEY, Bytes.EMPTY, 1, SIGNATURE)))).isNull();
        assertThat(fault(put(VALUE, signed(KEY, Bytes.EMPTY, 2, SIGNATURE)))).isEqualTo(KrpcError.BAD_SIGNATURE);
        assertThat(fault(put(VALUE, signed(KEY, Bytes.EMPTY, 1, Bytes.EMPTY)))).isEqualTo(KrpcError.BAD_SIGNATURE);
        assertThat(fault(put(VALUE, signed(hex("00"), Bytes.EMPTY, 1, SIGNATURE))))
                .isEqualTo(KrpcError.BAD_SIGNATURE);
        assertThat(fault(put(VALUE, signed(hex("ff".repeat(32)), Bytes.EMPTY, 1, SIGNATURE))))
                .isEqualTo(KrpcError.BAD_SIGNATURE);
        assertThat(fault(put(VALUE, signed(KEY, Bytes.of(new byte[64]), 1, SIGNATURE))))
                .isEqualTo(KrpcError.BAD_SIGNATURE);
        assertThat(fault(put(VALUE, signed(KEY, Bytes.of(new byte[65]), 1, SIGNATURE))))
                .isEqualTo(KrpcError.SALT_TOO_BIG);
        assertThat(fault(put(VALUE, signed(KEY, Bytes.EMPTY, -1, SIGNATURE)))).isEqualTo(KrpcError.PROTOCOL);
    }

    @Test
    void believesNoAnswerThatBelongsElsewhere() {
        NodeId target = DhtItem.Mutable.target(KEY, SALT);
        Results.Item item = new Results.Item(VALUE, KEY, 1L, SALTED_SIGNATURE);
        assertThat(DhtItem.check(item, target, SALT))
                .contains(new DhtItem.Mutable(KEY, SALT, 1, VALUE, SALTED_SIGNATURE));
        assertThat(DhtItem.check(item, target, Bytes.EMPTY)).isEmpty();
        assertThat(DhtItem.check(new Results.Item(VALUE, KEY, 2L, SALTED_SIGNATURE), target, SALT))
                .isEmpty();
        assertThat(DhtItem.check(new Results.Item(null, KEY, 1L, SALTED_SIGNATURE), target, SALT))
                .isEmpty();
        NodeId place = new DhtItem.Immutable(VALUE).target();
        assertThat(DhtItem.check(new Results.Item(VALUE, null, null, null), place, Bytes.EMPTY))
                .contains(new DhtItem.Immutable(VALUE));
        assertThat(DhtItem.check(new Results.Item(Bytes.ofText("2:no"), null, null, null), place, Bytes.EMPTY))
                .isEmpty();
    }

    /** An immutable put whose bencoded value has so many bytes. */
    private static Question.Put ofLength(int bytes) {
        int content = bytes - "996:".length();
        return put(Bytes.ofText(content + ":" + "x".repeat(content)), null);
    }

    private static Question.Put put(Bytes value, Question.@Nullable Signed signed) {
        return new Question.Put(Bytes.EMPTY, value, signed);
    }

    private static Question.Signed signed(Bytes key, Bytes salt, long seq, Bytes signature) {
        return new Question.Signed(key, salt, seq, signature, null);
    }

    private static @Nullable KrpcError fault(Question.Put put) {
        return DhtItem.check(put) instanceof DhtItem.Checked.Faulty(var error) ? error : null;
    }

    private static Bytes hex(String digits) {
        return Bytes.of(HexFormat.of().parseHex(digits));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
