package dev.spate.engine;

import dev.spate.core.queue.SeedLimit;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.queue.Seeding;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Notices that a torrent has seeded enough. Confined to the lane.
 *
 * <p>It says so once; after that the torrent seeds on, should the user want it to, until limits are set anew. The time that
 * it seeds counts from its adding to the session, without the time in which it rested.
 */
final class SeedWatch {

    /** So soon after something was uploaded it looks again, and so late while nothing is. */
    private static final Duration BUSY_GLANCE = Duration.ofSeconds(1);

    private static final Duration IDLE_GLANCE = Duration.ofSeconds(10);

    private final Lane lane;
    private final Supplier<SeedLimits> limits;
    private final Consumer<SeedLimit> reached;
    private final LaneTimer timer;
    private Upload upload = new Upload(0, 0);
    private Supplier<Upload> uploads = () -> upload;
    private boolean seeding;
    private boolean told;
    private long seedingNanos;
    private long lookedAt;
    private long idleNanos;

    /** What was sent of how much. */
    record Upload(long totalBytes, long uploadedBytes) {}

    /**
     * @param limits those that hold now
     * @param reached told on the lane which limit was reached
     */
    SeedWatch(Lane lane, Supplier<SeedLimits> limits, Consumer<SeedLimit> reached) {
        this.lane = lane;
        this.limits = limits;
        this.reached = reached;
        this.timer = lane.timer(this::look);
    }

    /** The torrent begins to seed, or goes on after a rest. */
    void begin(Supplier<Upload> source) {
        if (!seeding) {
            uploads = source;
            upload = source.get();
            seeding = true;
            lookedAt = lane.now();
            idleNanos = 0;
            lookSoon();
        }
    }

    /** It no longer seeds. */
    void end() {
        if (seeding) {
            count();
            seeding = false;
            timer.cancel();
        }
    }

    /** Other limits hold. */
    void limitsChanged() {
        told = false;
        lookSoon();
    }

    private void lookSoon() {
        if (seeding && !told && limits.get().isLimited()) {
            timer.set(lane.now());
        }
    }

    private void count() {
        long now = lane.now();
        Upload present = uploads.get();
        seedingNanos += now - lookedAt;
        idleNanos = present.uploadedBytes() > upload.uploadedBytes() ? 0 : idleNanos + (now - lookedAt);
        upload = present;
        lookedAt = now;
    }

    private void look() {
        SeedLimits present = limits.get();
        if (!seeding || told || !present.isLimited()) {
            return;
        }
        count();
        Optional<SeedLimit> limit =
                present.reached(new Seeding(upload.totalBytes(), upload.uploadedBytes(), seedingNanos, idleNanos));
        if (limit.isPresent()) {
            told = true;
            reached.accept(limit.get());
        } else {
            timer.set(lane.now() + glance(present));
        }
    }

    private long glance(SeedLimits present) {
        long glance = (idleNanos == 0 ? BUSY_GLANCE : IDLE_GLANCE).toNanos();
        long time = present.time().map(limit -> limit.toNanos() - seedingNanos).orElse(glance);
        long idle = present.idle().map(limit -> limit.toNanos() - idleNanos).orElse(glance);
        return Math.min(glance, Math.min(time, idle));
    }
}
