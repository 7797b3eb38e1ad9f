package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** The first two are BEP 40's own examples; the others follow from its masks, with the CRC of what remains. */
class PeerPriorityTest {

    private static PeerAddress address(String ip, int port) throws UnknownHostException {
        return new PeerAddress(InetAddress.getByName(ip), port);
    }

    @Test
    void agreesWithTheExamplesOfBep40() throws UnknownHostException {
        assertThat(PeerPriority.of(address("123.213.32.10", 1), address("98.76.54.32", 1)))
                .isEqualTo(0xec2d7224);
        assertThat(PeerPriority.of(address("123.213.32.10", 1), address("123.213.32.234", 1)))
                .isEqualTo(0x99568189);
    }

    @Test
    void isTheSameFromBothEnds() throws UnknownHostException {
        for (String other : new String[] {"98.76.54.32", "123.213.1.1", "123.213.32.11", "123.213.32.10"}) {
            PeerAddress a = address("123.213.32.10", 6881);
            PeerAddress b = address(other, 6882);
            assertThat(PeerPriority.of(a, b)).isEqualTo(PeerPriority.of(b, a));
        }
        PeerAddress a = address("2001:db8::1", 1);
        PeerAddress b = address("2001:db8:0:1::1", 1);
        assertThat(PeerPriority.of(a, b)).isEqualTo(PeerPriority.of(b, a));
    }

    @Test
    void portsDecideOnOneHost() throws UnknownHostException {
        PeerAddress a = address("123.213.32.10", 6881);
        assertThat(PeerPriority.of(a, address("123.213.32.10", 6882)))
                .isNotEqualTo(PeerPriority.of(a, address("123.213.32.10", 6883)));
    }

    @Test
    void whatTheMaskHidesMakesNoDifference() throws UnknownHostException {
        PeerAddress ours = address("123.213.32.10", 1);
        // 0xAA bits are masked out of the last two bytes.
        assertThat(PeerPriority.of(ours, address("98.76.0.0", 1)))
                .isEqualTo(PeerPriority.of(ours, address("98.76.170.170", 1)));
        assertThat(PeerPriority.of(ours, address("98.76.0.0", 1)))
                .isNotEqualTo(PeerPriority.of(ours, address("98.76.1.0", 1)));
        // In one /16 the third byte counts whole.
        assertThat(PeerPriority.of(ours, address("123.213.0.0", 1)))
                .isNotEqualTo(PeerPriority.of(ours, address("123.213.170.0", 1)));
        PeerAddress six = address("2001:db8:1::1", 1);
        assertThat(PeerPriority.of(six, address("2001:db8:2::", 1)))
                .isEqualTo(PeerPriority.of(six, address("2001:db8:2:aaaa::", 1)));
        assertThat(PeerPriority.of(six, address("2001:db8:1:100::", 1)))
                .isNotEqualTo(PeerPriority.of(six, address("2001:db8:1:a800::", 1)));
    }
}
