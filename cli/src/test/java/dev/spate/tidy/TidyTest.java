package dev.spate.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The rules of the house that a compiler cannot check. There is no list of exceptions: change the code, or the drawing in
 * {@code ARCHITECTURE.md} and say there why.
 */
class TidyTest {

    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("ARCHITECTURE.md");

    /** Modules that a program embeds, and that therefore need nothing but the JDK. */
    private static final List<String> EMBEDDED = List.of("wire", "core", "io", "engine");

    /** What core may not name: clocks, threads, sockets, files, and random that does not come as an argument. */
    private static final Pattern IMPURE_TYPE =
            Pattern.compile("(?<![a-z0-9_/])(java/lang/(Thread|ThreadLocal|Process|ProcessBuilder)"
                    + "|java/util/(concurrent/[\\w/]+|Timer|Random|SplittableRandom|IdentityHashMap|WeakHashMap)"
                    + "|java/net/(\\w*Socket|URL|URLConnection|NetworkInterface|http/\\w+)"
                    + "|java/nio/(channels|file)/[\\w/]+|java/io/\\w+"
                    + "|java/security/SecureRandom|java/time/Clock)\\b");

    /** Calls that bring in a clock or a random order; the unordered sets and maps would make a run unrepeatable. */
    private static final Pattern IMPURE_CALL =
            Pattern.compile("java/lang/System\\.(nanoTime|currentTimeMillis|identityHashCode|getenv|getProperty):.*"
                    + "|java/lang/Math\\.random:.*|java/util/UUID\\.randomUUID:.*|java/time/\\w+\\.now:.*"
                    + "|java/util/(Set|Map)\\.(of|ofEntries|copyOf):.*"
                    + "|java/util/Collections\\.shuffle:\\(Ljava/util/List;\\)V"
                    + "|java/util/random/RandomGenerator\\.(of|getDefault):.*");

    private static final Pattern EMPTY_WORD =
            Pattern.compile("(Impl|Manager|Utils?|Helpers?|Base|Abstract)(?![a-z0-9])");

    private static final Pattern LEFT_OVER = Pattern.compile("\\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\\b");
    private static final Pattern UNTIMELY = Pattern.compile("Thread[.]sleep|@Dis[a]bled\\b");

    private final House house = new House(ROOT);

    @Test
    void modulesRequireWhatTheDrawingShows() throws IOException {
        var required = new TreeMap<String, Set<String>>();
        for (String module : house.modulesUpTo("cli")) {
            required.put(module, house.requires(module));
            // Annotations only; needed by nobody at run time.
            required.get(module).remove("org.jspecify");
        }

        assertThat(undrawn(required, Drawing.read(PAGE, "modules"))).isEmpty();
    }

    @Test
    void packagesNeedWhatTheDrawingShows() throws IOException {
        SortedMap<String, Set<String>> needed = house.packageArrows(house.modulesUpTo("cli"));

        assertThat(undrawn(needed, Drawing.read(PAGE, "packages"))).isEmpty();
    }

    @Test
    void whatIsDrawnIsThere() throws IOException {
        List<String> modules = house.modulesUpTo("cli");

        assertThat(modules).containsAll(Drawing.read(PAGE, "modules").keySet());
        assertThat(house.packageArrows(modules).keySet())
                .containsAll(Drawing.read(PAGE, "packages").keySet());
    }

    @Test
    void neitherModulesNorPackagesGoInCircles() throws IOException {
        var modules = new TreeMap<String, Set<String>>();
        for (String module : house.modulesUpTo("cli")) {
            modules.put(module, house.requires(module));
        }

        assertThat(circle(modules)).isEmpty();
        assertThat(circle(house.packageArrows(house.modulesUpTo("cli")))).isEmpty();
        assertThat(circle(Drawing.read(PAGE, "modules"))).isEmpty();
        assertThat(circle(Drawing.read(PAGE, "packages"))).isEmpty();
    }

    @Test
    void anEmbeddedModuleNeedsNothingButTheJdk() throws IOException {
        for (String module : EMBEDDED) {
            assertThat(house.requires(module))
                    .as(module)
                    .allMatch(name -> name.matches("(java|jdk)\\..*|org\\.jspecify") || EMBEDDED.contains(name));
        }
    }

    @Test
    void coreHasNoClockNoThreadsNoFilesAndNoHiddenRandom() throws IOException {
        var found = new ArrayList<String>();
        for (House.Type type : house.types("core")) {
            type.texts().stream()
                    .filter(text -> IMPURE_TYPE.matcher(text).find())
                    .forEach(text -> found.add(type.name() + " names " + text));
            type.members().stream()
                    .filter(member -> IMPURE_CALL.matcher(member).matches())
                    .forEach(member -> found.add(type.name() + " calls " + member));
        }

        assertThat(found).isEmpty();
    }

    @Test
    void aTypeIsNamedForWhatItIs() throws IOException {
        var found = new ArrayList<String>();
        for (String module : house.modulesUpTo("cli")) {
            for (House.Type type : house.types(module)) {
                boolean prefixed = type.isInterface() && type.simpleName().matches("(.*\\$)?I[A-Z][a-z]\\w*");
                if (prefixed || EMPTY_WORD.matcher(type.simpleName()).find()) {
                    found.add(type.name());
                }
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        assertThat(linesWith(LEFT_OVER, house.sources("src"))).isEmpty();
    }

    @Test
    void testsNeitherSleepNorAreSwitchedOff() throws IOException {
        assertThat(linesWith(UNTIMELY, house.sources("src/test"))).isEmpty();
    }

    private static List<String> undrawn(Map<String, Set<String>> arrows, Map<String, Set<String>> drawn) {
        var found = new ArrayList<String>();
        arrows.forEach((from, to) -> {
            if (!drawn.containsKey(from)) {
                found.add(from);
            }
            to.stream()
                    .filter(name -> !drawn.getOrDefault(from, Set.of()).contains(name))
                    .forEach(name -> found.add(from + " -> " + name));
        });
        return found;
    }

    private static List<String> linesWith(Pattern pattern, List<Path> files) throws IOException {
        var found = new ArrayList<String>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }
        return found;
    }

    /** The names on some circle of arrows, empty if there is none: what remains when names that need nobody left are taken off. */
    private static Set<String> circle(Map<String, Set<String>> arrows) {
        var remaining = new TreeMap<String, Set<String>>();
        arrows.forEach((from, to) -> remaining.put(from, new TreeSet<>(to)));
        Deque<String> free = new ArrayDeque<>();
        remaining.values().forEach(to -> to.retainAll(remaining.keySet()));
        remaining.forEach((from, to) -> {
            if (to.isEmpty()) {
                free.add(from);
            }
        });
        while (!free.isEmpty()) {
            String gone = free.remove();
            remaining.remove(gone);
            remaining.forEach((from, to) -> {
                if (to.remove(gone) && to.isEmpty()) {
                    free.add(from);
                }
            });
        }
        return remaining.keySet();
    }
}
