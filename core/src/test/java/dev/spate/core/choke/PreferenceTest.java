package dev.spate.core.choke;

import static dev.spate.core.choke.ChokeRound.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The course's choking rules, as pure functions. */
class PreferenceTest {
    private final RandomGenerator random = new SplittableRandom(7);

    private static ChokeCandidate peer(int number, boolean interested, boolean choked, long rate) {
        return new ChokeCandidate(
                number, interested, choked, false, rate, 0, 0, choked ? ChokeCandidate.NEVER : 0, 0, 0.5);
    }

    private static ChokeRound round(int slots, int optimistic, ChokeCandidate... candidates) {
        return new ChokeRound(List.of(candidates), ChokeStrategy.LEECHING, slots, optimistic, false, 1, 0);
    }

    @Test
    void prefersTheFastestOfThoseWhoAreInterested() {
        ChokeRound round = round(
                2,
                NOBODY,
                peer(1, true, true, 5),
                peer(2, false, true, 100),
                peer(3, true, true, 9),
                peer(4, true, false, 1));

        ChokeDecision decision = Preference.best(round, random).decision();

        assertThat(decision.unchoked()).containsExactly(1, 3);
        assertThat(decision.toUnchoke()).containsExactly(1, 3);
        assertThat(decision.toChoke()).containsExactly(4);
    }

    @Test
    void leavesTheOptimisticNeighbourUnchoked() {
        ChokeRound round = round(1, 4, peer(1, true, true, 5), peer(3, true, false, 9), peer(4, false, false, 1));

        Preference.Chosen chosen = Preference.best(round, random);

        assertThat(chosen.best()).containsExactly(3);
        assertThat(chosen.decision().unchoked()).containsExactly(3, 4);
        assertThat(chosen.decision().toChoke()).isEmpty();
        assertThat(chosen.decision().optimistic()).isEqualTo(4);
    }

    @Test
    void oneMayBePreferredAndOptimisticAtOnce() {
        ChokeRound round = round(1, 3, peer(1, true, true, 5), peer(3, true, false, 9));

        Preference.Chosen chosen = Preference.best(round, random);

        assertThat(chosen.best()).containsExactly(3);
        assertThat(chosen.decision().unchoked()).containsExactly(3);
    }

    /** Among equals the lot decides, each time anew; each of four gets about its half of the turns. */
    @Test
    void tiesAreBrokenByLot() {
        int[] turns = new int[5];
        for (int i = 0; i < 1000; i++) {
            Preference.best(
                            round(
                                    2,
                                    NOBODY,
                                    peer(1, true, false, 0),
                                    peer(2, true, false, 0),
                                    peer(3, true, true, 0),
                                    peer(4, true, true, 0)),
                            random)
                    .best()
                    .forEach(number -> turns[number]++);
        }

        for (int number = 1; number <= 4; number++) {
            assertThat(turns[number]).isBetween(400, 600);
        }
    }

    @Test
    void anotherIsOptimisticAndTheFormerOneIsChoked() {
        ChokeDecision decision = Preference.rotate(
                round(1, 4, peer(1, true, false, 5), peer(3, true, true, 9), peer(4, true, false, 1)),
                List.of(1),
                random);

        assertThat(decision.optimistic()).isEqualTo(3);
        assertThat(decision.toUnchoke()).containsExactly(3);
        assertThat(decision.toChoke()).containsExactly(4);
    }

    @Test
    void theOptimisticNeighbourStaysWhenNobodyElseWaits() {
        ChokeDecision decision = Preference.rotate(
                round(1, 4, peer(1, true, false, 5), peer(3, false, true, 9), peer(4, true, false, 1)),
                List.of(1),
                random);

        assertThat(decision.optimistic()).isEqualTo(4);
        assertThat(decision.toChoke()).isEmpty();
    }

    @Test
    void neverUnchokesMoreThanTheSlotsAndOne() {
        for (int i = 0; i < 2000; i++) {
            List<ChokeCandidate> candidates = new ArrayList<>();
            for (int number = 0; number < random.nextInt(1, 9); number++) {
                candidates.add(peer(number, random.nextBoolean(), random.nextBoolean(), random.nextInt(3)));
            }
            int slots = random.nextInt(4);
            ChokeRound round = new ChokeRound(candidates, ChokeStrategy.LEECHING, slots, NOBODY, false, 1, 0);

            assertThat(Preference.best(round, random).best()).hasSizeLessThanOrEqualTo(slots);
            assertThat(Preference.rotate(round, List.of(), random).unchoked()).hasSizeLessThanOrEqualTo(1);
        }
    }
}
