package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that whoever shows one must have received at his address: a keyed hash of address and time, so that none has to be remembered.
 * Good for ten to twenty minutes.
 */
final class Tokens {
    private static final long EPOCH_NANOS = 600_000_000_000L;
    private static final int SECRET_LENGTH = 32;

    private final Mac mac;

    Tokens(RandomGenerator random) {
        byte[] secret = new byte[SECRET_LENGTH];
        random.nextBytes(secret);
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("each JDK has HmacSHA256", e);
        }
    }

    /** Never 0. */
    long tokenFor(PeerAddress address, long now) {
        return token(address, Math.floorDiv(now, EPOCH_NANOS));
    }

    boolean isGood(PeerAddress address, long token, long now) {
        long epoch = Math.floorDiv(now, EPOCH_NANOS);
        return token == token(address, epoch) || token == token(address, epoch - 1);
    }

    private long token(PeerAddress address, long epoch) {
        ByteBuffer said = ByteBuffer.allocate(32);
        said.put(address.ip().getAddress()).putInt(address.port()).putLong(epoch);
        mac.update(said.flip());
        return ByteBuffer.wrap(mac.doFinal()).getLong() | 1;
    }
}
