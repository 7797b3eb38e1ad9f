package dev.spate.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUrlTest {
    @ParameterizedTest
    @CsvSource({
        "http://tracker.example/announce, http://tracker.example/announce",
        "HTTP://Tracker.Example:80?x=1, http://tracker.example/?x=1",
        "https://t.example:443/a#part, https://t.example/a",
        "https://t.example:8443/a, https://t.example:8443/a",
        "http://[2001:DB8::1]:6969/announce, http://[2001:db8::1]:6969/announce",
        "http://t.example/a b|c?info_hash=%00%ff%2f, http://t.example/a%20b%7Cc?info_hash=%00%ff%2f",
        "http://bücher.example/ü, http://xn--bcher-kva.example/%C3%BC",
        "http://t.example, http://t.example/",
        "http://a_b.example:/x, http://a_b.example/x"
    })
    void readsWhatIsFoundInTheWild(String text, String meaning) {
        assertThat(HttpUrl.parse(text)).map(HttpUrl::toString).contains(meaning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tracker.example",
                "udp://t.example:1",
                "ftp://t.example/",
                "http://",
                "http:///x",
                "http://t.example:0/",
                "http://t.example:65536/",
                "http://t.example:port/",
                "http://[::1/",
                "http://[nothing]/",
                "http://a b/",
                "http://a\r\nHost: b/",
                "://x",
                "http://user@/"
            })
    void refusesWhatIsNoUrl(String text) {
        assertThat(HttpUrl.parse(text)).isEmpty();
    }

    @Test
    void cannotBeMadeToSendASecondHeader() {
        assertThat(HttpUrl.parse("http://t.example/a\r\nX-Evil: 1")
                        .orElseThrow()
                        .target())
                .isEqualTo("/a%0D%0AX-Evil:%201");
    }

    @Test
    void keepsUserAndPasswordOutOfTheTextOfTheUrl() {
        HttpUrl url = HttpUrl.parse("http://me:se@cret@t.example/").orElseThrow();
        assertThat(url.userInfo()).isEqualTo("me:se@cret");
        assertThat(url.toString()).doesNotContain("cret");
    }

    @ParameterizedTest
    @CsvSource({
        "https://other.example/x, https://other.example/x",
        "//other.example/x, http://other.example/x",
        "/root, http://t.example:8080/root",
        "sibling, http://t.example:8080/folder/sibling",
        "../up, http://t.example:8080/up",
        "?q=1, http://t.example:8080/folder/?q=1",
        "/with space, http://t.example:8080/with%20space"
    })
    void followsLocations(String location, String target) {
        HttpUrl url = HttpUrl.parse("http://t.example:8080/folder/file?x").orElseThrow();
        assertThat(url.resolve(location)).map(HttpUrl::toString).contains(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "file:///etc/passwd", "gopher://x/", "%%%"})
    void followsNothingElse(String location) {
        assertThat(HttpUrl.parse("http://t.example/").orElseThrow().resolve(location))
                .isEmpty();
    }
}
