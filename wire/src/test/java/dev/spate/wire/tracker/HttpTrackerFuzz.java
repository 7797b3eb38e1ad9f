package dev.spate.wire.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What neither an HTTP tracker nor its client may do. The same input is tried as each of their messages. */
public final class HttpTrackerFuzz {
    private HttpTrackerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (HttpAnnounce.decodeAnswer(input) instanceof Decoding.Decoded<AnnounceOutcome>(var outcome)) {
            byte[] again = HttpAnnounce.encode(outcome);
            Decoding<AnnounceOutcome> decoded = HttpAnnounce.decodeAnswer(again);
            // Peers of both families may come mixed, and go sorted by family.
            assertThat(decoded).isInstanceOf(Decoding.Decoded.class);
            assertThat(HttpAnnounce.encode(((Decoding.Decoded<AnnounceOutcome>) decoded).value()))
                    .isEqualTo(again);
        }
        if (HttpScrape.decodeAnswer(input) instanceof Decoding.Decoded<ScrapeOutcome>(var outcome)) {
            assertThat(HttpScrape.decodeAnswer(HttpScrape.encode(outcome))).isEqualTo(new Decoding.Decoded<>(outcome));
        }
        String text = new String(input, StandardCharsets.UTF_8);
        if (HttpAnnounce.decodeQuery(text) instanceof Decoding.Decoded<HttpAnnounce.Query>(var query)) {
            String url = HttpAnnounce.url("http://t/announce", query.announce());
            assertThat(((Decoding.Decoded<HttpAnnounce.Query>)
                                    HttpAnnounce.decodeQuery(url.substring(url.indexOf('?') + 1)))
                            .value()
                            .announce())
                    .isEqualTo(query.announce());
        }
        if (HttpScrape.decodeQuery(text) instanceof Decoding.Decoded<List<Digest>>(var infoHashes)
                && !infoHashes.isEmpty()
                && infoHashes.size() <= HttpScrape.MAX_SWARMS) {
            assertThat(HttpScrape.url("http://t/announce", infoHashes)).isPresent();
        }
        HttpScrape.url(text, List.of(Digest.ofHex("00".repeat(20))));
    }
}
