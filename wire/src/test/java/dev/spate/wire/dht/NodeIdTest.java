package dev.spate.wire.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Digest;
import dev.spate.wire.Seeds;
import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Ids against a naive model: the big integers that BEP 5 means. */
class NodeIdTest {

    @Test
    void distancesAreThoseOfBigIntegers() {
        Seeds.run(500, random -> {
            NodeId target = NodeId.random(random);
            NodeId a = near(target, random);
            NodeId b = near(target, random);
            BigInteger toA = number(target).xor(number(a));
            BigInteger toB = number(target).xor(number(b));
            assertThat(number(target.distance(a))).isEqualTo(toA);
            assertThat(Integer.signum(target.compareDistance(a, b))).isEqualTo(toA.compareTo(toB));
            assertThat(target.commonPrefix(a)).isEqualTo(NodeId.BITS - toA.bitLength());
            assertThat(Integer.signum(a.compareTo(b))).isEqualTo(number(a).compareTo(number(b)));
            assertThat(NodeId.of(a.toBytes())).isEqualTo(a).hasSameHashCodeAs(a);
            assertThat(NodeId.ofHex(a.toString())).isEqualTo(a);
        });
    }

    @Test
    void aRandomIdHasExactlyTheWantedPrefix() {
        Seeds.run(20, random -> {
            NodeId id = NodeId.random(random);
            for (int bits = 0; bits < NodeId.BITS; bits++) {
                assertThat(id.commonPrefix(id.randomWithPrefix(bits, random))).isEqualTo(bits);
            }
            assertThat(id.commonPrefix(NodeId.of(id.toBytes()))).isEqualTo(NodeId.BITS);
        });
    }

    @Test
    void infoHashesArePlaces() {
        Digest infoHash = Digest.ofHex("00112233445566778899aabbccddeeff00112233");
        assertThat(NodeId.of(infoHash).toDigest()).isEqualTo(infoHash);
        assertThat(NodeId.of(infoHash)).hasToString(infoHash.toString());
    }

    @Test
    void otherLengthsAreNoIds() {
        assertThatThrownBy(() -> NodeId.of(new byte[19])).isInstanceOf(IllegalArgumentException.class);
        NodeId id = NodeId.of(new byte[20]);
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        assertThatThrownBy(() -> id.randomWithPrefix(160, random)).isInstanceOf(IllegalArgumentException.class);
    }

    private static NodeId near(NodeId id, RandomGenerator random) {
        return id.randomWithPrefix(random.nextInt(NodeId.BITS), random);
    }

    private static BigInteger number(NodeId id) {
        return new BigInteger(1, id.toBytes());
    }
}
