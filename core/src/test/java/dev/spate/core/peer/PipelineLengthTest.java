package dev.spate.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PipelineLengthTest {
    private static final long SECOND = 1_000_000_000L;

    private final PipelineLength length = new PipelineLength();

    @Test
    void beginsAtTheFloorAndDoublesEachRoundTrip() {
        length.peerAccepts(2000);
        assertThat(length.length()).isEqualTo(PipelineLength.FLOOR);

        int roundTrips = 0;
        long now = 0;
        while (length.length() < PipelineLength.CEILING) {
            int inFlight = length.length();
            now += SECOND / 1000;
            for (int i = 0; i < inFlight; i++) {
                length.arrived(1_000_000_000L, now);
            }
            assertThat(length.length()).isEqualTo(Math.min(2 * inFlight, PipelineLength.CEILING));
            roundTrips++;
        }
        assertThat(roundTrips).isEqualTo(7);
    }

    @Test
    void keepsWithinWhatThePeerAccepts() {
        length.peerAccepts(10);
        for (int i = 0; i < 100; i++) {
            length.arrived(1_000_000, i);
        }
        assertThat(length.length()).isEqualTo(10);
        length.peerAccepts(1);
        assertThat(length.length()).isEqualTo(1);
    }

    @Test
    void doesNotTrustAPeerThatDoesNotSayHowMuchItAccepts() {
        for (int i = 0; i < 1000; i++) {
            length.arrived(1_000_000_000, i);
        }
        assertThat(length.length()).isEqualTo(PipelineLength.UNKNOWN_REQQ);
    }

    /** A mebibyte a second for four seconds. */
    private void settle() {
        length.peerAccepts(2000);
        for (int i = 0; i <= 4 * 64; i++) {
            length.arrived(1 << 20, i * SECOND / 64);
        }
    }

    @Test
    void settlesAtThreeSecondsOfTheRateOnceItGrowsNoMore() {
        settle();
        assertThat(length.inSlowStart()).isFalse();
        assertThat(length.length()).isEqualTo(3 * 64);
    }

    @Test
    void followsTheRateDownToTheFloorAndUpAgain() {
        settle();
        length.arrived(100, 10 * SECOND);
        assertThat(length.length()).isEqualTo(PipelineLength.FLOOR);
        length.arrived(1 << 22, 12 * SECOND);
        assertThat(length.length()).isEqualTo(PipelineLength.CEILING);
    }

    @Test
    void aSnubbedPeerIsAskedForOneBlockUntilItDelivers() {
        settle();
        length.snub();
        assertThat(length.snubbed()).isTrue();
        assertThat(length.length()).isEqualTo(1);

        length.arrived(100, 20 * SECOND);
        assertThat(length.snubbed()).isFalse();
        assertThat(length.length()).isEqualTo(PipelineLength.FLOOR + 1);
    }
}
