package dev.spate.wire;

import org.jspecify.annotations.Nullable;

/**
 * The name of a swarm: the hash of an info dictionary's bytes as they were received.
 *
 * @param v1 its SHA-1 (BEP 3), or null for a v2-only torrent
 * @param v2 its SHA-256 (BEP 52), or null for a v1-only torrent; a hybrid has both
 */
public record InfoHash(@Nullable Digest v1, @Nullable Digest v2) {
    public InfoHash {
        if (v1 == null && v2 == null) {
            throw new IllegalArgumentException("an info-hash is v1, v2 or both");
        }
        if ((v1 != null && v1.length() != Digest.SHA1_LENGTH) || (v2 != null && v2.length() != Digest.SHA256_LENGTH)) {
            throw new IllegalArgumentException("an info-hash has 20 bytes in v1 and 32 in v2");
        }
    }

    public static InfoHash ofV1(Digest v1) {
        return new InfoHash(v1, null);
    }

    public boolean isHybrid() {
        return v1 != null && v2 != null;
    }

    /** The 20 bytes that handshakes and trackers use: v1 where there is one, else the truncated v2 (BEP 52). */
    public Digest onTheWire() {
        if (v1 != null) {
            return v1;
        }
        assert v2 != null;
        return v2.truncated();
    }

    /** The hexadecimal digits, v1 first. */
    @Override
    public String toString() {
        if (v1 == null) {
            return String.valueOf(v2);
        }
        return v2 == null ? v1.toString() : v1 + "+" + v2;
    }
}
