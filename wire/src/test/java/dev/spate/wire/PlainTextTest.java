package dev.spate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void leavesWordsOfAllScriptsAlone() {
        assertThat(PlainText.of("µTorrent 1.2, 种子, 😀", 100)).isEqualTo("µTorrent 1.2, 种子, 😀");
    }

    @Test
    void takesAwayWhatSteersATerminalOrReordersALine() {
        assertThat(PlainText.of("\033[31mred\r\n\u202egnp.exe\u2028\ud800!\u0000", 100))
                .isEqualTo("[31mred   gnp.exe  !");
    }

    @Test
    void cutsALongTextAndNeverWithinACharacter() {
        assertThat(PlainText.of("abcdef", 6)).isEqualTo("abcdef");
        assertThat(PlainText.of("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(PlainText.of("abcd😀😀", 6)).isEqualTo("abcd…");
        assertThat(PlainText.of("abc", 1)).isEqualTo("…");
    }
}
