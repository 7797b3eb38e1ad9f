package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.choke.Choking;
import dev.spate.core.choke.Trader;
import dev.spate.core.choke.Trading;
import dev.spate.core.choke.UplinkEstimate;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A swarm that trades by a rule that says how fast each peer is served. What the rules say is tested in {@code core.choke}. */
class SwarmTradingTest {
    private static final PieceLayout LAYOUT = new PieceLayout(200L * 65536, 65536);
    private static final int BLOCKS_A_SECOND = (int) (UplinkEstimate.NEW.allowed() / PieceLayout.BLOCK_LENGTH);

    private static Stage leech(Trading rule) {
        PieceSet half = new PieceSet(LAYOUT.pieces());
        for (int piece = 0; piece < LAYOUT.pieces() / 2; piece++) {
            half.add(piece);
        }
        return new Stage(LAYOUT, half, SwarmSettings.DEFAULTS.withTrading(rule), false);
    }

    /** A peer that has asked for 400 blocks. */
    private static int hungry(Stage stage, int number) {
        int peer = stage.connect(number);
        stage.hear(peer, new PeerMessage.Interested());
        for (int i = 0; i < 400; i++) {
            stage.hear(peer, new PeerMessage.Request(LAYOUT.block(i / 4, i % 4)));
        }
        return peer;
    }

    /** Lets time pass, and takes blocks whenever it is said that there are some. */
    private static int taken(Stage stage, int peer, int milliseconds) {
        int blocks = 0;
        for (int passed = 0; passed < milliseconds; passed += 10) {
            if (stage.effects.contains(new Effect.BlocksReady(peer))) {
                stage.effects.clear();
                blocks += pull(stage, peer);
            }
            stage.pass(10_000_000);
        }
        return blocks;
    }

    private static int pull(Stage stage, int peer) {
        int blocks = 0;
        while (stage.swarm.takeBlock(peer, stage.now) != null) {
            blocks++;
        }
        stage.drain();
        return blocks;
    }

    @ParameterizedTest
    @EnumSource(
            value = Trading.class,
            names = {"BIT_TYRANT", "PROP_SHARE"})
    void aPeerGetsWhatItIsAllowedAndTheShellIsToldWhenThereIsMore(Trading rule) {
        Stage stage = leech(rule);
        int peer = hungry(stage, 1);

        assertThat(taken(stage, peer, 5_000)).isBetween(5 * BLOCKS_A_SECOND * 9 / 10, 5 * BLOCKS_A_SECOND + 2);
    }

    @Test
    void withBep3ItGetsAsMuchAsTheShellTakes() {
        Stage stage = leech(Trading.TIT_FOR_TAT);
        assertThat(pull(stage, hungry(stage, 1))).isEqualTo(400);
    }

    @Test
    void anotherRuleHoldsAtOnce() {
        Stage stage = leech(Trading.BIT_TYRANT);
        int peer = hungry(stage, 1);
        assertThat(taken(stage, peer, 1_000)).isLessThan(2 * BLOCKS_A_SECOND);

        stage.effects.clear();
        stage.swarm.setChoking(Choking.DEFAULT, stage.now);
        stage.drain();
        assertThat(stage.effects).contains(new Effect.BlocksReady(peer));
        assertThat(pull(stage, peer)).isGreaterThan(300);
    }

    @Test
    void aSeedHasNothingToTradeFor() {
        Stage seed = new Stage(
                LAYOUT, PieceSet.full(LAYOUT.pieces()), SwarmSettings.DEFAULTS.withTrading(Trading.PROP_SHARE), false);
        assertThat(pull(seed, hungry(seed, 1))).isEqualTo(400);
    }

    @Test
    void whoeverIsChokedOrGoneWaitsForNothing() {
        Stage stage = leech(Trading.BIT_TYRANT);
        int peer = hungry(stage, 1);
        assertThat(stage.swarm.deadline()).isLessThan(stage.now + Stage.SECOND);
        stage.hear(peer, new PeerMessage.NotInterested());
        stage.swarm.peerClosed(peer, new CloseReason(Kind.CONNECTION_FAILED, "over"), stage.now);
        stage.drain();
        stage.effects.clear();
        stage.pass(Stage.SECOND);
        assertThat(stage.effects).doesNotContain(new Effect.BlocksReady(peer));
        int next = hungry(stage, 2);
        assertThat(next).as("the number is given again").isEqualTo(peer);
        assertThat(taken(stage, next, 1_000)).isPositive();
    }

    @Test
    void noMoreAreServedThanTheRulesAllow() {
        Stage stage = leech(Trading.BIT_TYRANT);
        for (int i = 0; i < SwarmSettings.DEFAULTS.maxConnections(); i++) {
            int peer = stage.connect(i);
            stage.hear(peer, new PeerMessage.Interested());
        }
        stage.pass(11 * Stage.SECOND);
        assertThat(stage.swarm.peers(stage.now).stream().filter(each -> !each.weChokePeer()))
                .hasSizeBetween(1, Trader.MOST_SERVED);
    }
}
