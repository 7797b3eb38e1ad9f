package dev.spate.core.rate;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of each week in which something holds. A pure function of local time.
 *
 * @param spans may overlap; none: never
 */
public record WeeklySchedule(List<Span> spans) {

    /** The most spans of one schedule; a week of hours has fewer. */
    public static final int MAX_SPANS = 200;

    /** Never. */
    public static final WeeklySchedule NEVER = new WeeklySchedule(List.of());

    public WeeklySchedule {
        spans = List.copyOf(spans);
        if (spans.size() > MAX_SPANS) {
            throw new IllegalArgumentException("more than " + MAX_SPANS + " spans: " + spans.size());
        }
    }

    /**
     * A part of some days.
     *
     * @param days those on which it begins; at least one
     * @param from when it begins
     * @param to when it has ended; of the next day if it is not after {@code from}, so equal times mean a whole day
     */
    public record Span(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
        public Span {
            days = Collections.unmodifiableSet(EnumSet.copyOf(days));
            if (days.isEmpty()) {
                throw new IllegalArgumentException("a span on no day");
            }
        }

        boolean contains(LocalDateTime moment) {
            LocalTime time = moment.toLocalTime();
            boolean begun = !time.isBefore(from) && days.contains(moment.getDayOfWeek());
            if (from.isBefore(to)) {
                return begun && time.isBefore(to);
            }
            return begun
                    || (time.isBefore(to) && days.contains(moment.getDayOfWeek().minus(1)));
        }
    }

    /** Whether a local moment lies within one of the spans. */
    public boolean holds(LocalDateTime moment) {
        for (Span span : spans) {
            if (span.contains(moment)) {
                return true;
            }
        }
        return false;
    }

    /** The first moment after {@code moment} at which {@link #holds} has another answer; null if there is none. */
    public @Nullable LocalDateTime nextChange(LocalDateTime moment) {
        boolean present = holds(moment);
        List<LocalDateTime> edges = new ArrayList<>();
        for (Span span : spans) {
            for (int day = 0; day <= 7; day++) {
                edges.add(moment.toLocalDate().plusDays(day).atTime(span.from()));
                edges.add(moment.toLocalDate().plusDays(day).atTime(span.to()));
            }
        }
        return edges.stream()
                .filter(edge -> edge.isAfter(moment) && holds(edge) != present)
                .min(LocalDateTime::compareTo)
                .orElse(null);
    }
}
