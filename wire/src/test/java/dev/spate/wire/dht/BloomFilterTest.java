package dev.spate.wire.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BloomFilterTest {
    /** BEP 33, "test vectors". */
    private static final String VECTOR = """
            F6C3F5EA A07FFD91 BDE89F77 7F26FB2B FF37BDB8 FB2BBAA2 FD3DDDE7 BACFFF75 EE7CCBAE
            FE5EEDB1 FBFAFF67 F6ABFF5E 43DDBCA3 FD9B9FFD F4FFD3E9 DFF12D1B DF59DB53 DBE9FA5B
            7FF3B8FD FCDE1AFB 8BEDD7BE 2F3EE71E BBBFE93B CDEEFE14 8246C2BC 5DBFF7E7 EFDCF24F
            D8DC7ADF FD8FFFDF DDFFF7A4 BBEEDF5C B95CE81F C7FCFF1F F4FFFFDF E5F7FDCB B7FD79B3
            FA1FC77B FE07FFF9 05B7B7FF C7FEFEFF E0B8370B B0CD3F5B 7F2BD93F EB4386CF DD6F7FD5
            BFAF2E9E BFFFFEEC D67ADBF7 C67F17EF D5D75EBA 6FFEBA7F FF47A91E B1BFBB53 E8ABFB57
            62ABE8FF 237279BF EFBFEEF5 FFC5FEBF DFE5ADFF ADFEE1FB 737FFFFB FD9F6AEF FEEE76B6
            FD8F72EF
            """;

    @Test
    void setsTheBitsOfTheExample() throws UnknownHostException {
        BloomFilter filter = new BloomFilter();
        for (int i = 0; i < 256; i++) {
            filter.add(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) i}));
        }
        for (int i = 0; i <= 0x3e7; i++) {
            filter.add(InetAddress.getByAddress(ByteBuffer.allocate(16)
                    .putInt(0x20010db8)
                    .putLong(0)
                    .putInt(i)
                    .array()));
        }
        byte[] expected = HexFormat.of().parseHex(VECTOR.replaceAll("\\s", ""));
        assertThat(filter.toBytes()).isEqualTo(Bytes.of(expected));
        assertThat(filter.estimate()).isCloseTo(1224.9308, within(0.0001));
        assertThat(filter.mayContain(InetAddress.getByName("192.0.2.77"))).isTrue();
    }

    @Test
    void joinsFilters() throws UnknownHostException {
        BloomFilter one = new BloomFilter();
        assertThat(one.estimate()).isZero();
        one.add(InetAddress.getByName("192.0.2.1"));
        BloomFilter other = new BloomFilter();
        other.add(InetAddress.getByName("192.0.2.2"));
        assertThat(other.mayContain(InetAddress.getByName("192.0.2.1"))).isFalse();
        other.addAll(one.toBytes());
        other.addAll(one.toBytes());
        assertThat(other.estimate()).isCloseTo(2, within(0.01));
        assertThat(other.mayContain(InetAddress.getByName("192.0.2.1"))).isTrue();
    }

    @Test
    void aFullFilterStillHasAnEstimate() {
        byte[] full = new byte[BloomFilter.LENGTH];
        java.util.Arrays.fill(full, (byte) -1);
        BloomFilter filter = new BloomFilter();
        filter.addAll(Bytes.of(full));
        assertThat(filter.estimate()).isFinite().isGreaterThan(6000);
        assertThatThrownBy(() -> filter.addAll(Bytes.EMPTY)).isInstanceOf(IllegalArgumentException.class);
    }
}
