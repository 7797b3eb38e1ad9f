package dev.spate.classic.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.fuzz.CommonFuzz;
import dev.spate.classic.course.fuzz.CourseMessageFuzz;
import dev.spate.classic.course.fuzz.LogFuzz;
import dev.spate.classic.course.fuzz.PeerListFuzz;
import dev.spate.classic.course.fuzz.PeerLookFuzz;
import dev.spate.classic.descriptor.DatagramsFuzz;
import dev.spate.classic.descriptor.DescriptorFuzz;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Runs the fuzz targets: over their kept inputs always, with Jazzer when asked to. The package's page tells how. */
class FuzzTest {

    static final List<Class<?>> TARGETS = List.of(
            DatagramsFuzz.class,
            DescriptorFuzz.class,
            CourseMessageFuzz.class,
            CommonFuzz.class,
            PeerListFuzz.class,
            LogFuzz.class,
            PeerLookFuzz.class);

    private static final Path KEPT = Path.of("src/test/resources/fuzz");
    private static final Path FOUND = Path.of("target/fuzz");

    /** Beyond the time for fuzzing: for starting, reading the kept inputs, and a slow machine. */
    private static final int GRACE_SECONDS = 120;

    @ParameterizedTest
    @FieldSource("TARGETS")
    void keptInputsDoNoHarm(Class<?> target) throws Throwable {
        MethodHandle test = MethodHandles.publicLookup()
                .findStatic(target, "fuzzerTestOneInput", MethodType.methodType(void.class, byte[].class));
        List<Path> inputs;
        try (Stream<Path> files = Files.list(KEPT.resolve(target.getSimpleName()))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            try {
                test.invokeExact(Files.readAllBytes(input));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("kept input " + input, e);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("TARGETS")
    @EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
    void fuzzingFindsNothing(Class<?> target) throws IOException, InterruptedException {
        int seconds = Integer.getInteger("fuzz.seconds", 60);
        Path found = Files.createDirectories(FOUND.resolve(target.getSimpleName()));
        Path inputs = Files.createDirectories(found.resolve("inputs"));
        Path log = found.resolve("log.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-enableassertions",
                        "--enable-native-access=ALL-UNNAMED",
                        "-classpath",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.getName(),
                        "--instrumentation_includes=dev.spate.**",
                        "--reproducer_path=" + found,
                        "-artifact_prefix=" + found + "/",
                        "-max_total_time=" + seconds,
                        "-timeout=10",
                        inputs.toString(),
                        KEPT.resolve(target.getSimpleName()).toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS);
            assertThat(ended).as("the fuzzer ended in time, see %s", log).isTrue();
            assertThat(process.exitValue()).as("nothing found, see %s", log).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
