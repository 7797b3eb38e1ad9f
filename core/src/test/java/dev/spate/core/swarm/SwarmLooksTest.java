package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.filter.IpFilter;
import dev.spate.core.filter.IpFilterBuilder;
import dev.spate.core.peer.CloseReason;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a swarm shows to those who ask why nothing moves. */
class SwarmLooksTest {
    private final Stage stage = new Stage(new PieceLayout(4 * 32768L, 32768), new PieceSet(4));

    private Outlook outlook() {
        return stage.swarm.outlook(stage.now);
    }

    @Test
    void addressesThatFailAreCountedWithTheirReason() {
        assertThat(outlook()).isEqualTo(new Outlook(0, 0, 0, null, 0, 0, 80));
        stage.swarm.addPeers(PeerSource.TRACKER, List.of(Stage.address(1), Stage.address(2)), stage.now);
        stage.drain();
        stage.pass(Stage.SECOND);
        assertThat(outlook().connections()).isEqualTo(2);

        CloseReason refused = new CloseReason(CloseReason.Kind.CONNECTION_FAILED, "Connection refused");
        stage.dials().forEach(dial -> stage.swarm.peerClosed(dial.peer(), refused, stage.now));
        stage.drain();
        assertThat(outlook()).isEqualTo(new Outlook(0, 2, 0, refused, 0, 0, 80));
    }

    @Test
    void addressesThatTheListTurnsAwayAreCountedOnceAndForgottenWithTheList() {
        InetAddress ip = Stage.address(1).ip();
        IpFilterBuilder list = new IpFilterBuilder();
        list.add(ip, ip, true);
        stage.swarm.setFilter(list.build(), stage.now);
        for (int i = 0; i < 3; i++) {
            stage.swarm.addPeers(PeerSource.TRACKER, List.of(Stage.address(1)), stage.now);
        }
        assertThat(outlook().turnedAway()).isEqualTo(1);
        stage.swarm.setFilter(IpFilter.none(), stage.now);
        assertThat(outlook().turnedAway()).isZero();
    }

    @Test
    void whatNobodyHasIsScarce() {
        assertThat(stage.swarm.scarcity()).isEqualTo(new Scarcity(4, 4, 0));
        int one = stage.connect(1);
        stage.hear(one, new PeerMessage.Have(0));
        stage.hear(one, new PeerMessage.Have(1));
        stage.hear(one, new PeerMessage.Have(2));
        assertThat(stage.swarm.scarcity()).isEqualTo(new Scarcity(4, 1, 0.75));
        stage.swarm.setPiecePriority(3, 0, stage.now);
        assertThat(stage.swarm.scarcity()).isEqualTo(new Scarcity(3, 0, 1));
        int two = stage.connect(2);
        stage.hear(two, new PeerMessage.Have(0));
        assertThat(stage.swarm.scarcity().copies()).isBetween(1.33, 1.34);
    }
}
