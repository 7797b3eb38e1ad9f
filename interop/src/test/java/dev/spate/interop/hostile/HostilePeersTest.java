package dev.spate.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.interop.own.Figures;
import dev.spate.interop.own.Relay;
import dev.spate.interop.own.Sample;
import dev.spate.interop.own.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One process of Spate that seeds one torrent and downloads another, with every hostile peer we could think of at both at once.
 * Honest ones must be served meanwhile, and afterwards nothing may be left of it but the bans.
 */
class HostilePeersTest {
    private static final String HERE = "127.0.0.1";
    private static final long MEBIBYTE = 1 << 20;

    /** Files of each torrent. */
    private static final int FILES = 2;

    /** Connections that come and go at any time. */
    private static final int CALLS = 2;

    /** By how much memory may grow in the storm. */
    private static final long FLAT = 16 * MEBIBYTE;

    /** How long an unfinished handshake is borne while there is room. */
    private static final Duration HANDSHAKE_SHORTEST = Duration.ofSeconds(8);

    private static final Duration HANDSHAKE_LONGEST = Duration.ofSeconds(10);

    /** The rate of the one honest seed, so that the liars have time to lie. */
    private static final long HONEST_RATE = 2_000_000;

    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final int PATIENCE_GLANCES = 200;

    private static final Duration GUST = Duration.ofSeconds(20);

    private static final Duration STORM = Duration.ofSeconds(40);

    @TempDir
    private Path home;

    @Test
    void servesTheHonestAndKeepsItsShapeInAStormOfHostilePeers() throws Exception {
        Sample calm = sample("calm", 32);
        Sample shop = sample("shop", 48);
        Sample market = sample("market", 24);
        Queue<Duration> unfinished = new ConcurrentLinkedQueue<>();
        try (Subject honest = start("honest");
                Subject victim = start("victim");
                var road = new Relay(honest.port(), HONEST_RATE)) {
            for (Sample sample : List.of(calm, market)) {
                honest.run(sample, sample.source());
            }
            victim.run(shop, shop.source());
            victim.run(calm, home.resolve("victim"), HERE + ":" + honest.port());
            victim.await("completed calm");
            serveNewcomer(victim, shop, "before");
            Memory calmly = Memory.of(victim);
            gust(victim, shop, calmly);
            Memory before = Memory.of(victim);
            var watch = new Watch(victim.handle().pid());
            Duration served;
            Duration got;
            Storm storm = new Storm(victim.port());
            try (storm;
                    watch) {
                long begun = System.nanoTime();
                Takers.begin(storm, shop, unfinished);
                Liars.begin(storm, market);
                Liars.beginGossip(storm, market);
                victim.run(market, home.resolve("victim"), road.address());
                Stranger.rest(Duration.ofSeconds(5));
                served = serveNewcomer(victim, shop, "during");
                victim.await("completed market");
                got = Duration.ofNanos(System.nanoTime() - begun);
                assertThat(market.isWhole(home.resolve("victim"))).isTrue();
                Stranger.rest(STORM.minus(got));
                assertThat(victim.isAlive()).isTrue();
            }
            Memory after = Memory.settled(victim, before);
            print(storm, calmly, before, after, watch, unfinished, served, got, victim);

            assertThat(storm.surprises()).isEmpty();
            assertThat(victim.errors()).as("bugs").doesNotContain("SEVERE").doesNotContain("Exception in");
            assertThat(unfinished).isNotEmpty().allMatch(borne -> borne.compareTo(HANDSHAKE_LONGEST) < 0);
            assertThat(victim.lines("banned ")).noneMatch(line -> line.contains(" " + HERE + ":"));
            for (String liar : corruptAddresses()) {
                assertThat(victim.lines("banned market " + liar + ":")).as(liar).isNotEmpty();
            }
            // The files of what was downloaded meanwhile may be open still, and an honest peer may just have called.
            assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + FILES + CALLS);
            assertThat(after.direct() - before.direct()).as("direct memory").isLessThan(FLAT);
            long strangers =
                    storm.plays().values().stream().mapToInt(AtomicInteger::get).sum();
            long grown = watch.most() - before.resident();
            Figures.show(
                    "storm of hostile peers: memory above what it was before, at most",
                    strangers,
                    "16 MiB",
                    "%.1f MiB".formatted(Memory.mebibytes(grown)),
                    grown < FLAT);
            Figures.show(
                    "storm of hostile peers: honest ones banned; corrupt ones not banned",
                    strangers,
                    "0; 0",
                    "0; 0, a newcomer got 48 MiB in %.1f s, five liars and one seed gave 24 MiB in %.1f s"
                            .formatted(served.toMillis() / 1000.0, got.toMillis() / 1000.0),
                    true);
            assertThat(victim.terminate()).isEqualTo(143);
        }
    }

    @Test
    void closesHandshakesThatAreNeverFinished() throws Exception {
        Sample sample = sample("hall", 2);
        Queue<Duration> unfinished = new ConcurrentLinkedQueue<>();
        List<Duration> borne;
        try (Subject victim = start("host");
                var mute = new ServerSocket(0, 1, InetAddress.getByName("127.3.0.1"))) {
            victim.run(sample, home.resolve("hall"), "127.3.0.1:" + mute.getLocalPort());
            try (var storm = new Storm(victim.port())) {
                Takers.beginUnfinished(storm, sample, unfinished);
                // It dialed somebody who does not say a word.
                victim.await("disconnected hall 127.3.0.1:" + mute.getLocalPort() + " no handshake in time");
                for (int i = 0; i < PATIENCE_GLANCES && unfinished.size() < Takers.UNFINISHED; i++) {
                    Stranger.rest(GLANCE);
                }
                borne = List.copyOf(unfinished);
            }
        }
        assertThat(borne)
                .hasSizeGreaterThanOrEqualTo(Takers.UNFINISHED)
                .allMatch(each -> each.compareTo(HANDSHAKE_SHORTEST) > 0);
        Duration longest = Collections.max(borne);
        Figures.show(
                "handshakes that are never finished: closed after, at most",
                borne.size(),
                "10 s",
                "%.2f s".formatted(longest.toMillis() / 1000.0),
                longest.compareTo(HANDSHAKE_LONGEST) < 0);
    }

    /** A short storm, so that what hostile peers make the machine compile and allocate once is not taken for a leak. */
    private static void gust(Subject victim, Sample sample, Memory calmly) throws IOException {
        try (var storm = new Storm(victim.port())) {
            Takers.begin(storm, sample, new ConcurrentLinkedQueue<>());
            Stranger.rest(GUST);
        }
        Memory.settled(victim, calmly);
    }

    private Sample sample(String name, int mebibytes) throws IOException {
        return Sample.make(home, name, 64 << 10, Collections.nCopies(FILES, (mebibytes << 20) / FILES));
    }

    private Subject start(String name) throws IOException {
        return Subject.start(HERE, Optional.empty(), home.resolve(name + ".log"));
    }

    /** An honest leech comes and gets everything; returns how long it took from its dial. */
    private Duration serveNewcomer(Subject victim, Sample sample, String when) throws IOException {
        Path folder = home.resolve("newcomer-" + when);
        try (Subject newcomer = start("newcomer")) {
            newcomer.add(sample, folder, HERE + ":" + victim.port());
            long begun = System.nanoTime();
            newcomer.tell("resume", sample.name());
            newcomer.await("completed " + sample.name());
            assertThat(sample.isWhole(folder)).isTrue();
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    private static List<String> corruptAddresses() {
        return IntStream.rangeClosed(1, Liars.CORRUPT)
                .mapToObj(i -> Liars.CORRUPT_NETWORK + i)
                .toList();
    }

    private static void print(
            Storm storm,
            Memory calmly,
            Memory before,
            Memory after,
            Watch watch,
            Queue<Duration> unfinished,
            Duration served,
            Duration got,
            Subject victim) {
        var out = new StringBuilder("storm:\n");
        storm.plays().forEach((kind, times) -> out.append("  %5d x %s%n".formatted(times.get(), kind)));
        out.append("  memory calmly: ")
                .append(calmly)
                .append("\n  memory before: ")
                .append(before)
                .append("\n  memory after:  ")
                .append(after);
        out.append("\n  resident at most %.1f MiB%n".formatted(watch.most() / (double) MEBIBYTE));
        if (!unfinished.isEmpty()) {
            out.append("  %d unfinished handshakes, borne %d ms at most%n"
                    .formatted(unfinished.size(), Collections.max(unfinished).toMillis()));
        }
        out.append("  newcomer served in %d ms; own download done in %d ms%n"
                .formatted(served.toMillis(), got.toMillis()));
        out.append("  ").append(victim.ask("stats", "market"));
        victim.lines("banned ").forEach(line -> out.append("\n  ").append(line));
        System.out.println(out);
        storm.surprises().forEach((kind, surprise) -> System.out.println("  surprise: " + kind + ": " + surprise));
    }
}
