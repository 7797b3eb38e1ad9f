package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spate.core.choke.Choking;
import dev.spate.core.choke.Trading;
import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.QueueLimits;
import dev.spate.core.queue.QueueMove;
import dev.spate.core.queue.SeedLimit;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which torrents of a real session run, how long they seed, and to how many peers they talk. */
@Timeout(120)
class RulesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    // ------------------------------------------------------------------ the queue

    @Test
    void onlySoManyDownloadAndTheOthersFollowInTheirOrder() throws Exception {
        try (Session session = session()) {
            session.rules().setQueueLimits(new QueueLimits(2, 1, 0));
            List<Torrent> torrents = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                torrents.add(download(session, "file" + i));
            }
            awaitStates(
                    torrents,
                    TorrentState.DOWNLOADING,
                    TorrentState.DOWNLOADING,
                    TorrentState.QUEUED,
                    TorrentState.QUEUED);
            assertThat(torrents).extracting(Torrent::queuePosition).containsExactly(0, 1, 2, 3);

            torrents.get(3).rules().moveInQueue(QueueMove.TOP);
            assertThat(torrents).extracting(Torrent::queuePosition).containsExactly(1, 2, 3, 0);
            awaitStates(
                    torrents,
                    TorrentState.DOWNLOADING,
                    TorrentState.QUEUED,
                    TorrentState.QUEUED,
                    TorrentState.DOWNLOADING);

            torrents.get(2).forceStart();
            awaitStates(
                    torrents,
                    TorrentState.DOWNLOADING,
                    TorrentState.QUEUED,
                    TorrentState.DOWNLOADING,
                    TorrentState.DOWNLOADING);
            assertThat(torrents.get(2).rules().isForced()).isTrue();

            torrents.get(2).pause();
            torrents.get(3).pause();
            awaitStates(
                    torrents,
                    TorrentState.DOWNLOADING,
                    TorrentState.DOWNLOADING,
                    TorrentState.PAUSED,
                    TorrentState.PAUSED);
            assertThat(torrents.get(2).rules().isForced()).isFalse();

            torrents.get(3).resume();
            torrents.get(2).resume();
            await(() -> torrents.get(2).state() == TorrentState.QUEUED);

            session.rules().setQueueLimits(QueueLimits.NONE);
            awaitStates(
                    torrents,
                    TorrentState.DOWNLOADING,
                    TorrentState.DOWNLOADING,
                    TorrentState.DOWNLOADING,
                    TorrentState.DOWNLOADING);

            session.remove(torrents.get(0), false).get(60, TimeUnit.SECONDS);
            assertThat(torrents).extracting(Torrent::queuePosition).containsExactly(-1, 1, 2, 0);
        }
    }

    @Test
    void whatIsCompleteTakesThePlaceOfASeed() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            leech.rules().setQueueLimits(new QueueLimits(1, 0, 0));
            Payload payload = Payload.file("file.bin", 500_000, 1 << 15);
            seed(seed, payload);
            Torrent next = leech.add(
                    payload.metainfo(),
                    AddOptions.into(folder.resolve("leech"))
                            .withoutTrackers()
                            .withPeers(List.of(
                                    PeerAddress.of(seed.listenAddresses().getFirst()))));
            // Whoever is looked at first begins first, and is not stopped for a minute.
            await(() -> next.state() != TorrentState.CHECKING);
            Torrent waiting = download(leech, "other");

            assertThat(next.awaitCompletion(PATIENCE)).isTrue();
            awaitStates(List.of(next, waiting), TorrentState.QUEUED, TorrentState.DOWNLOADING);

            next.recheck();
            leech.rules().setQueueLimits(new QueueLimits(1, 1, 0));
            awaitStates(List.of(next, waiting), TorrentState.SEEDING, TorrentState.DOWNLOADING);
        }
    }

    // ------------------------------------------------------------------ seeding

    @Test
    void aTorrentRestsWhenItHasSeededEnough() throws Exception {
        Payload payload = Payload.file("file.bin", 500_000, 1 << 15);
        try (Session seed = session();
                Session leech = session()) {
            LinkedBlockingQueue<Event.SeedLimitReached> reached = reports(seed);
            Torrent torrent = seed(seed, payload);
            torrent.rules()
                    .setSeedLimits(new SeedLimits(
                            OptionalDouble.of(1), Optional.empty(), Optional.empty(), AfterSeeding.PAUSE));
            Torrent download = leech.add(
                    payload.metainfo(),
                    AddOptions.into(folder.resolve("leech"))
                            .withoutTrackers()
                            .withPeers(List.of(
                                    PeerAddress.of(seed.listenAddresses().getFirst()))));
            assertThat(download.awaitCompletion(PATIENCE)).isTrue();

            assertThat(reached.poll(60, TimeUnit.SECONDS))
                    .isEqualTo(new Event.SeedLimitReached(torrent, SeedLimit.RATIO, AfterSeeding.PAUSE));
            await(() -> torrent.state() == TorrentState.PAUSED);
            assertThat(torrent.stats().uploaded()).isGreaterThanOrEqualTo(500_000);

            // Who resumes it wants it to seed.
            torrent.resume();
            await(() -> torrent.state() == TorrentState.SEEDING);
            torrent.rules().setSeedLimits(SeedLimits.NONE);
            assertThat(torrent.rules().seedLimits()).isEqualTo(SeedLimits.NONE);
            assertThat(reached).isEmpty();
        }
    }

    @Test
    void theSessionsLimitsHoldForThoseWithoutTheirOwn() throws Exception {
        try (Session session = session()) {
            LinkedBlockingQueue<Event.SeedLimitReached> reached = reports(session);
            Torrent keeps = seed(session, Payload.file("keeps", 100_000, 1 << 15));
            Torrent goes = seed(session, Payload.file("goes", 100_001, 1 << 15));
            keeps.rules().setSeedLimits(SeedLimits.NONE);

            session.rules()
                    .setSeedLimits(new SeedLimits(
                            OptionalDouble.empty(),
                            Optional.empty(),
                            Optional.of(Duration.ofMillis(100)),
                            AfterSeeding.REMOVE));

            assertThat(reached.poll(60, TimeUnit.SECONDS))
                    .isEqualTo(new Event.SeedLimitReached(goes, SeedLimit.IDLE, AfterSeeding.REMOVE));
            await(() -> goes.state() == TorrentState.REMOVED);
            assertThat(session.torrents()).containsExactly(keeps);
            assertThat(folder.resolve("seed/goes")).exists();

            session.rules()
                    .setSeedLimits(new SeedLimits(
                            OptionalDouble.empty(),
                            Optional.of(Duration.ofMillis(1)),
                            Optional.empty(),
                            AfterSeeding.NOTHING));
            keeps.rules().seedAsSessionSays();
            assertThat(reached.poll(60, TimeUnit.SECONDS))
                    .isEqualTo(new Event.SeedLimitReached(keeps, SeedLimit.TIME, AfterSeeding.NOTHING));
            assertThat(keeps.state()).isEqualTo(TorrentState.SEEDING);
        }
    }

    // ------------------------------------------------------------------ connections

    @Test
    void connectionsAreClosedWhenThereMayBeFewer() throws Exception {
        Payload payload = Payload.file("file.bin", 500_000, 1 << 15);
        List<Session> leeches = new ArrayList<>();
        try (Session seed = session()) {
            Torrent torrent = seed(seed, payload);
            for (int i = 0; i < 5; i++) {
                Session leech = session();
                leeches.add(leech);
                // Limited, so that they stay.
                leech.setLimits(new RateLimits(10_000, 10_000));
                leech.add(
                        payload.metainfo(),
                        AddOptions.into(folder.resolve("leech" + i))
                                .withoutTrackers()
                                .withPeers(List.of(
                                        PeerAddress.of(seed.listenAddresses().getFirst()))));
            }
            await(() -> torrent.stats().peers() == 5);

            torrent.rules().setUploadSlots(2);
            await(() ->
                    torrent.peers().stream().filter(peer -> !peer.weChokePeer()).count() == 2);
            seed.rules().setUploadSlots(5);
            torrent.rules().setUploadSlots(0);
            await(() ->
                    torrent.peers().stream().filter(peer -> !peer.weChokePeer()).count() == 5);

            seed.rules().setMaxConnections(2, 50);
            await(() -> seed.stats().connections() <= 2);
            torrent.rules().setMaxConnections(1);
            await(() -> seed.stats().connections() <= 1);
            assertThatIllegalArgumentException().isThrownBy(() -> seed.rules().setMaxConnections(0, 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> torrent.rules().setUploadSlots(-1));
        } finally {
            leeches.forEach(Session::close);
        }
    }

    // ------------------------------------------------------------------ to whom it gives

    /** Two leeches with a half each: what one gets, the other gives, within the allowance that its rule makes. */
    @ParameterizedTest
    @EnumSource(Trading.class)
    void tradesByEachRule(Trading rule) throws Exception {
        Payload payload = Payload.file("file.bin", 600_000, 1 << 15);
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.write(first.resolve("file.bin"), Arrays.copyOf(payload.content(), 9 << 15));
        byte[] end = payload.content().clone();
        Arrays.fill(end, 0, 9 << 15, (byte) 0);
        Files.write(second.resolve("file.bin"), end);
        try (Session one = session();
                Session other = session()) {
            one.rules().setChoking(Choking.DEFAULT.withTrading(rule));
            Torrent there = one.add(payload.metainfo(), AddOptions.into(first).withoutTrackers());
            Torrent here = other.add(
                    payload.metainfo(),
                    AddOptions.into(second)
                            .withoutTrackers()
                            .withPeers(
                                    List.of(PeerAddress.of(one.listenAddresses().getFirst()))));
            here.rules().setChoking(Choking.DEFAULT.withTrading(rule));
            assertThat(there.awaitCompletion(PATIENCE)).isTrue();
            assertThat(here.awaitCompletion(PATIENCE)).isTrue();

            assertThat(payload.isIn(first)).isTrue();
            assertThat(payload.isIn(second)).isTrue();
            assertThat(there.rules().choking().trading()).isEqualTo(rule);
            here.rules().chokeAsSessionSays();
            assertThat(here.rules().choking()).isEqualTo(Choking.DEFAULT);
        }
    }

    // ------------------------------------------------------------------ how it seeds

    @Test
    void aSuperSeedSendsEveryPieceOnceToALoneLeechAndEndsThen() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            Payload payload = Payload.file("file.bin", 500_000, 1 << 15);
            LinkedBlockingQueue<Event.CopyOut> reports = new LinkedBlockingQueue<>();
            var _ = seed.subscribe(event -> {
                if (event instanceof Event.CopyOut out) {
                    reports.add(out);
                }
            });
            Torrent torrent = seed.add(
                    payload.metainfo(),
                    AddOptions.into(payload.writeTo(folder.resolve("seed")))
                            .withoutTrackers()
                            .withSuperSeeding(true));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThat(torrent.rules().isSuperSeeding()).isTrue();

            Torrent got = leech.add(
                    payload.metainfo(),
                    AddOptions.into(folder.resolve("leech"))
                            .withoutTrackers()
                            .withPeers(List.of(
                                    PeerAddress.of(seed.listenAddresses().getFirst()))));
            assertThat(got.awaitCompletion(PATIENCE)).isTrue();
            assertThat(reports.poll(60, TimeUnit.SECONDS)).isEqualTo(new Event.CopyOut(torrent));
            assertThat(torrent.rules().isSuperSeeding()).isFalse();
            assertThat(torrent.stats().uploaded()).isEqualTo(500_000);

            torrent.rules().setSuperSeeding(true);
            await(() -> torrent.rules().isSuperSeeding());
            torrent.rules().setSuperSeeding(false);
            await(() -> !torrent.rules().isSuperSeeding());
        }
    }

    private static LinkedBlockingQueue<Event.SeedLimitReached> reports(Session session) {
        LinkedBlockingQueue<Event.SeedLimitReached> reports = new LinkedBlockingQueue<>();
        var _ = session.subscribe(event -> {
            if (event instanceof Event.SeedLimitReached reached) {
                reports.add(reached);
            }
        });
        return reports;
    }

    private static void awaitStates(List<Torrent> torrents, TorrentState... states) {
        await(() -> torrents.stream().map(Torrent::state).toList().equals(List.of(states)));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it does not come about").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private Torrent download(Session session, String name) {
        Payload payload = Payload.file(name, 100_000 + name.hashCode() % 1000, 1 << 15);
        Torrent torrent = session.add(
                payload.metainfo(), AddOptions.into(folder.resolve("downloads")).withoutTrackers());
        await(() -> torrent.state() != TorrentState.CHECKING);
        return torrent;
    }

    private Torrent seed(Session session, Payload payload) throws Exception {
        Torrent torrent = session.add(
                payload.metainfo(),
                AddOptions.into(payload.writeTo(folder.resolve("seed"))).withoutTrackers());
        assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
        return torrent;
    }

    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    }
}
