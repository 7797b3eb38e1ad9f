package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import org.junit.jupiter.api.Test;

/** A swarm in which nothing happens costs next to nothing. */
class SwarmIdleTest {
    private static final PieceLayout LAYOUT = new PieceLayout(20L * 65536, 65536);
    private static final int PEERS = 1000;

    @Test
    void aThousandIdlePeersNeedAFewTimersAnHour() {
        Stage stage = new Stage(
                LAYOUT, PieceSet.full(LAYOUT.pieces()), SwarmSettings.DEFAULTS.withMaxConnections(2 * PEERS), false);
        stage.swarm.setTrackers(java.util.List.of(), stage.now);
        for (int i = 0; i < PEERS; i++) {
            stage.connect(1000 + i);
            stage.hear(i, new PeerMessage.HaveNone());
            stage.pass(Stage.SECOND / 10);
        }
        int timers = 0;
        int keepAlives = 0;
        for (int minute = 0; minute < 60; minute++) {
            stage.effects.clear();
            timers += stage.pass(60 * Stage.SECOND);
            for (Effect effect : stage.effects) {
                keepAlives += effect instanceof Effect.Send ? 1 : 0;
            }
            if (minute % 2 == 0) {
                for (int i = 0; i < PEERS; i++) {
                    stage.swarm.messageReceived(i, new PeerMessage.KeepAlive(), stage.now);
                }
                stage.drain();
            }
        }
        assertThat(stage.swarm.stats(stage.now).peers()).isEqualTo(PEERS);
        assertThat(keepAlives).isBetween(25 * PEERS, 40 * PEERS);
        assertThat(timers).isLessThan(250);
    }

    @Test
    void anEmptySwarmHasNoTimerAtAll() {
        Stage stage = new Stage(LAYOUT, PieceSet.full(LAYOUT.pieces()));
        stage.swarm.setTrackers(java.util.List.of(), stage.now);
        stage.drain();
        assertThat(stage.swarm.deadline()).isEqualTo(Long.MAX_VALUE);
    }
}
