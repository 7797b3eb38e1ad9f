package dev.spate.classic.course.peer;

import static dev.spate.classic.course.peer.CourseWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.log.LogCheck;
import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.classic.course.wire.Message;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state machine: whole networks in virtual time, and single inputs of strangers. */
class CoursePeerTest {
    private static final int SEEDS = 60;
    private static final long HOUR = 3600 * SECOND;

    private static PeerSettings settings(long seed) {
        return new PeerSettings(seed % 2 == 0, PeerSettings.PATIENCE_NANOS);
    }

    private static void assertAllComplete(CourseWorld world, long seed) {
        for (CourseWorld.Node node : world.nodes.values()) {
            assertThat(node.ending)
                    .as("peer %d, seed %d", node.line.id(), seed)
                    .isEqualTo(new Ending.AllComplete(List.of()));
            assertThat(node.disk.isFull()).isTrue();
        }
    }

    private static void assertGoodLogs(CourseWorld world, long seed) {
        Map<Integer, Stream<String>> logs = new TreeMap<>();
        world.nodes.forEach((id, node) -> logs.put(id, node.log.stream()));
        assertThat(LogCheck.check(world.common, world.list, logs).findings())
                .as("seed %d", seed)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 9})
    void everyoneGetsTheFileAndEndsByItself(int peers) {
        for (long seed = 0; seed < SEEDS; seed++) {
            CourseWorld world = new CourseWorld(seed, peers, 1 + (int) (seed % 2), 74, settings(seed));
            world.startAll();
            world.run(HOUR);

            assertAllComplete(world, seed);
            assertGoodLogs(world, seed);
            assertThat(world.now).as("nobody waited for a limit").isLessThan(200 * SECOND);
        }
    }

    /** One of nine dies somewhere in the middle, the only seed as well as a leech, and comes back. */
    @Test
    void oneThatIsKilledAndStartedAgainStrandsNobody() {
        for (long seed = 0; seed < SEEDS; seed++) {
            CourseWorld world = new CourseWorld(seed, 9, 1, 64, settings(seed));
            var random = new SplittableRandom(seed);
            CourseWorld.Node victim = world.node(1001 + random.nextInt(9));
            long dies = random.nextLong(SECOND, 12 * SECOND);
            world.startAll();
            world.at(5 * SECOND + dies, () -> {
                if (victim.ending == null) {
                    victim.kill();
                    world.at(world.now + random.nextLong(10 * SECOND), victim::start);
                }
            });
            world.run(HOUR);

            assertAllComplete(world, seed);
            assertGoodLogs(world, seed);
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        List<List<String>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            CourseWorld world = new CourseWorld(11, 5, 1, 64, settings(1));
            world.startAll();
            world.run(HOUR);
            runs.add(world.nodes.values().stream()
                    .flatMap(node -> node.log.stream())
                    .toList());
        }
        assertThat(runs.getFirst()).isEqualTo(runs.getLast()).isNotEmpty();
    }

    @Test
    void oneThatNeverComesIsWaitedForInVainOnlySoLong() {
        CourseWorld world = new CourseWorld(1, 3, 1, 20, settings(1));
        world.at(0, world.node(1001)::start);
        world.at(0, world.node(1002)::start);
        world.run(HOUR);

        assertThat(world.node(1002).disk.isFull()).isTrue();
        for (int id : List.of(1001, 1002)) {
            assertThat(world.node(id).ending).isInstanceOfSatisfying(Ending.GaveUp.class, gaveUp -> {
                assertThat(gaveUp.complete()).isTrue();
                assertThat(gaveUp.why()).contains("peer 1003 never came");
            });
        }
    }

    /** Who leaves while we have the file is taken for finished, after a time in which it may come back. */
    @Test
    void oneThatLeavesEarlyIsUnderstood() {
        CourseWorld world = new CourseWorld(3, 2, 1, 64, settings(1));
        world.startAll();
        CourseWorld.Node early = world.node(1002);
        world.at(0, new Runnable() {
            @Override
            public void run() {
                if (early.disk.count() >= 40) {
                    early.kill();
                } else {
                    world.at(world.now + SECOND / 100, this);
                }
            }
        });
        world.run(HOUR);

        assertThat(world.node(1001).ending).isEqualTo(new Ending.AllComplete(List.of(1002)));
    }

    // Strangers.

    private final Common common = new Common(1, 1, 2, "f", new PieceLayout(10 * 100, 100));
    private final PeerList list = new PeerList(
            List.of(new PeerLine(1, "a", 1, true), new PeerLine(2, "b", 1, false), new PeerLine(3, "c", 1, false)));
    private final CoursePeer peer = new CoursePeer(
            common, list, list.peers().get(1), new PieceSet(10), PeerSettings.PROMPT, new SplittableRandom(1), 0);

    private List<Effect> effects() {
        List<Effect> all = new ArrayList<>();
        for (Effect effect = peer.nextEffect(); effect != null; effect = peer.nextEffect()) {
            all.add(effect);
        }
        return all;
    }

    private int joined(int id) {
        int link = peer.connected(CoursePeer.NOTHING, 0);
        peer.handshakeReceived(link, id, 0);
        effects();
        return link;
    }

    @Test
    void wrongIdsAreSentAway() {
        joined(3);
        for (int wrong : List.of(2, 3, 4)) {
            int link = peer.connected(CoursePeer.NOTHING, 0);
            peer.handshakeReceived(link, wrong, 0);
            assertThat(effects()).contains(new Effect.Close(link));
        }
        int dialled = peer.connected(1, 0);
        peer.handshakeReceived(dialled, 3, 0);
        assertThat(effects()).contains(new Effect.Close(dialled));
    }

    @Test
    void connectionsWithoutAHandshakeAreFewAndShort() {
        int links = 0;
        while (peer.connected(CoursePeer.NOTHING, 0) != CoursePeer.NOTHING) {
            links++;
            assertThat(links).isLessThan(100);
        }
        effects();
        peer.timeout(CoursePeer.HANDSHAKE_NANOS);
        assertThat(effects().stream().filter(Effect.Close.class::isInstance)).hasSize(links);
    }

    @Test
    void requestsBeyondTheBoundEndTheConnection() {
        CoursePeer seed = new CoursePeer(
                common,
                list,
                list.peers().getFirst(),
                PieceSet.full(10),
                PeerSettings.PROMPT,
                new SplittableRandom(1),
                0);
        int link = seed.connected(CoursePeer.NOTHING, 0);
        seed.handshakeReceived(link, 3, 0);
        seed.messageReceived(link, new Message.Interested(), 0);
        seed.timeout(SECOND);
        for (int i = 0; i <= CoursePeer.MAX_UPLOADS; i++) {
            seed.messageReceived(link, new Message.Request(i % 10), SECOND);
        }
        List<Effect> all = new ArrayList<>();
        for (Effect effect = seed.nextEffect(); effect != null; effect = seed.nextEffect()) {
            all.add(effect);
        }
        assertThat(all).contains(new Effect.Close(link));
        assertThat(seed.nextUpload(link)).isEqualTo(CoursePeer.NOTHING);
    }

    @Test
    void noticesAreBounded() {
        int count = 0;
        for (int i = 0; i < 2 * CoursePeer.MAX_NOTICES; i++) {
            int link = peer.connected(CoursePeer.NOTHING, 0);
            peer.refuse(link, "nonsense", 0);
            count += (int)
                    effects().stream().filter(Effect.Notice.class::isInstance).count();
        }
        assertThat(count).isEqualTo(CoursePeer.MAX_NOTICES);
    }

    /** A request that nobody answers is given up, and its piece asked of another. */
    @Test
    void aPieceThatIsNotDeliveredIsAskedOfAnother() {
        int deaf = joined(3);
        Message only = new Message.Have(4);
        peer.messageReceived(deaf, only, 0);
        peer.messageReceived(deaf, new Message.Unchoke(), 0);
        assertThat(effects()).contains(new Effect.Send(deaf, new Message.Request(4)));
        int other = joined(1);
        peer.messageReceived(other, only, 0);
        peer.messageReceived(other, new Message.Unchoke(), 0);
        assertThat(effects()).doesNotContain(new Effect.Send(other, new Message.Request(4)));

        peer.timeout(CoursePeer.ANSWER_NANOS);

        assertThat(effects()).contains(new Effect.Send(other, new Message.Request(4)));
        assertThat(peer.pieceArriving(deaf, 4, CoursePeer.ANSWER_NANOS)).isFalse();
    }

    @Test
    void aPieceThatWasNotAskedForIsNotWanted() {
        int link = joined(3);
        assertThat(peer.pieceArriving(link, 4, 0)).isFalse();
    }
}
