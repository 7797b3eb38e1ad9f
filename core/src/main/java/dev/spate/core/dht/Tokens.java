package dev.spate.core.dht;

import dev.spate.wire.dht.Bytes;
import java.net.InetAddress;
import java.util.random.RandomGenerator;

/**
 * What a node gives to those who ask it, and wants back from those who store something, so that nobody can store in the name
 * of an address that he does not have (BEP 5, "overview").
 *
 * <p>A token is a keyed hash of the address, so that none need be remembered. The key changes every five minutes, and the
 * one before is good as well.
 */
final class Tokens {
    // BEP 5: "a secret that changes every five minutes and tokens up to ten minutes old are accepted".
    static final long PERIOD_NANOS = 300_000_000_000L;

    private final RandomGenerator random;
    private SipHash present;
    private SipHash past;
    private long changeAt;

    Tokens(RandomGenerator random, long now) {
        this.random = random;
        this.present = SipHash.random(random);
        this.past = SipHash.random(random);
        this.changeAt = now + PERIOD_NANOS;
    }

    Bytes tokenFor(InetAddress ip, long now) {
        rotate(now);
        return Bytes.ofLong(hash(present, ip));
    }

    boolean isGood(Bytes token, InetAddress ip, long now) {
        rotate(now);
        if (token.length() != Long.BYTES) {
            return false;
        }
        long shown = token.toLong();
        return shown == hash(present, ip) || shown == hash(past, ip);
    }

    private void rotate(long now) {
        if (now - changeAt < 0) {
            return;
        }
        // After a long silence the key before is too old as well.
        past = now - changeAt < PERIOD_NANOS ? present : SipHash.random(random);
        present = SipHash.random(random);
        changeAt = now + PERIOD_NANOS;
    }

    private static long hash(SipHash key, InetAddress ip) {
        byte[] bytes = ip.getAddress();
        return key.of(Addresses.word(bytes, 0), Addresses.word(bytes, 8));
    }
}
