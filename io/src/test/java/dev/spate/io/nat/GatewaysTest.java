package dev.spate.io.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewaysTest {
    private static final List<String> TABLE = List.of(
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
            "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
            "wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0",
            "down0\t00000000\t0202A8C0\t0002\t0\t0\t1\t00000000\t0\t0\t0",
            "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0",
            "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
            "half0\t00000000\t0303A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0",
            "eth0\tgarbage",
            "eth0\t00000000\tXXXXXXXX\t0003\t0\t0\t0\t00000000\t0\t0\t0");

    @Test
    void findsTheDefaultGatewayOfTheLowestMetric() {
        assertThat(Gateways.find(TABLE, null, ByteOrder.LITTLE_ENDIAN))
                .contains(InetAddress.ofLiteral("192.168.1.254"));
    }

    @Test
    void findsThatOfAnInterface() {
        assertThat(Gateways.find(TABLE, "eth0", ByteOrder.LITTLE_ENDIAN))
                .contains(InetAddress.ofLiteral("192.168.1.1"));
        assertThat(Gateways.find(TABLE, "tun0", ByteOrder.LITTLE_ENDIAN)).isEmpty();
    }

    @Test
    void knowsTheOrderOfBytes() {
        assertThat(Gateways.find(TABLE, "eth0", ByteOrder.BIG_ENDIAN)).contains(InetAddress.ofLiteral("1.1.168.192"));
    }
}
