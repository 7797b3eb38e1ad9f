package dev.spate.core.choke;

import static dev.spate.core.choke.ChokeRound.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChokerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1000 * SECOND;
    private static final long QUOTA = 1 << 20;

    private final RandomGenerator random = new SplittableRandom(1);

    /** A candidate as the tests speak of it: interested and choked unless told otherwise. */
    private record Peer(
            int number,
            boolean interested,
            boolean choked,
            boolean snubbed,
            long down,
            long up,
            long since,
            long sent,
            double has) {

        static Peer of(int number) {
            return new Peer(number, true, true, false, 0, 0, 0, 0, 0.5);
        }

        Peer uninterested() {
            return new Peer(number, false, choked, snubbed, down, up, since, sent, has);
        }

        Peer unchoked() {
            return new Peer(number, interested, false, snubbed, down, up, since, sent, has);
        }

        Peer isSnubbed() {
            return new Peer(number, interested, choked, true, down, up, since, sent, has);
        }

        Peer sends(long rate) {
            return new Peer(number, interested, choked, snubbed, rate, up, since, sent, has);
        }

        Peer takes(long rate) {
            return new Peer(number, interested, choked, snubbed, down, rate, since, sent, has);
        }

        Peer since(long seconds) {
            return new Peer(number, interested, choked, snubbed, down, up, seconds * SECOND, sent, has);
        }

        Peer got(long bytes) {
            return new Peer(number, interested, choked, snubbed, down, up, since, bytes, has);
        }

        Peer has(double part) {
            return new Peer(number, interested, choked, snubbed, down, up, since, sent, part);
        }

        ChokeCandidate candidate() {
            return new ChokeCandidate(number, interested, choked, snubbed, down, up, 0, since, sent, has);
        }
    }

    private static Peer peer(int number) {
        return Peer.of(number);
    }

    private static ChokeRound round(ChokeStrategy strategy, int optimistic, boolean rotate, Peer... peers) {
        List<ChokeCandidate> candidates =
                Arrays.stream(peers).map(Peer::candidate).toList();
        return new ChokeRound(candidates, strategy, 4, optimistic, rotate, QUOTA, NOW);
    }

    @Test
    void unchokesTheFastestThreeAndOneOptimistically() {
        ChokeDecision decision = Choker.choose(
                round(
                        ChokeStrategy.LEECHING,
                        NOBODY,
                        false,
                        peer(0).sends(10),
                        peer(1).sends(50),
                        peer(2).sends(40),
                        peer(3).sends(20),
                        peer(4).sends(30),
                        peer(5)),
                random);
        assertThat(decision.unchoked()).hasSize(4).contains(1, 2, 4);
        assertThat(decision.optimistic()).isIn(0, 3, 5);
        assertThat(decision.unchoked()).contains(decision.optimistic());
        assertThat(decision.toUnchoke()).isEqualTo(decision.unchoked());
        assertThat(decision.toChoke()).isEmpty();
    }

    /** BEP 3: "peers which have a better upload rate but aren't interested get unchoked". */
    @Test
    void unchokesFasterPeersThatAreNotInterestedAsWell() {
        ChokeDecision decision = Choker.choose(
                round(
                        ChokeStrategy.LEECHING,
                        5,
                        false,
                        peer(0).sends(90).uninterested(),
                        peer(1).sends(50),
                        peer(2).sends(40),
                        peer(3).sends(30),
                        peer(4).sends(20).uninterested(),
                        peer(5).sends(10).unchoked()),
                random);
        assertThat(decision.unchoked()).containsExactly(0, 1, 2, 3, 5);
        assertThat(decision.optimistic()).isEqualTo(5);
    }

    /** BEP 3: "and if they become interested the worst uploader gets choked". */
    @Test
    void chokesTheWorstWhenAnUnchokedPeerBecomesInterested() {
        ChokeDecision decision = Choker.adjust(round(
                ChokeStrategy.LEECHING,
                5,
                false,
                peer(0).sends(90).unchoked(),
                peer(1).sends(50).unchoked(),
                peer(2).sends(40).unchoked(),
                peer(3).sends(30).unchoked(),
                peer(4).sends(70),
                peer(5).sends(10).unchoked()));
        assertThat(decision.toChoke()).containsExactly(3);
        assertThat(decision.toUnchoke()).isEmpty();
        assertThat(decision.optimistic()).isEqualTo(5);
    }

    @Test
    void fillsAFreeSlotBetweenRoundsWithTheBest() {
        ChokeDecision decision = Choker.adjust(round(
                ChokeStrategy.LEECHING,
                NOBODY,
                false,
                peer(0).sends(1).unchoked(),
                peer(1).sends(1).unchoked(),
                peer(2).sends(1).unchoked(),
                peer(3).sends(90).isSnubbed(),
                peer(4).sends(5),
                peer(5).sends(8),
                peer(6).sends(50).uninterested()));
        assertThat(decision.toUnchoke()).containsExactly(5);
        assertThat(decision.toChoke()).isEmpty();
    }

    @Test
    void leavesAllAsItIsBetweenRoundsWhenTheSlotsAreFull() {
        ChokeDecision decision = Choker.adjust(round(
                ChokeStrategy.LEECHING,
                2,
                true,
                peer(0).unchoked(),
                peer(1).unchoked(),
                peer(2).unchoked(),
                peer(3).unchoked(),
                peer(4).sends(100)));
        assertThat(decision.unchoked()).containsExactly(0, 1, 2, 3);
        assertThat(decision.optimistic()).isEqualTo(2);
        assertThat(decision.toChoke()).isEmpty();
        assertThat(decision.toUnchoke()).isEmpty();
    }

    @Test
    void givesEveryInterestedPeerASlotWhileThereAreEnough() {
        ChokeDecision decision = Choker.choose(
                round(
                        ChokeStrategy.LEECHING,
                        NOBODY,
                        false,
                        peer(0),
                        peer(1).isSnubbed(),
                        peer(2),
                        peer(3).uninterested()),
                random);
        assertThat(decision.unchoked()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void chokesWhoHasSnubbedUsHoweverFastItWas() {
        ChokeDecision decision = Choker.choose(
                round(
                        ChokeStrategy.LEECHING,
                        4,
                        false,
                        peer(0).sends(90).isSnubbed().unchoked(),
                        peer(1).sends(1),
                        peer(2).sends(2),
                        peer(3).sends(3),
                        peer(4).unchoked()),
                random);
        assertThat(decision.unchoked()).containsExactly(1, 2, 3, 4);
        assertThat(decision.toChoke()).containsExactly(0);
    }

    /** Choked by all: more than one optimistic unchoke, so that the swarm finds us again. */
    @Test
    void unchokesSnubbersOptimisticallyWhenNobodyElseIsLeft() {
        Peer[] peers = new Peer[8];
        for (int i = 0; i < peers.length; i++) {
            peers[i] = peer(i).isSnubbed();
        }
        ChokeDecision decision = Choker.choose(round(ChokeStrategy.LEECHING, NOBODY, false, peers), random);
        assertThat(decision.unchoked()).hasSize(4);
        for (int unchoked : decision.unchoked()) {
            peers[unchoked] = peers[unchoked].unchoked();
        }
        ChokeDecision next = Choker.choose(round(ChokeStrategy.LEECHING, decision.optimistic(), false, peers), random);
        assertThat(next.unchoked()).isEqualTo(decision.unchoked());
    }

    @Test
    void keepsTheOptimisticUnchokeUntilItsTurnIsOver() {
        Peer[] peers = {
            peer(0).sends(9), peer(1).sends(8), peer(2).sends(7), peer(3).unchoked(), peer(4), peer(5), peer(6), peer(7)
        };
        for (int i = 0; i < 20; i++) {
            assertThat(Choker.choose(round(ChokeStrategy.LEECHING, 3, false, peers), random)
                            .optimistic())
                    .isEqualTo(3);
            assertThat(Choker.choose(round(ChokeStrategy.LEECHING, 3, true, peers), random)
                            .optimistic())
                    .isIn(4, 5, 6, 7);
        }
    }

    @Test
    void keepsTheOptimisticUnchokeWhenThereIsNoOther() {
        Peer[] peers = {peer(0).sends(9), peer(1).sends(8), peer(2).sends(7), peer(3).unchoked()};
        ChokeDecision decision = Choker.choose(round(ChokeStrategy.LEECHING, 3, true, peers), random);
        assertThat(decision.optimistic()).isEqualTo(3);
    }

    @Test
    void drawsAnotherOptimisticUnchokeWhenThePresentOneEarnsItsPlace() {
        Peer[] peers = {peer(0).sends(9), peer(1).sends(8), peer(2).sends(10).unchoked(), peer(3), peer(4)};
        ChokeDecision decision = Choker.choose(round(ChokeStrategy.LEECHING, 2, false, peers), random);
        assertThat(decision.unchoked()).contains(0, 1, 2);
        assertThat(decision.optimistic()).isIn(3, 4);
    }

    /** BEP 3: "new connections are three times as likely". One newcomer among four: 3 of 6 draws. */
    @Test
    void drawsANewcomerThreeTimesAsOften() {
        List<ChokeCandidate> candidates = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            candidates.add(peer(i).sends(Math.max(0, 9 - 3 * i)).candidate());
        }
        candidates.add(new ChokeCandidate(6, true, true, false, 0, 0, NOW, ChokeCandidate.NEVER, 0, 0));
        ChokeRound round = new ChokeRound(candidates, ChokeStrategy.LEECHING, 4, NOBODY, true, QUOTA, NOW);
        int[] drawn = new int[7];
        for (int i = 0; i < 6000; i++) {
            drawn[Choker.choose(round, random).optimistic()]++;
        }
        assertThat(drawn[6]).isBetween(2800, 3200);
        assertThat(drawn[3]).isBetween(850, 1150);
        assertThat(drawn[4]).isBetween(850, 1150);
        assertThat(drawn[5]).isBetween(850, 1150);
    }

    @Test
    void seedsToTheFastestTakersBySpeed() {
        ChokeDecision decision = Choker.choose(
                round(
                        ChokeStrategy.FASTEST_UPLOAD,
                        NOBODY,
                        false,
                        peer(0).takes(5).sends(100),
                        peer(1).takes(9),
                        peer(2).takes(8),
                        peer(3).takes(7).isSnubbed(),
                        peer(4).takes(6)),
                random);
        assertThat(decision.unchoked()).contains(1, 2, 3);
        assertThat(decision.optimistic()).isIn(0, 4);
    }

    @Test
    void seedsRoundRobinToWhoHasWaitedLongest() {
        ChokeDecision decision = Choker.choose(
                round(
                        ChokeStrategy.ROUND_ROBIN,
                        NOBODY,
                        true,
                        peer(0).unchoked().since(930).got(QUOTA).takes(99), // had its share
                        peer(1).unchoked().since(930).got(QUOTA - 1), // not yet
                        peer(2).unchoked().since(950).got(QUOTA), // less than a minute
                        peer(3).unchoked().since(690).got(5), // slow for five minutes
                        peer(4).since(100),
                        peer(5).since(50),
                        peer(6).since(200)),
                random);
        assertThat(decision.unchoked()).containsExactly(1, 2, 4, 5);
        assertThat(decision.toChoke()).containsExactly(0, 3);
        assertThat(decision.optimistic()).isEqualTo(NOBODY);
    }

    @Test
    void seedsRoundRobinOnToTheSameWhenNobodyWaits() {
        ChokeDecision decision = Choker.choose(
                round(
                        ChokeStrategy.ROUND_ROBIN,
                        NOBODY,
                        true,
                        peer(0).unchoked().since(1).got(QUOTA),
                        peer(1).uninterested()),
                random);
        assertThat(decision.unchoked()).containsExactly(0, 1);
    }

    @Test
    void seedsAntiLeechToWhoHasBegunOrIsAlmostDone() {
        ChokeDecision decision = Choker.choose(
                round(
                        ChokeStrategy.ANTI_LEECH,
                        NOBODY,
                        false,
                        peer(0).has(0.5),
                        peer(1).has(0.01),
                        peer(2).has(0.99),
                        peer(3).has(0.4),
                        peer(4).has(0.1),
                        peer(5).has(1).uninterested()),
                random);
        assertThat(decision.unchoked()).contains(1, 2, 4).doesNotContain(5);
        assertThat(decision.optimistic()).isIn(0, 3);
    }

    @Test
    void unchokesNobodyWithoutSlots() {
        for (ChokeStrategy strategy : ChokeStrategy.values()) {
            ChokeRound round = new ChokeRound(
                    List.of(
                            peer(0).unchoked().candidate(),
                            peer(1).uninterested().candidate()),
                    strategy,
                    0,
                    0,
                    false,
                    QUOTA,
                    NOW);
            assertThat(Choker.choose(round, random).unchoked()).isEmpty();
            assertThat(Choker.adjust(round).toChoke()).containsExactly(0);
        }
    }

    /** Property: whatever the round, the slots are used as far as there are interested peers, and never more. */
    @Test
    void usesExactlyTheSlotsThatThereAre() {
        for (int seed = 0; seed < 3000; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            ChokeRound round = randomRound(dice);
            ChokeDecision chosen = Choker.choose(round, dice);
            check("choose, seed " + seed, round, chosen);
            check("adjust, seed " + seed, round, Choker.adjust(round));
            ChokeRound settled = applied(round, chosen);
            ChokeDecision again = Choker.adjust(settled);
            assertThat(again.toChoke()).as("settled, seed %d", seed).isEmpty();
            assertThat(again.toUnchoke()).as("settled, seed %d", seed).isEmpty();
        }
    }

    /** Property: the answer does not depend on the order in which the peers are listed, as far as nothing is drawn. */
    @Test
    void ranksWithoutRegardToTheOrderOfTheList() {
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            ChokeRound round = randomRound(dice);
            List<ChokeCandidate> reversed = round.candidates().reversed();
            ChokeRound other = new ChokeRound(
                    reversed, round.strategy(), round.slots(), round.optimistic(), false, QUOTA, round.now());
            assertThat(Choker.adjust(other).unchoked())
                    .as("seed %d", seed)
                    .isEqualTo(Choker.adjust(round).unchoked());
        }
    }

    private static void check(String as, ChokeRound round, ChokeDecision decision) {
        int interested = 0;
        int served = 0;
        for (ChokeCandidate candidate : round.candidates()) {
            boolean unchoked = decision.unchoked().contains(candidate.peer());
            interested += candidate.peerInterested() ? 1 : 0;
            served += candidate.peerInterested() && unchoked ? 1 : 0;
            assertThat(decision.toUnchoke().contains(candidate.peer()))
                    .as(as)
                    .isEqualTo(unchoked && candidate.weChokePeer());
            assertThat(decision.toChoke().contains(candidate.peer()))
                    .as(as)
                    .isEqualTo(!unchoked && !candidate.weChokePeer());
        }
        assertThat(served).as(as).isEqualTo(Math.min(interested, round.slots()));
        assertThat(decision.unchoked()).as(as).isSorted().doesNotHaveDuplicates();
        if (decision.optimistic() != NOBODY) {
            assertThat(decision.unchoked()).as(as).contains(decision.optimistic());
        }
    }

    private static ChokeRound applied(ChokeRound round, ChokeDecision decision) {
        List<ChokeCandidate> next = new ArrayList<>();
        for (ChokeCandidate c : round.candidates()) {
            boolean choked = !decision.unchoked().contains(c.peer());
            long unchokedAt = decision.toUnchoke().contains(c.peer()) ? round.now() : c.unchokedAt();
            next.add(new ChokeCandidate(
                    c.peer(),
                    c.peerInterested(),
                    choked,
                    c.snubbed(),
                    c.downloadRate(),
                    c.uploadRate(),
                    c.connectedAt(),
                    unchokedAt,
                    0,
                    c.progress()));
        }
        return new ChokeRound(next, round.strategy(), round.slots(), decision.optimistic(), false, QUOTA, round.now());
    }

    private static ChokeRound randomRound(SplittableRandom dice) {
        int peers = dice.nextInt(30);
        int optimistic = dice.nextInt(-1, 31);
        List<ChokeCandidate> candidates = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            boolean newcomer = dice.nextInt(3) == 0;
            boolean choked = newcomer || dice.nextBoolean();
            candidates.add(new ChokeCandidate(
                    i,
                    dice.nextBoolean(),
                    choked,
                    dice.nextInt(4) == 0,
                    dice.nextInt(5),
                    dice.nextInt(5),
                    dice.nextLong(NOW),
                    newcomer ? ChokeCandidate.NEVER : dice.nextLong(NOW),
                    dice.nextLong(2 * QUOTA),
                    dice.nextDouble()));
        }
        ChokeStrategy strategy = List.of(ChokeStrategy.values()).get(dice.nextInt(4));
        return new ChokeRound(candidates, strategy, dice.nextInt(8), optimistic, dice.nextBoolean(), QUOTA, NOW);
    }
}
