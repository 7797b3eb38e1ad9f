package dev.spate.core.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeeklyScheduleTest {
    /** A Monday. */
    private static final LocalDateTime MONDAY = LocalDateTime.of(2024, 1, 1, 0, 0);

    private static WeeklySchedule.Span span(Set<DayOfWeek> days, int from, int to) {
        return new WeeklySchedule.Span(days, LocalTime.of(from, 0), LocalTime.of(to, 0));
    }

    @Test
    void holdsFromTheBeginningUntilBeforeTheEnd() {
        WeeklySchedule office =
                new WeeklySchedule(List.of(span(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), 9, 17)));

        assertThat(office.holds(MONDAY.withHour(8).withMinute(59))).isFalse();
        assertThat(office.holds(MONDAY.withHour(9))).isTrue();
        assertThat(office.holds(MONDAY.withHour(16).withMinute(59))).isTrue();
        assertThat(office.holds(MONDAY.withHour(17))).isFalse();
        assertThat(office.holds(MONDAY.plusDays(5).withHour(12))).isFalse();
        assertThat(office.nextChange(MONDAY)).isEqualTo(MONDAY.withHour(9));
        assertThat(office.nextChange(MONDAY.plusDays(4).withHour(17)))
                .isEqualTo(MONDAY.plusDays(7).withHour(9));
    }

    @Test
    void aNightBelongsToTheDayOnWhichItBegins() {
        WeeklySchedule nights = new WeeklySchedule(List.of(span(EnumSet.of(DayOfWeek.SUNDAY), 22, 6)));

        assertThat(nights.holds(MONDAY.withHour(5))).isTrue();
        assertThat(nights.holds(MONDAY.withHour(6))).isFalse();
        assertThat(nights.holds(MONDAY.withHour(23))).isFalse();
        assertThat(nights.holds(MONDAY.minusHours(1))).isTrue();
    }

    @Test
    void equalTimesMeanAWholeDay() {
        WeeklySchedule saturday = new WeeklySchedule(List.of(span(EnumSet.of(DayOfWeek.SATURDAY), 0, 0)));

        assertThat(saturday.holds(MONDAY.plusDays(5))).isTrue();
        assertThat(saturday.holds(MONDAY.plusDays(6).minusNanos(1))).isTrue();
        assertThat(saturday.holds(MONDAY.plusDays(6))).isFalse();
    }

    @Test
    void alwaysAndNeverDoNotChange() {
        WeeklySchedule always = new WeeklySchedule(List.of(span(EnumSet.allOf(DayOfWeek.class), 7, 7)));

        assertThat(always.nextChange(MONDAY)).isNull();
        assertThat(WeeklySchedule.NEVER.nextChange(MONDAY)).isNull();
        assertThat(WeeklySchedule.NEVER.holds(MONDAY)).isFalse();
    }

    @Test
    void hasABound() {
        WeeklySchedule.Span span = span(EnumSet.of(DayOfWeek.MONDAY), 1, 2);
        assertThat(new WeeklySchedule(Collections.nCopies(WeeklySchedule.MAX_SPANS, span)).spans())
                .hasSize(WeeklySchedule.MAX_SPANS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WeeklySchedule(Collections.nCopies(WeeklySchedule.MAX_SPANS + 1, span)));
        assertThatIllegalArgumentException().isThrownBy(() -> span(Set.of(), 1, 2));
    }

    /** The naive model marks each quarter of an hour of a week. */
    @Test
    void agreesWithATableOfTheWeek() {
        int quarters = 7 * 24 * 4;
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            boolean[] table = new boolean[quarters];
            List<WeeklySchedule.Span> spans = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                int from = random.nextInt(96);
                int to = random.nextInt(96);
                EnumSet<DayOfWeek> days =
                        EnumSet.of(DayOfWeek.of(random.nextInt(1, 8)), DayOfWeek.of(random.nextInt(1, 8)));
                spans.add(new WeeklySchedule.Span(
                        days, LocalTime.of(from / 4, from % 4 * 15), LocalTime.of(to / 4, to % 4 * 15)));
                for (DayOfWeek day : days) {
                    int length = to > from ? to - from : 96 - from + to;
                    for (int quarter = 0; quarter < length; quarter++) {
                        table[((day.getValue() - 1) * 96 + from + quarter) % quarters] = true;
                    }
                }
            }
            WeeklySchedule schedule = new WeeklySchedule(spans);
            for (int quarter = 0; quarter < quarters; quarter++) {
                LocalDateTime moment = MONDAY.plusMinutes(15L * quarter + random.nextInt(15));
                assertThat(schedule.holds(moment))
                        .as("seed %d, %s", seed, moment)
                        .isEqualTo(table[quarter]);
                int next = 1;
                while (next <= quarters && table[(quarter + next) % quarters] == table[quarter]) {
                    next++;
                }
                assertThat(schedule.nextChange(moment))
                        .as("seed %d, %s", seed, moment)
                        .isEqualTo(next > quarters ? null : MONDAY.plusMinutes(15L * (quarter + next)));
            }
        }
    }
}
