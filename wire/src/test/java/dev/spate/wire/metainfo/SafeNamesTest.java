package dev.spate.wire.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "film.mkv",
                "a",
                ".hidden",
                "..hidden",
                "a b",
                "日本語.txt",
                "ünïcode",
                "😀",
                "what? why*",
                "con1",
                "console.log",
                "nul_",
                "ab:c",
                "12: x",
                "auxiliary",
                "xcon",
                "com",
                "lpt",
                "com10.txt"
            })
    void leavesHarmlessNamesAlone(String name) {
        assertThat(SafeNames.clean(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    ""              | ""
                    .               | ""
                    ..              | ""
                    ...             | ""
                    ". . "          | ""
                    a/b             | a_b
                    ../../etc       | .._.._etc
                    a\\b            | a_b
                    C:              | C_
                    c:evil          | c_evil
                    name.           | name
                    name...         | name
                    "name. . "      | name
                    "name "         | name
                    CON             | _CON
                    con             | _con
                    CON.            | _CON
                    "CON "          | _CON
                    con.txt         | _con.txt
                    "con .txt"      | "_con .txt"
                    Nul.tar.gz      | _Nul.tar.gz
                    COM1            | _COM1
                    lpt9.x          | _lpt9.x
                    com²            | _com²
                    CONOUT$         | _CONOUT$
                    """)
    void makesOthersHarmless(String name, String safe) {
        assertThat(SafeNames.clean(name)).isEqualTo(safe);
    }

    @Test
    void dropsWhatIsNotSeen() {
        assertThat(SafeNames.clean("a\u0000b\nc\u007fd\u0085e\u001bf")).isEqualTo("abcdef");
        assertThat(SafeNames.clean("\u0000")).isEmpty();
        assertThat(SafeNames.clean(".\u0000.")).isEmpty();
        assertThat(SafeNames.clean("c\u0000on")).isEqualTo("_con");
        assertThat(SafeNames.clean("photo\u202egpj.exe")).isEqualTo("photogpj.exe");
        assertThat(SafeNames.clean("a\u200eb\u200fc\u2066d\u2069e\u061cf\u2028g"))
                .isEqualTo("abcdefg");
        assertThat(SafeNames.clean("a\ufffdb")).isEqualTo("a_b");
        assertThat(SafeNames.clean("a\ud800b")).isEqualTo("a_b");
        assertThat(SafeNames.clean("👨‍👩‍👧"))
                .as("joiners within an emoji stay")
                .isEqualTo("👨‍👩‍👧");
    }

    @Test
    void cutsLongNamesAndKeepsTheirEnding() {
        assertThat(SafeNames.clean("x".repeat(255))).hasSize(255);
        assertThat(SafeNames.clean("x".repeat(256))).isEqualTo("x".repeat(255));
        assertThat(SafeNames.clean("x".repeat(300) + ".mkv")).isEqualTo("x".repeat(251) + ".mkv");
        assertThat(SafeNames.clean("☃".repeat(100))).isEqualTo("☃".repeat(85));
        assertThat(SafeNames.clean("a" + "😀".repeat(100) + ".srt")).isEqualTo("a" + "😀".repeat(62) + ".srt");
        assertThat(SafeNames.clean("x".repeat(250) + "     y" + "z".repeat(30))).isEqualTo("x".repeat(250));
        assertThat(SafeNames.clean("a." + "b".repeat(300))).isEqualTo("a." + "b".repeat(253));
    }

    @Test
    void dropsFoldersOfWhichNothingIsLeftButNeverTheFile() {
        assertThat(SafeNames.clean(List.of("..", "a", "", ".", "b"))).containsExactly("a", "b");
        assertThat(SafeNames.clean(List.of("a", ".."))).containsExactly("a", "_");
        assertThat(SafeNames.clean(List.of(""))).containsExactly("_");
    }

    @Test
    void putsNumbersBeforeTheEnding() {
        assertThat(SafeNames.numbered("film.mkv", 2)).isEqualTo("film (2).mkv");
        assertThat(SafeNames.numbered("folder", 12)).isEqualTo("folder (12)");
        assertThat(SafeNames.numbered(".hidden", 2)).isEqualTo(".hidden (2)");
        assertThat(SafeNames.numbered("x".repeat(255), 1_000_000)).hasSize(255).endsWith(" (1000000)");
    }

    @ParameterizedTest
    @CsvSource({"A, a", "É, é", "E\u0301, é", "STRASSE, straße", "ΣΑΣ, σας", "a\u200db, ab", "ﬁ, FI", "\u212a, k"})
    void takesForTheSameWhatSomeFileSystemDoes(String a, String b) {
        assertThat(SafeNames.folded(a)).isEqualTo(SafeNames.folded(b));
    }

    @Test
    void cleaningTwiceIsCleaningOnceForAnyName() {
        String alphabet = "aA.. /\\:\u0000\u202e☃😀é\ud800conCON1nul.\ufffd";
        Seeds.run(3000, random -> {
            StringBuilder name = new StringBuilder();
            int length = random.nextInt(random.nextInt(20) == 0 ? 400 : 12);
            for (int i = 0; i < length; i++) {
                name.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String safe = SafeNames.clean(name.toString());
            assertThat(SafeNames.clean(safe)).isEqualTo(safe);
            assertThat(safe.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
            assertThat(safe).doesNotContain("/", "\\", "\u0000").isNotIn(".", "..");
            if (!safe.isEmpty()) {
                String numbered = SafeNames.numbered(safe, 1 + random.nextInt(1_000_000));
                assertThat(SafeNames.clean(numbered)).isEqualTo(numbered);
                assertThat(numbered.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
            }
        });
    }
}
