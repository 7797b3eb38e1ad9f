package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The promise to those who embed the engine: what they can name changes only when somebody says so. */
class ApiTest {

    private static final Path RECORD = Path.of("../docs/api.txt");

    private static final String ACCEPT =
            "mvn -q test -pl engine -am -Dtest=ApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dapi.accept=true";

    private final Api api = read();

    private static Api read() {
        try {
            return Api.of(Path.of("target/classes"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theApiIsAsRecorded() throws IOException {
        if (Boolean.getBoolean("api.accept")) {
            Files.write(RECORD, api.lines());
        }
        Set<String> now = new TreeSet<>(api.lines());
        Set<String> recorded = new TreeSet<>(Files.readAllLines(RECORD));
        List<String> changes = new ArrayList<>();
        recorded.stream().filter(line -> !now.contains(line)).forEach(line -> changes.add("- " + line));
        now.stream().filter(line -> !recorded.contains(line)).forEach(line -> changes.add("+ " + line));
        changes.sort((a, b) -> a.substring(2).compareTo(b.substring(2)));

        assertThat(changes)
                .as("The public API differs from docs/api.txt. If that is meant, also after a merge, record it with\n"
                        + "  %s\nand tell it in CHANGELOG.md.".formatted(ACCEPT))
                .isEmpty();
    }

    @Test
    void everythingThatItNamesCanBeUsed() throws IOException {
        Set<String> exported = Api.exports();

        assertThat(api.types()).isNotEmpty().allSatisfy(type -> {
            assertThat(exported).contains(type.getPackageName());
            assertThat(Api.isReachable(type)).as(type.getName()).isTrue();
        });
    }

    /** Moving bytes is the engine's own affair, and its users do not read that module. */
    @Test
    void itNamesTheJdkAndOurOwnTypesOnly() {
        assertThat(api.lines())
                .allSatisfy(line -> assertThat(Api.names(line))
                        .allMatch(name -> name.startsWith("java.") || name.startsWith("dev.spate."))
                        .noneMatch(name -> name.startsWith("dev.spate.io.")));
    }
}
