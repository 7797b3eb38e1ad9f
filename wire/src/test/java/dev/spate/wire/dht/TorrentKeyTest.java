package dev.spate.wire.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorrentKeyTest {
    private static final String KEY = "8543d3e6115f0f98c944077a4493dcd543e49c739fd998550a1f614ab36ed63e";

    /** The vectors of BEP 46. */
    @ParameterizedTest
    @CsvSource({"'', cc3f9d90b572172053626f9980ce261a850d050b", "&s=6e, 59ee7c2cb9b4f7eb1986ee2d18fd2fdb8a56554f"})
    void linksLeadToTheTargetsOfTheSpecification(String salt, String target) {
        String link = "magnet:?xs=urn:btpk:" + KEY + salt;
        TorrentKey key = parse(link);
        assertThat(DhtItem.Mutable.target(key.publicKey(), key.salt())).hasToString(target);
        assertThat(key).hasToString(link);
        assertThat(parse(key.toString())).isEqualTo(key);
    }

    @Test
    void takesLinksAsOthersWriteThem() {
        assertThat(parse("MAGNET:?dn=name&xs=urn%3Abtpk%3A" + KEY.toUpperCase(java.util.Locale.ROOT) + "&x"))
                .isEqualTo(parse("magnet:?xs=urn:btpk:" + KEY));
        assertThat(TorrentKey.isLink("magnet:?xt=urn:btih:" + KEY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "magnet:?xs=urn:btpk:",
                "magnet:?xs=urn:btpk:00",
                "magnet:?xs=urn:btpk:zz",
                "magnet:?xs=urn:btpk:%zz",
                "magnet:?xs=urn:btpk:" + KEY + "00",
                "magnet:?xs=urn:btpk:" + KEY + "&s=0",
                "magnet:?xs=urn:btpk:" + KEY + "&s=" + KEY + KEY + "00"
            })
    void refusesOthers(String link) {
        assertThat(TorrentKey.parse(link)).isInstanceOf(Decoding.Malformed.class);
    }

    private static TorrentKey parse(String link) {
        return TorrentKey.parse(link) instanceof Decoding.Decoded<TorrentKey>(TorrentKey key)
                ? key
                : org.assertj.core.api.Assertions.fail("not read: " + link);
    }
}
