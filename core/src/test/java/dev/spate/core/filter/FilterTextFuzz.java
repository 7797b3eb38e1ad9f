package dev.spate.core.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** What no list may do, however it is cut. */
public final class FilterTextFuzz {
    private FilterTextFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        IpFilter whole = read(input, input.length);
        assertThat(read(input, 1)).hasToString(whole.toString());
        byte[] again = whole.toString().getBytes(StandardCharsets.US_ASCII);
        assertThat(read(again, again.length)).hasToString(whole.toString());
    }

    private static IpFilter read(byte[] input, int step) {
        var ranges = new IpFilterBuilder();
        var text = new FilterText(ranges);
        for (int at = 0; at < input.length; at += step) {
            text.read(input, at, Math.min(step, input.length - at));
        }
        text.end();
        assertThat(text.firstBadLines().size()).isEqualTo((int) Math.min(text.badLines(), FilterText.MAX_BAD_LINES));
        return ranges.build();
    }
}
