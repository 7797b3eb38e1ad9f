package dev.spate.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That {@code docs/seeds.md} names tests that there are. */
class SeedsPageTest {
    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/seeds.md");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)(?:\\.(\\w+))?`");

    @Test
    void eachTestThatIsNamedExists() throws IOException {
        Map<String, List<String>> sources = tests();
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED.matcher(Files.readString(PAGE));
        int found = 0;
        while (named.find()) {
            found++;
            String method = named.group(2);
            Pattern declared = Pattern.compile(
                    method == null ? "class " + named.group(1) + " " : "\\b" + Pattern.quote(method) + "\\(");
            if (sources.getOrDefault(named.group(1), List.of()).stream()
                    .noneMatch(source -> declared.matcher(source).find())) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).as("tests that are named").isGreaterThan(80);
    }

    /** The source of each test class, by its simple name, which some share. */
    private static Map<String, List<String>> tests() throws IOException {
        Map<String, List<String>> sources = new LinkedHashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path folder : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList()) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.filter(path -> path.toString().endsWith("Test.java"))
                            .sorted()
                            .toList()) {
                        String name = file.getFileName().toString().replace(".java", "");
                        sources.computeIfAbsent(name, _ -> new ArrayList<>()).add(Files.readString(file));
                    }
                }
            }
        }
        return sources;
    }
}
