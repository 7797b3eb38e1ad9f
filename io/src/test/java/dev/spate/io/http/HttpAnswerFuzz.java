package dev.spate.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** What no answer of a server may do: take more than is allowed, or fail in another way than is said. */
public final class HttpAnswerFuzz {
    private HttpAnswerFuzz() {}

    private static final int MAX_BYTES = 100_000;

    public static void fuzzerTestOneInput(byte[] input) {
        var in = new ByteArrayInputStream(input);
        try {
            AnswerHead head = AnswerHead.read(in);
            assertThat(head.status()).isBetween(200, 599);
            assertThat(AnswerBody.read(head, in, MAX_BYTES)).hasSizeLessThanOrEqualTo(MAX_BYTES);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
