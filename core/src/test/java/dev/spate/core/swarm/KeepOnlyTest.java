package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The user wants to deal with some peers only. */
class KeepOnlyTest {
    private final Stage stage = new Stage(new PieceLayout(10 * 32768L, 32768), new PieceSet(10));

    private void keepOnly(Integer... numbers) {
        stage.swarm.keepOnly(List.of(numbers).stream().map(Stage::address).toList(), stage.now);
        stage.drain();
    }

    private void learn(int number) {
        stage.swarm.addPeers(PeerSource.USER, List.of(Stage.address(number)), stage.now);
        stage.drain();
    }

    @Test
    void othersAreClosedAndNeverDialedAgain() {
        learn(1);
        int one = stage.dials().getFirst().peer();
        keepOnly(2);

        assertThat(stage.closeReason(one)).isEqualTo(Kind.NOT_NAMED);
        stage.pass(600 * Stage.SECOND);
        assertThat(stage.dials()).extracting(Effect.Dial::address).doesNotContain(Stage.address(1));
    }

    @Test
    void thoseThatAreNamedStayOrAreDialed() {
        learn(1);
        int one = stage.dials().getFirst().peer();
        keepOnly(1, 2);
        stage.pass(Stage.SECOND);

        assertThat(stage.isOpen(one)).isTrue();
        assertThat(stage.dials()).extracting(Effect.Dial::address).contains(Stage.address(2));
    }

    @Test
    void candidatesThatAreNotNamedAreForgotten() {
        stage.swarm.pause(stage.now);
        learn(1);
        learn(2);
        keepOnly(2);
        stage.swarm.start(stage.now);
        stage.drain();
        stage.pass(600 * Stage.SECOND);

        assertThat(stage.dials()).extracting(Effect.Dial::address).containsOnly(Stage.address(2));
    }

    /** Somebody may be given another chance. */
    @Test
    void whoWasForgottenMayBeNamedAgain() {
        learn(1);
        keepOnly();
        stage.pass(Stage.SECOND);
        keepOnly(1);
        stage.pass(Stage.SECOND);

        assertThat(stage.dials()).extracting(Effect.Dial::address).containsExactly(Stage.address(1), Stage.address(1));
    }
}
