package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.spate.core.rate.RateLimits;
import dev.spate.core.rate.WeeklySchedule;
import dev.spate.engine.shell.SessionLimits;
import dev.spate.io.lane.Lane;
import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits of real sessions on loopback. A busy machine can only make them slower, so all that is asked of time is that a transfer took
 * as long as its limit demands.
 */
@Timeout(120)
class LimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LENGTH = 3_000_000;
    private static final long RATE = 1_500_000;

    /** What may be had at once after a start: half a second's worth, a block, and a little protocol. */
    private static final double AT_LEAST_SECONDS = (LENGTH - RATE / 2 - 32_768) / (double) RATE;

    /** At this rate the transfer would not end in the time of a test. */
    private static final RateLimits CRAWL = new RateLimits(20_000, 20_000);

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("file.bin", LENGTH, 1 << 16);

    @Test
    void aLeechDownloadsNoFasterThanItsSessionMay() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            leech.setLimits(RateLimits.NONE.withDown(RATE));
            assertThat(seconds(seed, leech, torrent -> {})).isGreaterThan(AT_LEAST_SECONDS);
        }
    }

    @Test
    void aSeedUploadsNoFasterThanItsSessionMay() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            seed.setLimits(RateLimits.NONE.withUp(RATE));
            assertThat(seed.rules().limits()).isEqualTo(RateLimits.NONE.withUp(RATE));
            assertThat(seconds(seed, leech, torrent -> {})).isGreaterThan(AT_LEAST_SECONDS);
        }
    }

    @Test
    void aTorrentItsPeersAndItsGroupHaveLimitsOfTheirOwn() throws Exception {
        List<Consumer<Torrent>> ways = List.of(
                torrent -> torrent.setLimits(RateLimits.NONE.withDown(RATE)),
                torrent -> torrent.rules().setPeerLimits(RateLimits.NONE.withDown(RATE)),
                torrent -> torrent.rules().setGroup("films"));
        for (int i = 0; i < ways.size(); i++) {
            folder = folder.resolve("way" + i);
            try (Session seed = session();
                    Session leech = session()) {
                leech.rules().setGroupLimits("films", RateLimits.NONE.withDown(RATE));
                assertThat(seconds(seed, leech, ways.get(i))).as("way %d", i).isGreaterThan(AT_LEAST_SECONDS);
            }
        }
    }

    @Test
    void limitsAreTakenAwayWhileBytesFlow() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            seed.setLimits(CRAWL);
            leech.setLimits(CRAWL);
            Torrent torrent = begin(seed, leech);
            torrent.setLimits(CRAWL);
            while (torrent.stats().downloaded() == 0) {
                Thread.onSpinWait();
            }

            torrent.setLimits(RateLimits.NONE);
            leech.setLimits(RateLimits.NONE);
            seed.setLimits(RateLimits.NONE);

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
        }
    }

    @Test
    void peersOfThePrivateNetworkAreFreeIfTheUserSaysSo() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            for (Session each : List.of(seed, leech)) {
                each.setLimits(CRAWL);
                each.rules().limitLocalPeers(false);
                assertThat(each.rules().areLocalPeersLimited()).isFalse();
            }
            assertThat(begin(seed, leech).awaitCompletion(PATIENCE)).isTrue();
        }
    }

    @Test
    void aClassOfPeersHasLimitsOfItsOwn() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            leech.rules().setPeerClass("others", PeerClass.of("192.0.2.0/24").limited(CRAWL));
            leech.rules()
                    .setPeerClass("here", PeerClass.of("127.0.0.0/8", "::1").limited(RateLimits.NONE.withDown(RATE)));
            assertThat(seconds(seed, leech, torrent -> {})).isGreaterThan(AT_LEAST_SECONDS);
        }
    }

    @Test
    void otherLimitsDoNotHoldForAClassThatIsExempt() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            seed.setLimits(CRAWL);
            leech.setLimits(CRAWL);
            seed.rules().setPeerClass("here", PeerClass.of("127.0.0.1").exempt());
            Torrent torrent = begin(seed, leech);
            torrent.setLimits(CRAWL);
            torrent.rules().setPeerLimits(CRAWL);
            leech.rules()
                    .setPeerClass("here", PeerClass.of("127.0.0.1-127.0.0.1").exempt());

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
        }
    }

    @Test
    void classesOfPeersAreNamedAndBounded() throws Exception {
        try (Session session = session()) {
            SessionRules rules = session.rules();
            for (int i = 0; i < SessionLimits.MAX_CLASSES; i++) {
                rules.setPeerClass("class" + i, PeerClass.of("192.0.2." + i));
            }
            assertThatIllegalStateException().isThrownBy(() -> rules.setPeerClass("more", PeerClass.of("::1")));
            rules.setPeerClass("class3", PeerClass.of("192.0.2.200").exempt());
            rules.removePeerClass("class4");
            rules.removePeerClass("no such class");
            rules.setPeerClass("more", PeerClass.of("::1"));
            assertThat(rules.peerClasses())
                    .hasSize(SessionLimits.MAX_CLASSES)
                    .containsKey("more")
                    .doesNotContainKey("class4");
            assertThat(rules.peerClasses())
                    .hasEntrySatisfying(
                            "class3", peers -> assertThat(peers.ranges()).containsExactly("192.0.2.200"));
        }
    }

    @Test
    void whatIsNoRangeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerClass.of("192.0.2.0/24", "my friends"))
                .withMessageContaining("'my friends'");
        assertThatIllegalArgumentException().isThrownBy(() -> PeerClass.of("192.0.2.1\n192.0.2.2"));
        assertThatIllegalArgumentException().isThrownBy(() -> PeerClass.of(""));
        assertThatIllegalArgumentException().isThrownBy(PeerClass::of);
    }

    @Test
    void theNumberOfGroupsHasABound() throws Exception {
        try (Session session = session()) {
            for (int i = 0; i < SessionLimits.MAX_GROUPS; i++) {
                session.rules().setGroupLimits("group" + i, CRAWL);
            }
            assertThatIllegalStateException().isThrownBy(() -> session.rules().setGroupLimits("another", CRAWL));
            session.rules().setGroupLimits("group7", RateLimits.NONE);
            session.rules().setGroupLimits("another", CRAWL);
            assertThat(session.rules().groupLimits())
                    .hasSize(SessionLimits.MAX_GROUPS)
                    .containsKey("another");
        }
    }

    @Test
    void theScheduleChoosesTheLimitsUnlessTheUserDoes() throws Exception {
        RateLimits day = new RateLimits(1_000, 2_000);
        RateLimits night = new RateLimits(3_000, 4_000);
        AtomicReference<LocalDateTime> clock = new AtomicReference<>(LocalDateTime.of(2024, 1, 1, 12, 0));
        try (Lane lane = Lane.start("test")) {
            SessionLimits limits = new SessionLimits(List.of(lane));
            LimitsByTime byTime = new LimitsByTime(limits, lane, clock::get);
            byTime.setOrdinary(day);
            byTime.setAlternative(
                    night,
                    new WeeklySchedule(List.of(new WeeklySchedule.Span(
                            EnumSet.allOf(DayOfWeek.class), LocalTime.of(22, 0), LocalTime.of(6, 0)))));
            assertThat(limits.get()).isEqualTo(day);
            assertThat(byTime.isAlternativeInForce()).isFalse();

            byTime.use(AlternativeUse.ALWAYS);
            assertThat(limits.get()).isEqualTo(night);

            byTime.use(AlternativeUse.BY_SCHEDULE);
            clock.set(LocalDateTime.of(2024, 1, 1, 23, 0));
            byTime.setOrdinary(day);
            assertThat(limits.get()).isEqualTo(night);
            assertThat(byTime.isAlternativeInForce()).isTrue();

            byTime.use(AlternativeUse.NEVER);
            assertThat(limits.get()).isEqualTo(day);
        }
    }

    /** How long a download took. */
    private double seconds(Session seed, Session leech, Consumer<Torrent> prepare) throws Exception {
        long begin = System.nanoTime();
        Torrent torrent = begin(seed, leech, prepare);
        assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
        return seconds;
    }

    private Torrent begin(Session seed, Session leech) throws Exception {
        return begin(seed, leech, torrent -> {});
    }

    private Torrent begin(Session seed, Session leech, Consumer<Torrent> prepare) throws Exception {
        Torrent given = seed.add(
                payload.metainfo(),
                AddOptions.into(payload.writeTo(folder.resolve("seed"))).withoutTrackers());
        assertThat(given.awaitCompletion(PATIENCE)).isTrue();
        Torrent torrent = leech.add(
                payload.metainfo(),
                AddOptions.into(folder.resolve("leech")).withoutTrackers().startPaused());
        prepare.accept(torrent);
        torrent.addPeers(List.of(PeerAddress.of(seed.listenAddresses().getFirst())));
        torrent.resume();
        return torrent;
    }

    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .lanes(2)
                .build());
    }

    @Test
    void theScheduleGoesByTheClockOfTheSettings() {
        Clock night = Clock.fixed(Instant.parse("2024-01-01T23:00:00Z"), ZoneOffset.UTC);
        WeeklySchedule afterTen = new WeeklySchedule(List.of(
                new WeeklySchedule.Span(EnumSet.allOf(DayOfWeek.class), LocalTime.of(22, 0), LocalTime.of(6, 0))));
        RateLimits slow = RateLimits.NONE.withDown(100_000);
        for (ZoneOffset zone : List.of(ZoneOffset.UTC, ZoneOffset.ofHours(12))) {
            SessionSettings settings = SessionSettings.builder()
                    .listen()
                    .clock(night.withZone(zone))
                    .build();
            try (Session session = Session.open(settings)) {
                session.rules().setAlternativeLimits(slow, afterTen);
                assertThat(session.rules().isAlternativeInForce()).isEqualTo(zone.equals(ZoneOffset.UTC));
            }
        }
    }
}
