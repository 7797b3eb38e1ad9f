package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.announce.TrackerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each situation and what is told of it, as a table. */
class DiagnosisTest {

    /** A download without anything, changed at one point or another. */
    private static final class Draft {
        TorrentState state = TorrentState.DOWNLOADING;
        boolean isPrivate;
        boolean complete;

        @Nullable
        SpateException failure;

        Situation.Look look = new Situation.Look(40, 0, 0);
        Situation.@Nullable QueuePlace queue;
        long rate;
        List<Situation.RateLimit> limits = List.of();
        Situation.Memory memory = Situation.Memory.AMPLE;
        Situation.Peers peers = Situation.Peers.NONE;
        int ready;
        int failing;
        int resting;
        int filtered;
        int banned;
        Situation.Connections ofTorrent = Situation.Connections.ANY;
        Situation.Connections ofSession = Situation.Connections.ANY;
        List<TrackerStats> trackers = List.of();
        Situation.@Nullable DhtSearch dht;
        Situation.Needs needs = new Situation.Needs(10, 0, 1);
        Situation.Metadata metadata = Situation.Metadata.NONE;

        Situation made() {
            return new Situation(
                    state,
                    isPrivate,
                    complete,
                    Optional.ofNullable(failure),
                    100,
                    look,
                    Optional.ofNullable(queue),
                    rate,
                    limits,
                    memory,
                    peers,
                    new Situation.Sources(
                            ready,
                            failing,
                            resting,
                            "refused",
                            filtered,
                            banned,
                            ofTorrent,
                            ofSession,
                            trackers,
                            Optional.ofNullable(dht)),
                    needs,
                    metadata);
        }
    }

    private static Situation.Peers peers(int connected, int interesting, int choking) {
        return new Situation.Peers(connected, 0, interesting, choking);
    }

    private static TrackerStats tracker(TrackerStatus.State state, int failures, boolean refused) {
        return new TrackerStats(
                "http://t/",
                0,
                state,
                failures,
                refused,
                failures > 0 ? Optional.of("why") : Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                state == TrackerStatus.State.WORKING ? Optional.of(Duration.ZERO) : Optional.empty(),
                Optional.empty());
    }

    private static Arguments row(String name, Consumer<Draft> change, Hindrance... reasons) {
        Draft draft = new Draft();
        change.accept(draft);
        return Arguments.argumentSet(name, draft.made(), List.of(reasons));
    }

    private static SpateException storage(StorageTrouble trouble) {
        return new SpateException.Storage(trouble, "cannot write a.bin: no space; make room", null);
    }

    static Stream<Arguments> doesNotRun() {
        return Stream.of(
                row("seeding", d -> d.state = TorrentState.SEEDING),
                row("paused", d -> d.state = TorrentState.PAUSED, new Hindrance.Paused()),
                row("paused and complete", d -> {
                    d.state = TorrentState.PAUSED;
                    d.complete = true;
                }),
                row(
                        "queued",
                        d -> {
                            d.state = TorrentState.QUEUED;
                            d.queue = new Situation.QueuePlace(false, 3, 2);
                        },
                        new Hindrance.Queued(false, 3, 2)),
                row("about to leave the queue", d -> d.state = TorrentState.QUEUED),
                row("checking", d -> d.state = TorrentState.CHECKING, new Hindrance.Checking(40, 100)),
                row(
                        "to be checked after others",
                        d -> {
                            d.state = TorrentState.CHECKING;
                            d.look = new Situation.Look(0, 2, 0);
                        },
                        new Hindrance.CheckAwaited(2)),
                row(
                        "room is taken",
                        d -> {
                            d.state = TorrentState.CHECKING;
                            d.look = new Situation.Look(100, 0, 1 << 20);
                        },
                        new Hindrance.TakingRoom(1 << 20)),
                row("moving", d -> d.state = TorrentState.MOVING, new Hindrance.Moving()),
                row("removed", d -> d.state = TorrentState.REMOVED, new Hindrance.Ended()));
    }

    static Stream<Arguments> metadata() {
        Consumer<Draft> magnet = d -> d.state = TorrentState.FETCHING_METADATA;
        return Stream.of(
                row("nobody", magnet, new Hindrance.NobodyToAsk()),
                row(
                        "peers without it",
                        magnet.andThen(d -> d.peers = peers(3, 0, 0)),
                        new Hindrance.NobodyOffersMetadata(3)),
                row(
                        "all refuse",
                        magnet.andThen(d -> {
                            d.peers = peers(3, 0, 0);
                            d.metadata = new Situation.Metadata(2, 2);
                        }),
                        new Hindrance.MetadataRefused(2)),
                row(
                        "one still may give it",
                        magnet.andThen(d -> {
                            d.peers = peers(3, 0, 0);
                            d.metadata = new Situation.Metadata(2, 1);
                        }),
                        new Hindrance.MetadataAwaited(2)));
    }

    static Stream<Arguments> withoutPeers() {
        TrackerStats refusing = tracker(TrackerStatus.State.FAILING, 1, true);
        TrackerStats silent = tracker(TrackerStatus.State.FAILING, 3, false);
        TrackerStats working = tracker(TrackerStatus.State.WORKING, 0, false);
        return Stream.of(
                row("nobody to ask", d -> {}, new Hindrance.NobodyToAsk()),
                row(
                        "private without trackers",
                        d -> d.isPrivate = true,
                        new Hindrance.NobodyToAsk(),
                        new Hindrance.OnlyTrackersMayTell()),
                row(
                        "private with one that refuses",
                        d -> {
                            d.isPrivate = true;
                            d.trackers = List.of(refusing);
                        },
                        new Hindrance.TrackerRefuses("http://t/", "why"),
                        new Hindrance.OnlyTrackersMayTell()),
                row(
                        "private with one that works",
                        d -> {
                            d.isPrivate = true;
                            d.trackers = List.of(working);
                        },
                        new Hindrance.TrackerKnowsNobody("http://t/")),
                row(
                        "each kind of tracker",
                        d -> d.trackers = List.of(
                                refusing,
                                silent,
                                tracker(TrackerStatus.State.GIVEN_UP, 1, true),
                                tracker(TrackerStatus.State.IDLE, 0, false),
                                tracker(TrackerStatus.State.ASKED, 0, false),
                                tracker(TrackerStatus.State.ASKED, 2, false)),
                        new Hindrance.TrackerRefuses("http://t/", "why"),
                        new Hindrance.TrackerUnreachable("http://t/", "why", 3),
                        new Hindrance.TrackerGivenUp("http://t/", "why"),
                        new Hindrance.TrackerAwaited("http://t/"),
                        new Hindrance.TrackerUnreachable("http://t/", "why", 2)),
                row("the DHT is being searched", d -> d.dht = Situation.DhtSearch.BEGUN, new Hindrance.DhtAwaited()),
                row(
                        "nobody in the DHT answers",
                        d -> d.dht = new Situation.DhtSearch(true, 0),
                        new Hindrance.DhtUnreachable()),
                row(
                        "the DHT and a tracker know nobody",
                        d -> {
                            d.trackers = List.of(working);
                            d.dht = new Situation.DhtSearch(true, 8);
                        },
                        new Hindrance.TrackerKnowsNobody("http://t/"),
                        new Hindrance.DhtKnowsNobody(8)),
                row(
                        "being dialed",
                        d -> {
                            d.ready = 2;
                            d.peers = new Situation.Peers(0, 1, 0, 0);
                        },
                        new Hindrance.Connecting(3)),
                row(
                        "no address answers",
                        d -> {
                            d.failing = 4;
                            d.resting = 1;
                        },
                        new Hindrance.PeersUnreachable(4, "refused"),
                        new Hindrance.PeersGone(1)),
                row(
                        "shut out",
                        d -> {
                            d.trackers = List.of(working);
                            d.filtered = 5;
                            d.banned = 6;
                        },
                        new Hindrance.ShutOutByFilter(5),
                        new Hindrance.Banned(6),
                        new Hindrance.TrackerKnowsNobody("http://t/")),
                row(
                        "no room in the session",
                        d -> {
                            d.ready = 7;
                            d.ofSession = new Situation.Connections(500, 500);
                        },
                        new Hindrance.TooManyConnections(500, true)),
                row(
                        "no room in the torrent",
                        d -> {
                            d.ready = 7;
                            d.ofTorrent = new Situation.Connections(2, 2);
                        },
                        new Hindrance.TooManyConnections(2, false)));
    }

    static Stream<Arguments> withPeers() {
        return Stream.of(
                row("it goes on", d -> {
                    d.rate = 1;
                    d.peers = peers(1, 1, 1);
                    d.needs = new Situation.Needs(10, 5, 0.5);
                }),
                row(
                        "it goes on by a hair",
                        d -> {
                            d.rate = 100;
                            d.limits = List.of(
                                    new Situation.RateLimit("session", 100),
                                    new Situation.RateLimit("torrent", Diagnosis.SLOW));
                        },
                        new Hindrance.RateLimited("session", 100)),
                row("all choke", d -> d.peers = peers(3, 2, 2), new Hindrance.AllChoke(2)),
                row("they are silent", d -> d.peers = peers(3, 3, 1), new Hindrance.PeersSilent(2)),
                row(
                        "a slow limit explains the silence",
                        d -> {
                            d.peers = peers(3, 3, 1);
                            d.limits = List.of(new Situation.RateLimit("peer", 1));
                        },
                        new Hindrance.RateLimited("peer", 1)),
                row(
                        "the memory is spent",
                        d -> {
                            d.peers = peers(3, 3, 0);
                            d.memory = new Situation.Memory(1, 64 << 20, 64 << 20);
                        },
                        new Hindrance.MemorySpent(64 << 20, 64 << 20)),
                row(
                        "nobody has the rest",
                        d -> {
                            d.peers = peers(3, 0, 0);
                            d.failing = 1;
                            d.needs = new Situation.Needs(10, 10, 0);
                        },
                        new Hindrance.NobodyHas(10, 10, 0),
                        new Hindrance.PeersUnreachable(1, "refused")),
                row(
                        "those who have some choke, some nobody has",
                        d -> {
                            d.peers = peers(3, 1, 1);
                            d.needs = new Situation.Needs(10, 4, 0.6);
                        },
                        new Hindrance.AllChoke(1),
                        new Hindrance.NobodyHas(10, 4, 0.6)));
    }

    static Stream<Arguments> failures() {
        return Stream.of(StorageTrouble.values())
                .map(trouble -> row(
                        trouble.name(),
                        d -> {
                            d.state = TorrentState.FAILED;
                            d.failure = storage(trouble);
                        },
                        new Hindrance.Failed(storage(trouble))));
    }

    @ParameterizedTest
    @MethodSource({"doesNotRun", "metadata", "withoutPeers", "withPeers"})
    void eachSituationHasItsReasons(Situation situation, List<Hindrance> reasons) {
        assertThat(Diagnosis.of(situation)).isEqualTo(reasons);
    }

    @ParameterizedTest
    @MethodSource({"doesNotRun", "metadata", "withoutPeers", "withPeers", "failures"})
    void eachReasonHasASentenceAndARemedy(Situation situation, List<Hindrance> reasons) {
        assertThat(Diagnosis.of(situation)).hasSameSizeAs(reasons).allSatisfy(reason -> {
            assertThat(reason.sentence()).isNotBlank().doesNotEndWith(".").doesNotContain(";");
            assertThat(reason.remedy()).isNotBlank().doesNotEndWith(".");
        });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsToldWithTheFileAndWithoutTheOldRemedy(Situation situation, List<Hindrance> reasons) {
        assertThat(reasons).hasSize(1);
        assertThat(Diagnosis.of(situation).getFirst().sentence()).endsWith("cannot write a.bin: no space");
    }
}
