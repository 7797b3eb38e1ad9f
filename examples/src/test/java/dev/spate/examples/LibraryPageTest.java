package dev.spate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every piece of code in {@code docs/library.md} is taken from an example, line by line, so that it compiles and runs. */
class LibraryPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern JAVA = Pattern.compile("(?s)```java\\n(.*?)```");
    private static final List<Path> SOURCES =
            List.of(ROOT.resolve("examples/src/main/java"), ROOT.resolve("examples/sample/src/main/java"));

    @Test
    void whatThePageShowsIsInAnExample() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/library.md"));
        List<String> shown =
                JAVA.matcher(page).results().map(found -> found.group(1)).toList();
        String examples = flat(sources());

        assertThat(shown)
                .hasSizeGreaterThan(10)
                .allSatisfy(code -> assertThat(examples).contains(flat(code)));
    }

    @Test
    void everyExampleIsOnThePage() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/library.md"));
        Pattern program = Pattern.compile("final class (\\w+) \\{\\s+private \\w+\\(\\) \\{}\\s+/\\*\\* \\{@code");

        assertThat(program.matcher(sources()).results().map((MatchResult it) -> it.group(1) + ".java"))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains(name));
    }

    private static String sources() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(it -> it.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    text.append(Files.readString(file)).append('\n');
                }
            }
        }
        return text.toString();
    }

    /** Without the indentation, which is not the same on the page. */
    private static String flat(String code) {
        return "\n"
                + code.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .reduce("", (a, b) -> a + b + "\n");
    }
}
