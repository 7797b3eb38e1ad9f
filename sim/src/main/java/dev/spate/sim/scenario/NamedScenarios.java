package dev.spate.sim.scenario;

import dev.spate.core.choke.Trading;
import dev.spate.sim.Conduct;
import dev.spate.sim.DiskOptions;
import dev.spate.sim.Line;
import dev.spate.sim.NetworkOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The scenarios that have names. */
public final class NamedScenarios {
    private static final int KIB = 1024;

    /** What a household has: 10 Mbit/s up, 50 down. */
    private static final Line HOME = Line.mbit(10, 50);

    private NamedScenarios() {}

    /** All of them, in the order in which people meet them. */
    public static List<Scenario> all() {
        return List.of(
                flashCrowd(),
                slowSeed(),
                freeRiders(),
                churn(),
                partition(),
                poisoners(),
                superNodes(),
                streamingViewers(),
                courseNinePeers(),
                chokers(),
                trouble());
    }

    /** The one of a name. */
    public static Optional<Scenario> named(String name) {
        return all().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** The same story, small enough to be told in a moment. */
    public static Scenario small(Scenario scenario) {
        return scenario.withHosts(12)
                .withTorrent(Math.min(scenario.pieces(), 64), Math.min(scenario.pieceLength(), 64 * KIB));
    }

    private static Scenario flashCrowd() {
        return Scenario.of(
                        "flash-crowd",
                        "Something new is out: one seed, and sixty who want it come within ten seconds.",
                        Group.seeds(1, Line.mbit(20, 20)),
                        Group.leeches(60, HOME).arriving(new Arrival.Within(Duration.ofSeconds(10))))
                .withNote(
                        "In the first seconds nobody but the seed has anything to give, and in the last ones few still want something; both is nothing to a fluid.");
    }

    private static Scenario slowSeed() {
        return Scenario.of(
                "slow-seed",
                "One seed with a narrow line, which therefore super-seeds, and twenty leeches with wide ones.",
                Group.seeds(1, Line.mbit(2, 10)).tuned(Tuning.USUAL.withSuperSeeding()),
                Group.leeches(20, HOME));
    }

    private static Scenario freeRiders() {
        return Scenario.of(
                        "free-riders",
                        "Twenty who give and ten who only take, at two seeds.",
                        Group.seeds(2, HOME),
                        Group.leeches(20, HOME).named("givers"),
                        Group.leeches(10, HOME).named("free riders").behaving(Conduct.FREE_RIDING))
                .withNote(
                        "Nobody serves the riders but who is complete or tries them out: they are complete last, and upload that the bound counts goes unused.");
    }

    private static Scenario churn() {
        return Scenario.of(
                        "churn",
                        "Half of the leeches come and go without a word, the other half leave ten seconds after they are complete.",
                        Group.seeds(1, Line.mbit(20, 20)),
                        Group.leeches(20, HOME)
                                .named("restless")
                                .staying(new Stay.OnAndOff(Duration.ofSeconds(30), Duration.ofSeconds(10))),
                        Group.leeches(20, HOME)
                                .named("hasty")
                                .arriving(new Arrival.Within(Duration.ofSeconds(60)))
                                .staying(new Stay.UntilComplete(Duration.ofSeconds(10))))
                .withNote(
                        "Who is away neither gives nor gets, what was in memory when it went is lost, and the hasty take their upload with them.");
    }

    private static Scenario partition() {
        return Scenario.of(
                        "partition",
                        "A minute long half of the leeches are cut off from the seed and the other half.",
                        Group.seeds(1, Line.mbit(20, 20)),
                        Group.leeches(40, HOME))
                .happening(new Happening.Partition("leeches", 0.5, Duration.ofSeconds(20), Duration.ofSeconds(60)))
                .withNote(
                        "For a minute half of the leeches have nobody but each other, and the other half cannot help them.");
    }

    private static Scenario poisoners() {
        return Scenario.of(
                "poisoners",
                "One honest seed and twenty leeches among eight who claim to have everything and send rubbish, always or at times.",
                Group.seeds(1, Line.mbit(20, 20)),
                Group.leeches(20, HOME),
                Group.seeds(4, HOME).named("liars").behaving(Conduct.lying(1)),
                Group.seeds(4, HOME).named("sly liars").behaving(Conduct.lying(0.1)));
    }

    private static Scenario superNodes() {
        return Scenario.of(
                        "super-nodes",
                        "Three with lines of a data centre come among fifty households; the faster they are served, the sooner they serve.",
                        Group.seeds(1, Line.mbit(20, 20)),
                        Group.leeches(3, Line.mbit(200, 200))
                                .named("super-nodes")
                                .tuned(Tuning.USUAL.withUploadSlots(20)),
                        Group.leeches(50, Line.mbit(2, 20)))
                .withNote(
                        "A fluid would use the wide lines from the first moment on; but first what they give must come to them through the seed's line and those of the households.");
    }

    private static Scenario streamingViewers() {
        return Scenario.of(
                        "streaming-viewers",
                        "Two seeds, and thirty who come within a minute and watch a film of 2 Mbit/s while it arrives.",
                        Group.seeds(2, Line.mbit(20, 20)),
                        Group.leeches(30, HOME)
                                .named("viewers")
                                .arriving(new Arrival.Within(Duration.ofSeconds(60)))
                                .watching(250_000))
                .withNote(
                        "Who watches wants the pieces in their order, so that those who come early have what the late ones want, and little is to be traded.");
    }

    /** The configuration that the course's document shows: 3 preferred neighbours and an optimistic one, pieces of 16 KiB. */
    private static Scenario courseNinePeers() {
        Tuning course = Tuning.USUAL.withUploadSlots(4);
        // 64 MiB, as for the other scenarios' longer pieces; with little memory few pieces can be under way.
        DiskOptions memory = new DiskOptions(DiskOptions.GOOD.hashing(), DiskOptions.GOOD.writing(), 4096, 0);
        return Scenario.of(
                        "course-nine-peers",
                        "The nine peers of the CNT4007 course, of which two have the file, with its piece size and number of neighbours.",
                        Group.seeds(2, Line.mbit(10, 10)).tuned(course).on(memory),
                        Group.leeches(7, Line.mbit(10, 10))
                                .named("peers")
                                .tuned(course)
                                .on(memory))
                .withTorrent(1484, 16 * KIB)
                .withNote(
                        "The seeds keep the same four peers for a minute, which is longer than all of it takes; the other three live on what these pass on.");
    }

    private static Scenario chokers() {
        Group traders = Group.leeches(12, HOME);
        return Scenario.of(
                        "chokers",
                        "Three rules of trading in one swarm: BEP 3's tit for tat, BitTyrant's and PropShare's, with lines that are alike.",
                        Group.seeds(1, HOME),
                        traders.named("tit for tat"),
                        traders.named("bit tyrants").tuned(Tuning.USUAL.withTrading(Trading.BIT_TYRANT)),
                        traders.named("prop shares").tuned(Tuning.USUAL.withTrading(Trading.PROP_SHARE)))
                .withNote(
                        "A fluid leaves the seed once; here the seed, which knows no better, sends many pieces more than once before all are out.");
    }

    private static Scenario trouble() {
        return Scenario.of(
                        "trouble",
                        "A rough network, households that nobody can connect to, a power cut, a clogged line, full disks and a"
                                + " computer that sleeps for an hour.",
                        Group.seeds(1, Line.mbit(20, 20)),
                        Group.leeches(15, HOME),
                        Group.leeches(
                                        15,
                                        HOME.unreachable()
                                                .withLatency(Duration.ofMillis(40))
                                                .withLoss(0.01))
                                .named("behind routers"))
                .withNetwork(NetworkOptions.ROUGH)
                .happening(
                        new Happening.PowerCut("leeches", 0.3, Duration.ofSeconds(15), Duration.ofSeconds(20)),
                        new Happening.Clog("behind routers", 0.2, Duration.ofSeconds(10), Duration.ofSeconds(40), 10),
                        new Happening.DiskFull("behind routers", 0.1, Duration.ofSeconds(20), Duration.ofSeconds(30)),
                        new Happening.ClockJump("leeches", 0.1, Duration.ofSeconds(40), Duration.ofHours(1)))
                .withNote(
                        "Half of the hosts cannot be connected to, a fifth of these is clogged for 40 s, and who lost power or disk comes back late.");
    }
}
