package dev.spate.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAheadTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int PIECE = 256 << 10;

    private final PieceLayout layout = new PieceLayout(1000L * PIECE, PIECE);
    private final PieceSet flushed = new PieceSet(1000);
    private final ReadAhead ahead = new ReadAhead(layout, flushed::contains);
    private final Map<Integer, Long> due = new TreeMap<>();
    private long now = 100 * SECOND;

    private List<Wish> drain() {
        List<Wish> wishes = new ArrayList<>();
        for (Wish wish = ahead.poll(); wish != null; wish = ahead.poll()) {
            wishes.add(wish);
            apply(due, wish);
        }
        return wishes;
    }

    private static void apply(Map<Integer, Long> due, Wish wish) {
        switch (wish) {
            case Wish.Due(int piece, long deadline) -> due.put(piece, deadline);
            case Wish.NotDue(int piece) -> assertThat(due.remove(piece)).isNotNull();
        }
    }

    @Test
    void whoHasNotReadNeedsNothing() {
        ahead.opened(0, layout.totalLength());

        assertThat(drain()).isEmpty();
        assertThat(ahead.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theWindowIsTenSecondsOfAnEightMegabitFilmUntilTheRateIsKnown() {
        int reader = ahead.opened(0, layout.totalLength());
        ahead.at(reader, 0, true, now);
        drain();

        assertThat(due).hasSize(40);
        assertThat(due).containsEntry(0, now + SECOND / 2).containsEntry(4, now + SECOND / 2 + SECOND);
    }

    @Test
    void theWindowFollowsTheRateWithinItsBounds() {
        int reader = ahead.opened(0, layout.totalLength());
        ahead.at(reader, 0, false, now);
        long position = 0;
        for (int i = 0; i < 20; i++) {
            for (int step = 0; step < 20; step++) {
                position += 1 << 20;
                now += SECOND / 20;
                ahead.at(reader, position % layout.totalLength(), false, now);
            }
        }
        drain();
        assertThat(due.size()).isEqualTo(Reader.MOST_PIECES);

        for (int i = 0; i < 40; i++) {
            now += SECOND;
            ahead.at(reader, position % layout.totalLength(), false, now);
        }
        drain();
        // 128 KiB a second for ten seconds, the piece at which the reader is included.
        assertThat(due.size()).isBetween(5, 6);
    }

    @Test
    void aSeekDropsTheOldWindowAtOnce() {
        int reader = ahead.opened(0, layout.totalLength());
        ahead.at(reader, 0, true, now);
        drain();
        now += SECOND / 10;
        ahead.at(reader, 500L * PIECE + 7, true, now);
        drain();

        assertThat(due).doesNotContainKey(0).doesNotContainKey(39);
        assertThat(due.get(500)).isEqualTo(now + SECOND / 2);
        assertThat(due.get(501)).isGreaterThan(now + SECOND / 2);
    }

    @Test
    void whereWindowsMeetTheEarliestDeadlineWins() {
        int one = ahead.opened(0, layout.totalLength());
        int other = ahead.opened(0, layout.totalLength());
        ahead.at(one, 0, true, now);
        ahead.at(other, 20L * PIECE, true, now);
        drain();
        assertThat(due).containsEntry(20, now + SECOND / 2).hasSize(60);

        ahead.closed(other);
        drain();
        assertThat(due).containsEntry(20, now + SECOND / 2 + 5 * SECOND).hasSize(40);
        ahead.closed(one);
        drain();
        assertThat(due).isEmpty();
        assertThat(ahead.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatWillBeNeededByAReaderThatRestsIsNotLate() {
        int reader = ahead.opened(0, layout.totalLength());
        ahead.at(reader, 0, true, now);
        drain();
        long waitsSince = now;
        for (int i = 0; i < 60; i++) {
            assertThat(ahead.deadline()).isEqualTo(now + SECOND);
            now += SECOND;
            ahead.timeout(now);
            drain();
        }

        assertThat(due.get(0)).as("it waits for this one").isEqualTo(waitsSince + SECOND / 2);
        assertThat(due.get(1)).isGreaterThan(now);
    }

    @Test
    void aWindowThatIsOnDiskNeedsNoClock() {
        int reader = ahead.opened(0, layout.totalLength());
        ahead.at(reader, 0, false, now);
        drain();
        for (int piece = 0; piece < 40; piece++) {
            flushed.add(piece);
            ahead.flushed(piece);
        }

        assertThat(drain()).isEmpty();
        assertThat(ahead.deadline()).isEqualTo(Long.MAX_VALUE);
        ahead.at(reader, PIECE, false, now);
        assertThat(drain()).extracting(Wish::getClass).containsOnly(Wish.Due.class);
    }

    @Test
    void aWindowEndsWithItsFile() {
        int reader = ahead.opened(10L * PIECE + 5, 3 * PIECE);
        ahead.at(reader, 10L * PIECE + 5, true, now);
        drain();
        assertThat(due).containsOnlyKeys(10, 11, 12, 13);

        ahead.at(reader, 13L * PIECE + 5, false, now);
        drain();
        assertThat(due).as("at the end").isEmpty();
    }

    @Test
    void aNewSwarmIsToldEverythingAgain() {
        int reader = ahead.opened(0, layout.totalLength());
        ahead.at(reader, 0, true, now);
        List<Wish> first = drain();

        ahead.forgotten();

        assertThat(drain()).isEqualTo(first);
    }

    @Test
    void readersAreBounded() {
        for (int i = 0; i < ReadAhead.MAX_READERS; i++) {
            assertThat(ahead.opened(0, 1)).isEqualTo(i);
        }
        assertThat(ahead.opened(0, 1)).isEqualTo(-1);
        ahead.closed(7);
        assertThat(ahead.opened(0, 1)).isEqualTo(ReadAhead.MAX_READERS);
        assertThat(ahead.readers()).isEqualTo(ReadAhead.MAX_READERS);
        assertThatThrownBy(() -> ahead.opened(1, layout.totalLength())).isInstanceOf(IllegalArgumentException.class);
    }

    /** The same random readings on the naive model, which works everything out anew each time. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 14, 100_000, 1 << 20, 64 << 20})
    void wishesWhatTheNaiveModelWishes(int pieceLength) {
        for (int seed = 0; seed < 40; seed++) {
            try {
                play(new Random(seed), new PieceLayout(90L * pieceLength - 5000, pieceLength));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void play(Random random, PieceLayout layout) {
        PieceSet flushed = new PieceSet(layout.pieces());
        ReadAhead fast = new ReadAhead(layout, flushed::contains);
        NaiveReadAhead naive = new NaiveReadAhead(layout, flushed);
        Map<Integer, Long> due = new HashMap<>();
        List<Integer> open = new ArrayList<>();
        Map<Integer, Long> positions = new HashMap<>();
        Map<Integer, Long> ends = new HashMap<>();
        long now = random.nextBoolean() ? Long.MAX_VALUE - 30 * SECOND : 0;
        for (int step = 0; step < 300; step++) {
            now += random.nextLong(SECOND);
            int reader = open.isEmpty() ? -1 : open.get(random.nextInt(open.size()));
            switch (random.nextInt(10)) {
                case 0 -> {
                    long begin = random.nextLong(layout.totalLength());
                    long length = random.nextLong(layout.totalLength() - begin + 1);
                    int added = fast.opened(begin, length);
                    naive.opened(added, begin + length);
                    open.add(added);
                    positions.put(added, begin);
                    ends.put(added, begin + length);
                }
                case 1 -> {
                    fast.closed(reader);
                    naive.closed(reader);
                    open.remove(Integer.valueOf(reader));
                }
                case 2 -> {
                    int piece = random.nextInt(layout.pieces());
                    flushed.add(piece);
                    fast.flushed(piece);
                    due.remove(piece);
                }
                case 3 -> {
                    fast.timeout(now);
                    naive.timeout(now);
                }
                default -> {
                    if (reader >= 0) {
                        long end = ends.getOrDefault(reader, 0L);
                        long jump = random.nextInt(8) == 0 ? random.nextLong(end + 1) : random.nextLong(2 << 20);
                        long at = random.nextInt(12) == 0
                                ? end
                                : Math.min(end, positions.getOrDefault(reader, 0L) + jump);
                        positions.put(reader, at);
                        boolean waits = random.nextBoolean();
                        fast.at(reader, at, waits, now);
                        naive.at(reader, at, waits, now);
                    }
                }
            }
            for (Wish wish = fast.poll(); wish != null; wish = fast.poll()) {
                apply(due, wish);
            }
            assertThat(due).as("step " + step).isEqualTo(naive.due());
            assertThat(fast.deadline()).isEqualTo(naive.deadline());
        }
    }
}
