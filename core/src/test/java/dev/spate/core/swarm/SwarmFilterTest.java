package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.filter.IpFilter;
import dev.spate.core.filter.IpFilterBuilder;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The user's list of addresses in a swarm. */
class SwarmFilterTest {
    private final PieceLayout layout = new PieceLayout(10 * 32768L, 32768);
    private final Stage stage = new Stage(layout, new PieceSet(10));

    private void block(int... numbers) {
        var ranges = new IpFilterBuilder();
        for (int number : numbers) {
            ranges.add(Stage.address(number).ip(), Stage.address(number).ip(), true);
        }
        stage.swarm.setFilter(ranges.build(), stage.now);
        stage.drain();
    }

    private void learn(int... numbers) {
        for (int number : numbers) {
            stage.swarm.addPeers(PeerSource.TRACKER, List.of(Stage.address(number)), stage.now);
        }
        stage.drain();
    }

    @Test
    void whoIsOnTheListIsNotDialed() {
        block(1);
        learn(1, 2);
        stage.pass(Stage.SECOND);
        assertThat(stage.dials()).extracting(Effect.Dial::address).containsExactly(Stage.address(2));
    }

    @Test
    void candidatesThatGetOntoTheListAreForgottenAndMayBeLearnedWhenTheyAreOff() {
        stage.swarm.pause(stage.now);
        learn(1);
        block(1);
        stage.swarm.start(stage.now);
        stage.drain();
        stage.pass(Stage.SECOND);
        assertThat(stage.dials()).isEmpty();

        stage.swarm.setFilter(IpFilter.none(), stage.now);
        learn(1);
        stage.pass(Stage.SECOND);
        assertThat(stage.dials()).extracting(Effect.Dial::address).containsExactly(Stage.address(1));
    }

    @Test
    void whoIsConnectedWhenItGetsOntoTheListIsClosed() {
        int one = stage.connect(1);
        int two = stage.connect(2);
        learn(3);
        int three = stage.dials().getFirst().peer();
        block(1, 3);
        assertThat(stage.closeReason(one)).isEqualTo(Kind.FILTERED);
        assertThat(stage.closeReason(three)).isEqualTo(Kind.FILTERED);
        assertThat(stage.isOpen(two)).isTrue();
        stage.pass(600 * Stage.SECOND);
        assertThat(stage.dials()).isEmpty();
    }

    @Test
    void whoIsOnTheListIsNotLetIn() {
        block(1);
        assertThat(stage.connect(1)).isEqualTo(-1);
        assertThat(stage.events).contains(new SwarmEvent.PeerRefused(Stage.address(1), CloseReason.of(Kind.FILTERED)));
    }
}
