package dev.spate.wire.dht;

import dev.spate.wire.Digest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A place in the DHT's space of 160 bits: the id of a node, or the info-hash or target that nodes are looked up for, which
 * live in the same space (BEP 5, "overview"). Immutable, ordered as an unsigned number.
 *
 * <p>Kept as two and a half words and not as bytes, since the hot path of a node is the comparison of distances.
 */
public final class NodeId implements Comparable<NodeId> {
    public static final int LENGTH = 20;
    public static final int BITS = 160;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final long high;
    private final long middle;
    private final int low;

    private NodeId(long high, long middle, int low) {
        this.high = high;
        this.middle = middle;
        this.low = low;
    }

    /** The id of 20 bytes. */
    public static NodeId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a node id has 20 bytes, not " + bytes.length);
        }
        return at(bytes, 0);
    }

    /** The place of an info-hash or another SHA-1. */
    public static NodeId of(Digest sha1) {
        return of(sha1.toBytes());
    }

    /** Reads 40 hexadecimal digits. */
    public static NodeId ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    public static NodeId random(RandomGenerator random) {
        return new NodeId(random.nextLong(), random.nextLong(), random.nextInt());
    }

    /** The 20 bytes that begin at an offset. */
    static NodeId at(byte[] bytes, int offset) {
        return new NodeId(
                (long) LONG.get(bytes, offset), (long) LONG.get(bytes, offset + 8), (int) INT.get(bytes, offset + 16));
    }

    /**
     * A random id that shares exactly so many of the first bits with this one.
     *
     * @param bits 0 to 159; bit {@code bits} differs
     */
    public NodeId randomWithPrefix(int bits, RandomGenerator random) {
        if (bits < 0 || bits >= BITS) {
            throw new IllegalArgumentException("no other id has " + bits + " bits in common");
        }
        NodeId any = random(random);
        return new NodeId(blend(high, any.high, bits), blend(middle, any.middle, bits - 64), (int)
                (blend((long) low << 32, (long) any.low << 32, bits - 128) >>> 32));
    }

    /** The first {@code bits} bits of one word, the next one turned round, and then those of the other. */
    private static long blend(long mine, long other, int bits) {
        if (bits < 0) {
            return other;
        }
        if (bits >= 64) {
            return mine;
        }
        long turned = Long.MIN_VALUE >>> bits;
        long kept = bits == 0 ? 0 : -1L << (64 - bits);
        return (mine & kept) | (~mine & turned) | (other & ~kept & ~turned);
    }

    /** The distance between the two as a place of its own (BEP 5: {@code A xor B}). */
    public NodeId distance(NodeId other) {
        return new NodeId(high ^ other.high, middle ^ other.middle, low ^ other.low);
    }

    /** How many of the first bits are the same: 160 less the length in bits of the distance. */
    public int commonPrefix(NodeId other) {
        if (high != other.high) {
            return Long.numberOfLeadingZeros(high ^ other.high);
        }
        if (middle != other.middle) {
            return 64 + Long.numberOfLeadingZeros(middle ^ other.middle);
        }
        return 128 + Integer.numberOfLeadingZeros(low ^ other.low);
    }

    /** Compares how far two ids are from this one: negative when {@code a} is nearer. */
    public int compareDistance(NodeId a, NodeId b) {
        if (a.high != b.high) {
            return Long.compareUnsigned(a.high ^ high, b.high ^ high);
        }
        if (a.middle != b.middle) {
            return Long.compareUnsigned(a.middle ^ middle, b.middle ^ middle);
        }
        return Integer.compareUnsigned(a.low ^ low, b.low ^ low);
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[LENGTH];
        writeTo(ByteBuffer.wrap(bytes));
        return bytes;
    }

    public Digest toDigest() {
        return Digest.of(toBytes());
    }

    /** Puts the 20 bytes at the buffer's position; its order must be that of the network. */
    public void writeTo(ByteBuffer into) {
        into.putLong(high).putLong(middle).putInt(low);
    }

    @Override
    public int compareTo(NodeId other) {
        int order = Long.compareUnsigned(high, other.high);
        if (order == 0) {
            order = Long.compareUnsigned(middle, other.middle);
        }
        return order != 0 ? order : Integer.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof NodeId other && high == other.high && middle == other.middle && low == other.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 + middle) * 31 + low;
    }

    /** Lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
