package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who is dialed, who may come in, who has to go. */
class SwarmConnectionsTest {
    private static final PieceLayout LAYOUT = new PieceLayout(20L * 65536, 65536);

    private final Stage stage = new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()));

    private static Stage stage(SwarmSettings settings) {
        return new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()), settings, false);
    }

    private static List<PeerAddress> addresses(int from, int count) {
        List<PeerAddress> addresses = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            addresses.add(Stage.address(i));
        }
        return addresses;
    }

    private static void learn(Stage stage, List<PeerAddress> addresses) {
        stage.swarm.addPeers(PeerSource.TRACKER, addresses, stage.now);
        stage.drain();
    }

    private static CloseReason refused() {
        return CloseReason.ofFailure(new IllegalStateException("refused"));
    }

    // Dialing.

    @Test
    void dialsThirtyASecondUpToItsLimit() {
        learn(stage, addresses(0, 200));
        assertThat(stage.dials()).hasSize(1);
        stage.pass(Stage.SECOND);
        assertThat(stage.dials()).hasSize(30);
        stage.pass(60 * Stage.SECOND);
        assertThat(stage.dials()).hasSize(80 - 31);
    }

    @Test
    void dialsInTheOrderOfCanonicalPriority() {
        learn(stage, addresses(0, 50));
        stage.effects.clear();
        stage.pass(10 * Stage.SECOND);
        PeerAddress ours = PeerAddress.of(new byte[4], 6881);
        assertThat(stage.dials())
                .hasSize(49)
                .isSortedAccordingTo((a, b) -> Integer.compareUnsigned(
                        PeerPriority.of(ours, b.address()), PeerPriority.of(ours, a.address())));
    }

    @Test
    void anAddressThatFailsIsLeftAloneLongerEachTime() {
        learn(stage, addresses(0, 1));
        for (int failures = 1; failures < 4; failures++) {
            int peer = stage.dials().getFirst().peer();
            stage.swarm.peerClosed(peer, refused(), stage.now);
            stage.drain();
            stage.pass(60 * Stage.SECOND * (failures + 1) - 1);
            assertThat(stage.dials()).isEmpty();
            stage.pass(1);
            assertThat(stage.effects).hasSize(1);
        }
    }

    @Test
    void aDialThatStandsIsGreeted() {
        learn(stage, addresses(0, 1));
        int peer = stage.dials().getFirst().peer();
        stage.swarm.dialed(peer, stage.now);
        assertThat(stage.drain()).hasSize(1).first().isInstanceOf(Effect.SendHandshake.class);
        stage.swarm.handshakeReceived(peer, Stage.handshake(0), stage.now);
        stage.drain();
        assertThat(stage.sentTo(peer)).first().isEqualTo(new PeerMessage.HaveNone());
        assertThat(stage.events).containsExactly(new SwarmEvent.PeerConnected(Stage.address(0), Stage.id(0), true));
    }

    @Test
    void aDialThatIsNeverAnsweredIsClosed() {
        learn(stage, addresses(0, 1));
        int peer = stage.dials().getFirst().peer();
        stage.swarm.dialed(peer, stage.now);
        stage.drain();
        stage.pass(11 * Stage.SECOND);
        assertThat(stage.closeReason(peer)).isEqualTo(Kind.HANDSHAKE_TIMED_OUT);
    }

    @Test
    void aPrivateTorrentListensToItsTrackerOnly() {
        Stage secret = new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()), SwarmSettings.DEFAULTS, true);
        for (PeerSource source : new PeerSource[] {PeerSource.DHT, PeerSource.PEX, PeerSource.LSD}) {
            secret.swarm.addPeers(source, addresses(0, 5), secret.now);
        }
        secret.drain();
        assertThat(secret.dials()).isEmpty();
        learn(secret, addresses(0, 1));
        assertThat(secret.dials()).hasSize(1);
    }

    // Ourselves, and others twice.

    @Test
    void neverTalksToItself() {
        assertThat(stage.connect(Stage.address(1), new Handshake(Stage.ALL, MemoryNetwork.INFO_HASH, stage.ourId)))
                .isEqualTo(-1);

        learn(stage, addresses(0, 1));
        int peer = stage.dials().getFirst().peer();
        stage.swarm.dialed(peer, stage.now);
        stage.swarm.handshakeReceived(peer, new Handshake(Stage.ALL, MemoryNetwork.INFO_HASH, stage.ourId), stage.now);
        stage.drain();
        assertThat(stage.closeReason(peer)).isEqualTo(Kind.SELF_CONNECTION);
        learn(stage, addresses(0, 1));
        stage.pass(3600 * Stage.SECOND);
        assertThat(stage.dials()).as("that address is known to be ours").isEmpty();
    }

    @Test
    void aHandshakeForAnotherTorrentIsRefused() {
        Handshake other = new Handshake(Stage.ALL, Digest.of(new byte[20]), Stage.id(1));
        assertThat(stage.connect(Stage.address(1), other)).isEqualTo(-1);
        assertThat(stage.events)
                .containsExactly(new SwarmEvent.PeerRefused(Stage.address(1), CloseReason.of(Kind.WRONG_INFO_HASH)));
    }

    @Test
    void ofTwoCrossingConnectionsBothSidesKeepThatOfTheLowerId() {
        // Our id is 500.
        assertThat(crossing(499)).as("theirs is lower: what they dialed stays").isFalse();
        assertThat(crossing(501)).as("ours is lower: what we dialed stays").isTrue();
    }

    /** Returns whether the connection that we dialed stays. */
    private static boolean crossing(int number) {
        boolean outgoingStays = false;
        for (boolean incomingFirst : new boolean[] {true, false}) {
            Stage stage = stage(SwarmSettings.DEFAULTS);
            learn(stage, addresses(number, 1));
            int outgoing = stage.dials().getFirst().peer();
            stage.swarm.dialed(outgoing, stage.now);
            int incoming = -1;
            if (incomingFirst) {
                incoming = stage.connect(number);
            }
            stage.swarm.handshakeReceived(outgoing, Stage.handshake(number), stage.now);
            stage.drain();
            if (!incomingFirst) {
                incoming = stage.connect(number);
            }
            outgoingStays = stage.isOpen(outgoing);
            boolean incomingStays = incoming >= 0 && stage.isOpen(incoming);
            assertThat(outgoingStays).as("one stays").isNotEqualTo(incomingStays);
            assertThat(stage.swarm.stats(stage.now).connections()).isEqualTo(1);
            stage.pass(30 * Stage.SECOND);
            assertThat(stage.dials()).isEmpty();
        }
        return outgoingStays;
    }

    @Test
    void laterTheOlderConnectionStaysSoThatNobodyIsThrownOutByHisName() {
        int peer = stage.connect(100);
        stage.pass(60 * Stage.SECOND);
        assertThat(stage.connect(PeerAddress.of(new byte[] {66, 6, 6, 6}, 1), Stage.handshake(100)))
                .isEqualTo(-1);
        assertThat(stage.isOpen(peer)).isTrue();
    }

    @Test
    void anAddressThatCameInIsNotDialedWhileItIsConnected() {
        int peer = stage.connect(Stage.address(1).withPort(50000), Stage.handshake(1));
        stage.hear(
                peer, new ExtensionHandshake(new TreeMap<>(), "x", 6881, null, null, null, null, null, null).message());
        learn(stage, addresses(1, 1));
        assertThat(stage.dials()).isEmpty();

        stage.swarm.peerClosed(peer, CloseReason.ofFailure(null), stage.now);
        stage.pass(61 * Stage.SECOND);
        assertThat(stage.dials()).extracting(Effect.Dial::address).containsExactly(Stage.address(1));
    }

    // Places.

    @Test
    void aNewcomerAlwaysFindsAPlace() {
        Stage small = stage(SwarmSettings.DEFAULTS.withMaxConnections(10));
        for (int i = 0; i < 100; i++) {
            assertThat(small.connect(i)).isNotNegative();
            assertThat(small.swarm.stats(small.now).connections()).isLessThanOrEqualTo(10);
        }
        assertThat(small.closed.values()).allMatch(reason -> reason.kind() == Kind.EVICTED);
    }

    @Test
    void whenThereMayBeFewerThoseOfLeastUseGo() {
        int useful = stage.connectSeed(1000);
        for (BlockRange block : stage.requestedFrom(useful)) {
            stage.deliver(useful, block);
        }
        for (int i = 0; i < 50; i++) {
            stage.connect(i);
        }
        stage.swarm.setMaxConnections(10, stage.now);
        stage.drain();
        assertThat(stage.swarm.stats(stage.now).connections()).isEqualTo(10);
        stage.swarm.shedConnections(1, stage.now);
        stage.drain();
        assertThat(stage.swarm.stats(stage.now).connections()).isEqualTo(1);
        assertThat(stage.closed).hasSize(50).doesNotContainKey(useful);
        assertThat(stage.closed.values()).allMatch(reason -> reason.kind() == Kind.NO_ROOM);

        learn(stage, addresses(100, 50));
        stage.pass(60 * Stage.SECOND);
        assertThat(stage.swarm.stats(stage.now).connections()).isEqualTo(10);
        stage.swarm.setMaxConnections(20, stage.now);
        stage.drain();
        stage.pass(2 * Stage.SECOND);
        assertThat(stage.swarm.stats(stage.now).connections()).isEqualTo(20);
    }

    @Test
    void whoServesUsKeepsItsPlace() {
        Stage small = stage(SwarmSettings.DEFAULTS.withMaxConnections(4));
        int useful = small.connectSeed(1000);
        for (BlockRange block : small.requestedFrom(useful)) {
            small.deliver(useful, block);
        }
        for (int i = 0; i < 50; i++) {
            small.connect(i);
        }
        assertThat(small.swarm.peers(small.now)).anyMatch(peer -> Objects.equals(peer.id(), Stage.id(1000)));
    }

    @Test
    void aCrowdFromOneNetworkOnlyDisplacesItself() {
        Stage small = stage(SwarmSettings.DEFAULTS.withMaxConnections(10));
        for (int i = 0; i < 5; i++) {
            small.connect(i);
        }
        for (int i = 0; i < 100; i++) {
            small.connect(PeerAddress.of(new byte[] {66, 6, 6, (byte) i}, 1), Stage.handshake(1000 + i));
        }
        for (int i = 0; i < 5; i++) {
            int number = i;
            assertThat(small.swarm.peers(small.now)).anyMatch(peer -> Objects.equals(peer.id(), Stage.id(number)));
        }
    }

    @Test
    void slotsAreGivenAgainOnlyWhenTheShellAgrees() {
        Stage here = stage(SwarmSettings.DEFAULTS);
        int first = here.connect(1);
        here.swarm.ban(Stage.address(1).ip(), here.now);
        Effect effect = here.swarm.poll();
        while (!(effect instanceof Effect.Close)) {
            effect = here.swarm.poll();
        }
        int second = here.swarm.accepted(Stage.address(2), Stage.handshake(2), here.now);
        assertThat(second).isNotEqualTo(first);
        here.swarm.messageReceived(first, new PeerMessage.Have(999_999), here.now);
        here.swarm.peerClosed(first, CloseReason.ofFailure(null), here.now);
        assertThatThrownBy(() -> here.swarm.peerClosed(first, CloseReason.ofFailure(null), here.now))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(here.swarm.accepted(Stage.address(3), Stage.handshake(3), here.now))
                .isEqualTo(first);
    }

    @Test
    void nothingThatWasMeantForAPeerReachesTheNextOneAtItsSlot() {
        Stage here = stage(SwarmSettings.DEFAULTS);
        int first = here.connect(1);
        here.swarm.messageReceived(first, new PeerMessage.HaveAll(), here.now);
        assertThat(here.swarm.poll())
                .as("more of them wait")
                .isEqualTo(new Effect.Send(first, new PeerMessage.Interested()));
        here.swarm.messageReceived(first, new PeerMessage.Request(LAYOUT.block(0, 0)), here.now);
        here.swarm.setPiecePriority(3, 7, here.now);
        here.swarm.ban(Stage.address(1).ip(), here.now);
        here.swarm.peerClosed(first, CloseReason.ofFailure(null), here.now);

        assertThat(here.swarm.accepted(Stage.address(2), Stage.handshake(2), here.now))
                .isEqualTo(first);
        assertThat(here.drain()).doesNotContain(new Effect.Close(first, CloseReason.of(Kind.BANNED)));
        assertThat(here.isOpen(first)).isTrue();
    }

    @Test
    void aBannedAddressIsClosedAndNeitherLetInNorDialed() {
        int peer = stage.connect(1);
        stage.swarm.ban(Stage.address(1).ip(), stage.now);
        stage.drain();
        assertThat(stage.closeReason(peer)).isEqualTo(Kind.BANNED);
        assertThat(stage.connect(1)).isEqualTo(-1);
        learn(stage, addresses(1, 1));
        assertThat(stage.dials()).isEmpty();
    }

    // Whom a seed does not need.

    @Test
    void seedsPart() {
        Stage seed = new Stage(LAYOUT, PieceSet.full(LAYOUT.pieces()));
        int other = seed.connect(1);
        seed.hear(other, new PeerMessage.HaveAll());
        assertThat(seed.closeReason(other)).isEqualTo(Kind.NOTHING_TO_TRADE);

        int partial = seed.connect(2);
        seed.hear(
                partial,
                new ExtensionHandshake(new TreeMap<>(), null, null, null, null, null, null, true, null).message());
        assertThat(seed.closeReason(partial)).isEqualTo(Kind.NOTHING_TO_TRADE);

        int leech = seed.connect(3);
        for (int piece = 0; piece < LAYOUT.pieces() && seed.isOpen(leech); piece++) {
            seed.hear(leech, new PeerMessage.Have(piece));
        }
        assertThat(seed.closeReason(leech)).isEqualTo(Kind.NOTHING_TO_TRADE);
    }

    @Test
    void aLeechKeepsSeeds() {
        int seed = stage.connectSeed(1);
        stage.pass(60 * Stage.SECOND);
        assertThat(stage.isOpen(seed)).isTrue();
    }

    // Pause.

    @Test
    void aPauseClosesEverythingAndAStartDialsAgainAtOnce() {
        learn(stage, addresses(0, 1));
        int peer = stage.dials().getFirst().peer();
        stage.swarm.dialed(peer, stage.now);
        stage.swarm.handshakeReceived(peer, Stage.handshake(0), stage.now);
        stage.hear(peer, new PeerMessage.HaveAll());
        stage.hear(peer, new PeerMessage.Unchoke());
        assertThat(stage.open).isNotEmpty();
        stage.deliver(peer, stage.requestedFrom(peer).getFirst());

        stage.swarm.pause(stage.now);
        stage.drain();
        assertThat(stage.closeReason(peer)).isEqualTo(Kind.PAUSED);
        assertThat(stage.open).as("pieces in memory").isEmpty();
        assertThat(stage.connect(1)).isEqualTo(-1);
        assertThat(stage.pass(3600 * Stage.SECOND)).as("timers in an hour").isLessThanOrEqualTo(1);
        stage.effects.clear();

        stage.swarm.start(stage.now);
        stage.drain();
        assertThat(stage.dials()).hasSize(1);
    }
}
