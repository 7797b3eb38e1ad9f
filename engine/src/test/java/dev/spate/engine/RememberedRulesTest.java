package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Choking;
import dev.spate.core.choke.Trading;
import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.QueueLimits;
import dev.spate.core.queue.QueueMove;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the user said of a torrent holds in the next session, too. */
@Timeout(120)
class RememberedRulesTest {
    private static final RateLimits LIMITS = new RateLimits(50_000, 60_000);
    private static final SeedLimits SEED_LIMITS = new SeedLimits(
            OptionalDouble.of(2.5), Optional.empty(), Optional.of(Duration.ofHours(2)), AfterSeeding.PAUSE);

    private static final Choking CHOKING = new Choking(Trading.PROP_SHARE, ChokeStrategy.ANTI_LEECH);

    @TempDir
    private Path folder;

    @Test
    void rulesHoldInTheNextSession() {
        try (Session session = session()) {
            Torrent torrent = add(session, "file");
            torrent.setLimits(LIMITS);
            torrent.rules().setPeerLimits(LIMITS.withUp(7));
            torrent.rules().setGroup("films");
            torrent.rules().setChoking(CHOKING);
            torrent.rules().setSuperSeeding(true);
            torrent.rules().setSeedLimits(SEED_LIMITS);
            Waiting.until(() -> torrent.state() == TorrentState.DOWNLOADING);
        }
        try (Session session = session()) {
            Torrent torrent = add(session, "file");
            Waiting.until(() -> torrent.state() == TorrentState.DOWNLOADING);

            TorrentRules rules = torrent.rules();
            assertThat(rules.limits()).isEqualTo(LIMITS);
            assertThat(rules.peerLimits()).isEqualTo(LIMITS.withUp(7));
            assertThat(rules.group()).contains("films");
            assertThat(rules.choking()).isEqualTo(CHOKING);
            assertThat(rules.isSuperSeeding()).isTrue();
            assertThat(rules.seedLimits()).isEqualTo(SEED_LIMITS);
        }
    }

    @Test
    void whatIsSaidNowCountsMoreThanWhatIsRemembered() {
        try (Session session = session()) {
            Torrent torrent = add(session, "file");
            torrent.setLimits(LIMITS);
            torrent.rules().setGroup("films");
            torrent.rules().setSeedLimits(SEED_LIMITS);
            Waiting.until(() -> torrent.state() == TorrentState.DOWNLOADING);
        }
        try (Session session = session()) {
            Torrent torrent = add(session, "file");
            torrent.setLimits(RateLimits.NONE);
            torrent.rules().seedAsSessionSays();
            Waiting.until(() -> torrent.state() == TorrentState.DOWNLOADING);

            assertThat(torrent.rules().limits()).isEqualTo(RateLimits.NONE);
            assertThat(torrent.rules().group()).contains("films");
            assertThat(torrent.rules().seedLimits()).isEqualTo(SeedLimits.NONE);
        }
    }

    @Test
    void whatIsSaidWhileItRestsIsRememberedToo() {
        try (Session session = session()) {
            Torrent torrent = add(session, "file");
            Waiting.until(() -> torrent.state() == TorrentState.DOWNLOADING);
            torrent.pause();
            Waiting.until(() -> torrent.state() == TorrentState.PAUSED);
            torrent.setLimits(LIMITS);
        }
        try (Session session = session()) {
            Torrent torrent = add(session, "file");
            Waiting.until(() -> torrent.rules().limits().equals(LIMITS));
        }
    }

    @Test
    void theQueueKeepsItsOrderHoweverTorrentsAreAdded() {
        List<String> names = List.of("a", "b", "c", "d");
        try (Session session = session()) {
            session.rules().setQueueLimits(new QueueLimits(2, 0, 0));
            List<Torrent> torrents = all(session, names.stream());
            torrents.get(3).rules().moveInQueue(QueueMove.TOP);
            torrents.get(0).rules().moveInQueue(QueueMove.DOWN);
            torrents.get(0).forceStart();
            // Now d, b, a, c.
            Waiting.until(() -> torrents.stream().noneMatch(each -> each.state() == TorrentState.CHECKING));
        }
        try (Session session = session()) {
            session.rules().setQueueLimits(new QueueLimits(2, 0, 0));
            List<Torrent> torrents = all(session, Stream.of("new", "a", "b", "c", "d"));
            Waiting.until(() -> torrents.stream().noneMatch(each -> each.state() == TorrentState.CHECKING));

            assertThat(torrents).extracting(Torrent::queuePosition).containsExactly(4, 2, 1, 3, 0);
            assertThat(torrents.get(1).rules().isForced()).isTrue();
            assertThat(torrents.get(2).rules().isForced()).isFalse();
        }
    }

    private List<Torrent> all(Session session, Stream<String> names) {
        return names.map(name -> add(session, name)).toList();
    }

    private Torrent add(Session session, String name) {
        return session.add(
                Payload.file(name, 100_000, 1 << 15).metainfo(),
                AddOptions.into(folder.resolve("files")).withoutTrackers());
    }

    private Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .stateFolder(folder.resolve("state"))
                .build());
    }
}
