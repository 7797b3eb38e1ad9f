package dev.spate.wire.peer;

import java.util.StringJoiner;

/**
 * The eight reserved bytes of a {@link Handshake}, by which each side says what it speaks (BEP 4, "reserved bits").
 *
 * @param bits the bytes as one number, the first byte highest; bits that nobody here knows are kept
 */
public record Reserved(long bits) {
    // BEP 10: bit 20 from the right. BEP 6: reserved[7] |= 0x04. BEP 5: the last bit. BEP 52, "upgrade path".
    private static final long EXTENSIONS = 1L << 20;
    private static final long V2 = 0x10;
    private static final long FAST = 0x04;
    private static final long DHT = 0x01;

    /** No extension at all. */
    public static final Reserved NONE = new Reserved(0);

    /** Whether the sender speaks the fast extension (BEP 6); it is on when both sides do. */
    public boolean fast() {
        return (bits & FAST) != 0;
    }

    /** Whether the sender speaks the extension protocol (BEP 10). */
    public boolean extensions() {
        return (bits & EXTENSIONS) != 0;
    }

    /** Whether the sender has a DHT node, whose port it would tell (BEP 5). */
    public boolean dht() {
        return (bits & DHT) != 0;
    }

    /** Whether the sender of a v1 info-hash could speak about the same torrent's v2 half as well (BEP 52). */
    public boolean v2() {
        return (bits & V2) != 0;
    }

    public Reserved withFast() {
        return new Reserved(bits | FAST);
    }

    public Reserved withExtensions() {
        return new Reserved(bits | EXTENSIONS);
    }

    public Reserved withDht() {
        return new Reserved(bits | DHT);
    }

    public Reserved withV2() {
        return new Reserved(bits | V2);
    }

    /** What both sides speak. */
    public Reserved and(Reserved other) {
        return new Reserved(bits & other.bits);
    }

    /** The hexadecimal digits, and the names of what is known: {@code 0000000000100004 (extensions, fast)}. */
    @Override
    public String toString() {
        StringJoiner names = new StringJoiner(", ", " (", ")");
        names.setEmptyValue("");
        if (extensions()) {
            names.add("extensions");
        }
        if (fast()) {
            names.add("fast");
        }
        if (dht()) {
            names.add("dht");
        }
        if (v2()) {
            names.add("v2");
        }
        return String.format("%016x%s", bits, names);
    }
}
