package dev.spate.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Runs a module's fuzz targets: over their kept inputs always, with Jazzer when asked to. The package's page tells how. */
public abstract class FuzzTargets {
    private static final Path KEPT = Path.of("src/test/resources/fuzz");
    private static final Path FOUND = Path.of("target/fuzz");

    /** Beyond the time for fuzzing: for starting, reading the kept inputs, and a slow machine. */
    private static final int GRACE_SECONDS = 120;

    private final List<Class<?>> targets;

    /** @param targets all of the module */
    protected FuzzTargets(List<Class<?>> targets) {
        this.targets = List.copyOf(targets);
    }

    @TestFactory
    final Stream<DynamicTest> keptInputsDoNoHarm() {
        return targets.stream().map(target -> DynamicTest.dynamicTest(target.getSimpleName(), () -> replay(target)));
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
    final void fuzzingFindsNothing() throws InterruptedException {
        List<Callable<String>> runs = targets.stream()
                .<Callable<String>>map(target -> () -> fuzz(target))
                .toList();
        List<String> harm = new ArrayList<>();
        try (ExecutorService all =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Future<String> run : all.invokeAll(runs)) {
                try {
                    if (!run.get().isEmpty()) {
                        harm.add(run.get());
                    }
                } catch (ExecutionException e) {
                    throw new AssertionError("a target could not be run", e.getCause());
                }
            }
        }
        assertThat(harm).isEmpty();
    }

    private static void replay(Class<?> target) throws Throwable {
        MethodHandle test = MethodHandles.publicLookup()
                .findStatic(target, "fuzzerTestOneInput", MethodType.methodType(void.class, byte[].class));
        List<Path> inputs;
        try (Stream<Path> files = Files.list(kept(target))) {
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

    /** Returns what it found; nothing is empty. */
    private static String fuzz(Class<?> target) throws IOException, InterruptedException {
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
                        kept(target).toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
                return target.getSimpleName() + " did not end in time, see " + log;
            }
            return process.exitValue() == 0 ? "" : target.getSimpleName() + " was harmed, see " + log;
        } finally {
            process.destroyForcibly();
        }
    }

    private static Path kept(Class<?> target) {
        return KEPT.resolve(target.getSimpleName());
    }
}
