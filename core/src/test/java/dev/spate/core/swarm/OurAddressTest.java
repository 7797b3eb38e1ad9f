package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class OurAddressTest {
    private final OurAddress ours = new OurAddress(6881);

    private static InetAddress ip(int number) {
        return PeerAddress.of(new byte[] {5, 5, (byte) (number >> 8), (byte) number}, 0)
                .ip();
    }

    @Test
    void onePeerAloneIsNotBelieved() {
        assertThat(ours.claimed(ip(1), ip(100))).isFalse();
        assertThat(ours.claimed(ip(1), ip(100))).as("the same voice twice").isFalse();
        assertThat(ours.claimed(ip(1), ip(101))).isTrue();
        assertThat(ours.known()).isEqualTo(new PeerAddress(ip(1), 6881));
        assertThat(ours.claimed(ip(1), ip(102))).as("no news").isFalse();
    }

    @Test
    void aTrackerIsBelieved() {
        assertThat(ours.told(ip(3))).isTrue();
        assertThat(ours.told(ip(3))).isFalse();
        assertThat(ours.known().ip()).isEqualTo(ip(3));
    }

    @Test
    void ofManyClaimsOnlyTheLatestAreRemembered() {
        ours.claimed(ip(0), ip(1000));
        for (int i = 1; i < 1000; i++) {
            ours.claimed(ip(i), ip(1000));
        }
        assertThat(ours.claimed(ip(0), ip(1001)))
                .as("the first claim is forgotten")
                .isFalse();
        assertThat(ours.claimed(ip(999), ip(1001))).isTrue();
    }
}
