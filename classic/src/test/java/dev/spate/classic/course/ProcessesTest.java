package dev.spate.classic.course;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.setup.PeerLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole networks of real processes on the loopback interface; one of them killed and started again. */
@Timeout(120)
class ProcessesTest {
    @TempDir
    private Path home;

    private final Map<Integer, Process> processes = new LinkedHashMap<>();

    @AfterEach
    void endThem() {
        processes.values().forEach(Process::destroyForcibly);
    }

    private void start(int id) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-classpath",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PeerProgram.class.getName(),
                        home.toString(),
                        Integer.toString(id))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("out-" + id + ".txt").toFile()))
                .start();
        processes.put(id, process);
    }

    private void startAll(CourseSetup setup) throws IOException {
        for (PeerLine line : setup.peers().peers()) {
            start(line.id());
        }
    }

    private void assertAllEndWell(CourseSetup setup) throws Exception {
        for (Map.Entry<Integer, Process> each : processes.entrySet()) {
            assertThat(each.getValue().waitFor(90, TimeUnit.SECONDS))
                    .as("peer %d ends by itself", each.getKey())
                    .isTrue();
            assertThat(each.getValue().exitValue())
                    .as("peer %d: %s", each.getKey(), Files.readString(home.resolve("out-" + each.getKey() + ".txt")))
                    .isZero();
        }
        byte[] content = CourseFolder.content(setup.common().layout().totalLength());
        for (PeerLine line : setup.peers().peers()) {
            assertThat(setup.file(line.id())).hasBinaryContent(content);
            assertThat(setup.peerFolder(line.id())).isDirectoryNotContaining("glob:**.part*");
        }
        assertThat(RunLogs.check(setup).findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3, 1, 64", "5, 2, 1484"})
    void everyProcessGetsTheFileAndEndsWithZero(int peers, int seeds, int pieces) throws Exception {
        CourseSetup setup = CourseFolder.make(home, peers, seeds, pieces);
        startAll(setup);
        assertAllEndWell(setup);
    }

    @Test
    void oneIsKilledMidwayAndGoesOnAfterItsRestart() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 6, 1, 4000);
        startAll(setup);
        Path log = setup.log(1003);
        awaitLine(log, "Now the number of pieces it has is 200.");
        Process victim = Objects.requireNonNull(processes.get(1003));
        victim.destroyForcibly().waitFor();
        start(1003);

        assertAllEndWell(setup);
        long downloads;
        try (var lines = Files.lines(log)) {
            downloads = lines.filter(line -> line.contains(" has downloaded the piece "))
                    .count();
        }
        assertThat(downloads)
                .as("no piece was fetched twice, but one that was being logged")
                .isBetween(3900L, 4010L);
    }

    private static void awaitLine(Path log, String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(log) || !Files.readString(log).contains(text)) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
