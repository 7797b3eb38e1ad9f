package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.filter.IpFilterBuilder;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BansTest {
    private final Bans bans = new Bans();
    private final Random random = new Random(1);

    private static PeerAddress address(int number) {
        return PeerAddress.of(new byte[] {9, (byte) number, (byte) (number >> 8), (byte) (number >> 16)}, 1);
    }

    @Test
    void aBadPeerDoesNotTakeItsNeighboursWithIt() {
        PeerId bad = PeerId.random("-XX0000-", random);
        PeerId good = PeerId.random("-XX0000-", random);
        bans.banPeer(address(1), bad);

        assertThat(bans.isBanned(address(1).ip(), bad)).isTrue();
        assertThat(bans.isBanned(address(1).ip(), good)).isFalse();
        assertThat(bans.isBanned(address(2).ip(), bad)).isFalse();
        assertThat(bans.isDoubtful(address(1).ip())).isTrue();
        assertThat(bans.isDoubtful(address(2).ip())).isFalse();
    }

    @Test
    void aBannedAddressTakesAll() {
        bans.banAddress(address(1).ip());
        assertThat(bans.isBanned(address(1).ip(), PeerId.random("", random))).isTrue();
    }

    @Test
    void isBounded() {
        IpFilterBuilder all = new IpFilterBuilder();
        all.add(address(0).ip(), PeerAddress.of(new byte[] {9, -1, -1, -1}, 1).ip(), true);
        bans.filter(all.build());
        for (int i = 0; i < 2 * Bans.BOUND; i++) {
            assertThat(bans.turnsAway(address(i).ip())).isTrue();
            bans.banAddress(address(i).ip());
            bans.banPeer(address(i), PeerId.random("", random));
        }
        assertThat(bans.turnedAway()).isEqualTo(Bans.BOUND);
        assertThat(bans.size()).isEqualTo(2 * Bans.BOUND);
        assertThat(bans.isBanned(address(0).ip())).isFalse();
        assertThat(bans.isBanned(address(2 * Bans.BOUND - 1).ip())).isTrue();
    }
}
