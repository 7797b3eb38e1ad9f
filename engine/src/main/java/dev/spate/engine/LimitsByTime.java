package dev.spate.engine;

import dev.spate.core.rate.RateLimits;
import dev.spate.core.rate.WeeklySchedule;
import dev.spate.engine.shell.SessionLimits;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which of a session's two sets of limits is in force, by the clock on the wall or by hand. Thread-safe.
 *
 * <p>While the schedule decides, the clock is looked at when it next says something new, and once a minute at least: clocks are
 * set, and summer begins.
 */
final class LimitsByTime {
    private static final Duration GLANCE = Duration.ofMinutes(1);

    private final SessionLimits limits;
    private final Lane lane;
    private final Supplier<LocalDateTime> clock;
    private final LaneTimer timer;
    private RateLimits ordinary = RateLimits.NONE;
    private RateLimits alternative = RateLimits.NONE;
    private WeeklySchedule schedule = WeeklySchedule.NEVER;
    private AlternativeUse use = AlternativeUse.BY_SCHEDULE;
    private boolean inForce;

    /** @param clock tells the local time */
    LimitsByTime(SessionLimits limits, Lane lane, Supplier<LocalDateTime> clock) {
        this.limits = limits;
        this.lane = lane;
        this.clock = clock;
        this.timer = lane.timer(this::look);
    }

    synchronized void setOrdinary(RateLimits newLimits) {
        ordinary = newLimits;
        decide();
    }

    synchronized RateLimits ordinary() {
        return ordinary;
    }

    synchronized void setAlternative(RateLimits newLimits, WeeklySchedule newSchedule) {
        alternative = newLimits;
        schedule = newSchedule;
        decide();
    }

    synchronized void use(AlternativeUse choice) {
        use = choice;
        decide();
    }

    synchronized boolean isAlternativeInForce() {
        return inForce;
    }

    private void decide() {
        LocalDateTime moment = clock.get();
        inForce = switch (use) {
            case BY_SCHEDULE -> schedule.holds(moment);
            case ALWAYS -> true;
            case NEVER -> false;
        };
        RateLimits wanted = inForce ? alternative : ordinary;
        if (!limits.get().equals(wanted)) {
            limits.set(wanted);
        }
        LocalDateTime change = use == AlternativeUse.BY_SCHEDULE ? schedule.nextChange(moment) : null;
        glanceAfter(change == null ? null : Duration.between(moment, change));
    }

    private void glanceAfter(@Nullable Duration delay) {
        try {
            lane.execute(() -> {
                if (delay == null) {
                    timer.cancel();
                } else {
                    timer.set(lane.now() + Math.min(delay.toNanos(), GLANCE.toNanos()));
                }
            });
        } catch (RejectedExecutionException e) {
            // The session is closed, and nothing is left to be limited.
            return;
        }
    }

    private synchronized void look() {
        decide();
    }
}
