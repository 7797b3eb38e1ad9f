package dev.spate.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A busy session for a long time: a hundred torrents that come, go, pause and move, honest peers of two kinds and hostile ones.
 *
 * <p>Again and again everything comes to rest, and what the process holds then is compared with what it held at rest after it had become
 * warm. So a lease, a descriptor or a thread that is lost now and then shows, as does a heap that grows.
 */
class SoakTest {
    private static final String HERE = "127.0.0.1";
    private static final long MEBIBYTE = 1 << 20;
    private static final int TORRENTS = 100;

    /** Of the whole; the shortest that says anything. */
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("spate.soak", 30));

    /** Times of rest, the first of which is for comparison. */
    private static final int RESTS = 6;

    private static final Duration STEP = Duration.ofMillis(200);

    /** Files of torrents that finished just before may be open still. */
    private static final int OPEN_FILES = 8;

    /** Threads that the virtual machine starts and ends as it likes. */
    private static final int OWN_THREADS = 4;

    private static final int PATIENCE_GLANCES = 150;

    @TempDir
    private Path home;

    private final SplittableRandom random = new SplittableRandom(6);
    private final List<Sample> samples = new ArrayList<>();
    private String[] peers = {};
    private int moves;
    private int pauses;
    private int returns;
    private int newcomers;

    @BeforeEach
    void makeSamples() throws IOException {
        for (int i = 0; i < TORRENTS; i++) {
            samples.add(Sample.make(home, "t%02d".formatted(i), 32 << 10, List.of(700_000, 1, 500_000)));
        }
    }

    @Test
    void losesNeitherMemoryNorDescriptorsNorThreads() throws Exception {
        List<Memory> rests = new ArrayList<>();
        Map<String, Long> first = new TreeMap<>();
        Path recording = home.resolve("soak.jfr");
        int port = free();
        Process transmission = transmission(port);
        try (Subject seed = start("seed", Optional.empty());
                Subject victim = start("victim", Optional.of(home.resolve("state")))) {
            for (Sample sample : samples) {
                seed.run(sample, sample.source());
            }
            peers = new String[] {HERE + ":" + seed.port(), HERE + ":" + port};
            for (Sample sample : samples) {
                victim.run(sample, folder(0), peers);
            }
            jcmd(victim, "JFR.start", "name=soak", "settings=default", "maxsize=200m");
            long begun = System.nanoTime();
            for (int rest = 1; rest <= RESTS; rest++) {
                Duration until = LENGTH.multipliedBy(rest).dividedBy(RESTS);
                busy(victim, begun + until.toNanos());
                Memory now = atRest(victim);
                rests.add(now);
                System.out.println("at rest after " + until + ": " + now);
                if (rest == 1) {
                    first.putAll(histogram(victim));
                }
                assertThat(victim.isAlive()).isTrue();
            }
            Map<String, Long> last = histogram(victim);
            jcmd(victim, "JFR.dump", "name=soak", "filename=" + recording);
            assertThat(victim.errors()).doesNotContain("SEVERE").doesNotContain("Exception in");
            assertThat(victim.lines("failed ")).isEmpty();
            System.out.printf(
                    "%d pauses, %d moves, %d torrents that went and came again, %d newcomers served%n",
                    pauses, moves, returns, newcomers);
            printGrowth(first, last);
            printRecording(recording);
            compare(rests.getFirst(), rests.getLast());
        } finally {
            transmission.destroyForcibly().waitFor();
        }
    }

    private static void compare(Memory warm, Memory end) {
        String what = "soak of " + LENGTH.toSeconds() + " s, at rest: ";
        show(what + "leased memory of pieces", "0", end.leased(), end.leased() == 0);
        int descriptors = end.descriptors() - warm.descriptors();
        show(what + "more descriptors than when warm", "at most " + OPEN_FILES, descriptors, descriptors <= OPEN_FILES);
        int threads = end.threads() - warm.threads();
        show(what + "more threads than when warm", "at most " + OWN_THREADS, threads, threads <= OWN_THREADS);
        showGrowth(what + "live heap above that when warm", 2, end.heap() - warm.heap());
        showGrowth(what + "direct memory above that when warm", 4, end.direct() - warm.direct());
        showGrowth(what + "resident memory above that when warm", 16, end.resident() - warm.resident());
    }

    private static void showGrowth(String what, int mebibytes, long bytes) {
        Figures.show(
                what,
                TORRENTS,
                "at most " + mebibytes + " MiB",
                "%.1f MiB".formatted(Memory.mebibytes(bytes)),
                bytes <= mebibytes * MEBIBYTE);
    }

    private static void show(String what, String asked, long reached, boolean holds) {
        Figures.show(what, TORRENTS, asked, Long.toString(reached), holds);
    }

    // ------------------------------------------------------------------ what goes on

    /** Churn among strangers of all kinds, until the moment. */
    private void busy(Subject victim, long until) throws Exception {
        Sample shop = samples.getFirst();
        Sample market = samples.get(1);
        try (var storm = new Storm(victim.port())) {
            Takers.beginUnfinished(storm, shop, new ConcurrentLinkedQueue<>());
            Liars.begin(storm, market);
            long newcomer = System.nanoTime();
            while (System.nanoTime() < until) {
                disturb(victim);
                if (System.nanoTime() > newcomer) {
                    serveNewcomer(victim);
                    newcomer = System.nanoTime() + Duration.ofSeconds(10).toNanos();
                }
                Stranger.rest(STEP);
            }
        }
    }

    /** Does one thing to one torrent. */
    private void disturb(Subject victim) throws IOException {
        Sample sample = samples.get(random.nextInt(1, TORRENTS));
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                victim.tell("pause", sample.name());
                victim.tell("resume", samples.get(random.nextInt(TORRENTS)).name());
                pauses++;
            }
            case 2 -> {
                victim.tell("resume", sample.name());
                victim.tell("move", sample.name(), folder(random.nextInt(3)).toString());
                moves++;
            }
            default -> {
                victim.ask("forget", sample.name());
                victim.run(sample, folder(random.nextInt(3)), peers);
                returns++;
            }
        }
    }

    private void serveNewcomer(Subject victim) throws IOException {
        Path folder = home.resolve("newcomer");
        Sample shop = samples.getFirst();
        victim.tell("resume", shop.name());
        victim.await("completed " + shop.name());
        try (Subject newcomer = start("newcomer", Optional.empty())) {
            newcomer.run(shop, folder, HERE + ":" + victim.port());
            newcomer.await("completed " + shop.name());
            assertThat(shop.isWhole(folder)).isTrue();
        }
        Sample.delete(folder);
        newcomers++;
    }

    /** Everything pauses, and the strangers have gone; what is held then. */
    private Memory atRest(Subject victim) {
        for (Sample sample : samples) {
            victim.tell("pause", sample.name());
        }
        for (Sample sample : samples) {
            for (int i = 0; !victim.ask("stats", sample.name()).endsWith("state=PAUSED"); i++) {
                assertThat(i)
                        .as(() -> String.join(
                                "\n",
                                victim.lines().stream()
                                        .filter(line ->
                                                line.contains(" " + sample.name() + " ") && !line.startsWith("stats "))
                                        .toList()
                                        .reversed()
                                        .subList(0, 12)))
                        .isLessThan(PATIENCE_GLANCES);
                Stranger.rest(STEP);
            }
        }
        // What was closed a moment ago is given back a moment later.
        Stranger.rest(Duration.ofSeconds(2));
        return Memory.of(victim);
    }

    // ------------------------------------------------------------------ looks from outside

    /** Live bytes of each class. */
    private static Map<String, Long> histogram(Subject subject) throws Exception {
        Map<String, Long> bytes = new TreeMap<>();
        jcmd(subject, "GC.class_histogram").lines().forEach(line -> {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 4 && words[0].endsWith(":")) {
                bytes.merge(words[3], Long.parseLong(words[2]), Long::sum);
            }
        });
        return bytes;
    }

    private static void printGrowth(Map<String, Long> first, Map<String, Long> last) {
        System.out.println("live bytes that are more than when warm, by class:");
        last.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue() - first.getOrDefault(entry.getKey(), 0L)))
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(10)
                .forEach(entry -> System.out.printf("  %,10d  %s%n", entry.getValue(), entry.getKey()));
    }

    /** The heap after collections, in twelve parts of the time; the least of each part is what is alive. */
    private static void printRecording(Path recording) throws IOException {
        var heaps = new TreeMap<Long, Long>();
        for (var event : RecordingFile.readAllEvents(recording)) {
            if (event.getEventType().getName().equals("jdk.GCHeapSummary")
                    && event.getString("when").equals("After GC")) {
                heaps.put(event.getStartTime().toEpochMilli(), event.getLong("heapUsed"));
            }
        }
        if (heaps.isEmpty()) {
            return;
        }
        long from = heaps.firstKey();
        long part = Math.max(1, (heaps.lastKey() - from) / 12);
        Map<Long, Long> least = heaps.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> (entry.getKey() - from) / part, Map.Entry::getValue, Math::min, TreeMap::new));
        System.out.println("recorded: heap after " + heaps.size() + " collections, the least of each twelfth: "
                + least.values().stream()
                        .map(bytes -> "%.1f".formatted(Memory.mebibytes(bytes)))
                        .collect(Collectors.joining(", "))
                + " MiB");
    }

    private static String jcmd(Subject subject, String... words) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(subject.handle().pid())));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    // ------------------------------------------------------------------ who takes part

    private Path folder(int number) {
        return home.resolve("place" + number);
    }

    private Subject start(String name, Optional<Path> state) throws IOException {
        return Subject.start(HERE, state, home.resolve(name + ".log"));
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A client of others that seeds all. */
    private Process transmission(int port) throws IOException {
        Path watched = Files.createDirectory(home.resolve("watched"));
        for (Sample sample : samples) {
            Files.copy(sample.file(), watched.resolve(sample.name() + ".torrent"));
        }
        Path config = Files.createDirectory(home.resolve("transmission"));
        Files.writeString(config.resolve("settings.json"), """
                {
                  "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1", "peer-port": %d,
                  "peer-port-random-on-start": false, "port-forwarding-enabled": false, "rpc-enabled": false,
                  "download-dir": "%s", "incomplete-dir-enabled": false, "rename-partial-files": false,
                  "watch-dir": "%s", "watch-dir-enabled": true, "trash-original-torrent-files": false,
                  "dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false,
                  "ratio-limit-enabled": false, "idle-seeding-limit-enabled": false, "message-level": 1,
                  "download-queue-enabled": false, "seed-queue-enabled": false
                }
                """.formatted(
                        port, samples.getFirst().source(), watched));
        return new ProcessBuilder("transmission-daemon", "--foreground", "--config-dir", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("transmission.log").toFile())
                .start();
    }
}
