package dev.spate.core.queue;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * When a torrent has seeded enough, and what then. The first limit that is reached counts.
 *
 * @param ratio bytes uploaded divided by the torrent's size; 0 or more
 * @param time how long it seeds
 * @param idle for how long nobody wants anything
 * @param then what becomes of it
 */
public record SeedLimits(OptionalDouble ratio, Optional<Duration> time, Optional<Duration> idle, AfterSeeding then) {

    /** Seeds for ever. */
    public static final SeedLimits NONE =
            new SeedLimits(OptionalDouble.empty(), Optional.empty(), Optional.empty(), AfterSeeding.NOTHING);

    public SeedLimits {
        if (!(ratio.orElse(0) >= 0)) {
            throw new IllegalArgumentException("not a ratio: " + ratio);
        }
        if (time.filter(Duration::isNegative).isPresent()
                || idle.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("negative: " + time + ", " + idle);
        }
        Objects.requireNonNull(then);
    }

    /** Whether there is any limit. */
    public boolean isLimited() {
        return ratio.isPresent() || time.isPresent() || idle.isPresent();
    }

    /** The limit that is reached; of several the first in the order of {@link SeedLimit}. */
    public Optional<SeedLimit> reached(Seeding seeding) {
        if (ratio.isPresent() && seeding.uploadedBytes() >= ratio.getAsDouble() * seeding.totalBytes()) {
            return Optional.of(SeedLimit.RATIO);
        }
        if (time.isPresent() && seeding.seedingNanos() >= time.get().toNanos()) {
            return Optional.of(SeedLimit.TIME);
        }
        if (idle.isPresent() && seeding.idleNanos() >= idle.get().toNanos()) {
            return Optional.of(SeedLimit.IDLE);
        }
        return Optional.empty();
    }
}
