package dev.spate.wire.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Seeds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecureIdsTest {

    /** BEP 42, "node ID restriction", test vectors. */
    @ParameterizedTest
    @CsvSource({
        "124.31.75.21, 5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401",
        "21.75.31.124, 5a3ce9c14e7a08645677bbd1cfe7d8f956d53256",
        "65.23.51.170, a5d43220bc8f112a3d426c84764f8c2a1150e616",
        "84.124.73.14, 1b0321dd1bb1fe518101ceef99462b947a01ff41",
        "43.213.53.83, e56f6cbf5b7c4be0237986d5243b87aa6d51305a"
    })
    void allowsTheExamples(String address, String id) throws UnknownHostException {
        assertThat(SecureIds.allows(InetAddress.getByName(address), NodeId.ofHex(id)))
                .isTrue();
        assertThat(SecureIds.allows(InetAddress.getByName("8.8.8.8"), NodeId.ofHex(id)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"198.51.100.7", "2001:db8:1:2::3", "8.8.4.4"})
    void makesWhatItAllows(String text) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(text);
        Seeds.run(50, random -> {
            NodeId id = SecureIds.make(address, random);
            assertThat(SecureIds.allows(address, id)).isTrue();
            // The last bound bit, and the number in the last byte.
            assertThat(SecureIds.allows(address, flipped(id, 20))).isFalse();
            assertThat(SecureIds.allows(address, flipped(id, 159))).isFalse();
            assertThat(SecureIds.allows(address, flipped(id, 21))).isTrue();
            assertThat(SecureIds.allows(address, flipped(id, 156))).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, true",
        "172.16.0.1, true",
        "192.168.9.9, true",
        "169.254.1.1, true",
        "127.0.0.1, true",
        "::1, true",
        "fd00::1, true",
        "fe80::1, true",
        "11.0.0.1, false",
        "172.32.0.1, false",
        "2001:db8::1, false"
    })
    void exemptsLocalNetworks(String text, boolean local) throws UnknownHostException {
        assertThat(SecureIds.isLocal(InetAddress.getByName(text))).isEqualTo(local);
    }

    @Test
    void anyIdWillDoOnThisMachine() {
        assertThat(SecureIds.allows(InetAddress.getLoopbackAddress(), NodeId.of(new byte[20])))
                .isTrue();
    }

    private static NodeId flipped(NodeId id, int bit) {
        byte[] bytes = id.toBytes();
        bytes[bit / 8] ^= (byte) (0x80 >>> bit % 8);
        return NodeId.of(bytes);
    }
}
