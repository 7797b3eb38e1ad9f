package dev.spate.core.stream;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What {@link ReadAhead} is to wish, worked out anew from where the readers are, in the simplest way. */
final class NaiveReadAhead {
    private static final long SECOND = 1_000_000_000L;

    private static final class One {
        long end;
        boolean began;
        long position;
        boolean waits;
        long waitsSince;
        double rate = 1 << 20;
        long since;
        long bytes;
        long plannedAt;
        Map<Integer, Long> window = new TreeMap<>();
    }

    private final PieceLayout layout;
    private final PieceSet flushed;
    private final Map<Integer, One> readers = new TreeMap<>();

    NaiveReadAhead(PieceLayout layout, PieceSet flushed) {
        this.layout = layout;
        this.flushed = flushed;
    }

    void opened(int reader, long end) {
        One one = new One();
        one.end = end;
        readers.put(reader, one);
    }

    void closed(int reader) {
        readers.remove(reader);
    }

    void at(int reader, long offset, boolean waits, long now) {
        One one = readers.get(reader);
        if (one == null) {
            return;
        }
        boolean seeks = !one.began || offset < one.position || offset > one.position + (1 << 20);
        if (seeks) {
            one.since = now;
            one.bytes = 0;
        } else {
            one.bytes += offset - one.position;
            if (now - one.since >= SECOND) {
                double measured = Math.floor(one.bytes * ((double) SECOND / (now - one.since)));
                one.rate = Math.clamp(Math.floor((one.rate + measured) / 2), 128 << 10, 1 << 30);
                one.since = now;
                one.bytes = 0;
            }
        }
        if (waits && (seeks || !one.waits)) {
            one.waitsSince = now;
        }
        one.began = true;
        one.waits = waits;
        one.position = offset;
        plan(one, now);
    }

    void timeout(long now) {
        for (One one : readers.values()) {
            if (now - one.plannedAt >= SECOND && lacks(one)) {
                plan(one, now);
            }
        }
    }

    private boolean lacks(One one) {
        return one.window.keySet().stream().anyMatch(piece -> !flushed.contains(piece));
    }

    private void plan(One one, long now) {
        Map<Integer, Long> before = one.window;
        one.window = new TreeMap<>();
        one.plannedAt = now;
        if (one.position == one.end) {
            return;
        }
        long enough = (long) Math.min(64 << 20, Math.max(one.rate * 10, 4.0 * layout.pieceLength()));
        int from = (int) (one.position / layout.pieceLength());
        for (int piece = from; piece < layout.pieces() && piece < from + 256; piece++) {
            long begin = Math.max(layout.offset(piece), one.position);
            if (begin >= one.end || (begin >= one.position + enough && piece > from + 1)) {
                break;
            }
            long due = piece == from
                    ? (one.waits ? one.waitsSince : now) + SECOND / 2
                    : now + SECOND / 2 + (begin - one.position) * SECOND / (long) one.rate;
            Long old = before.get(piece);
            one.window.put(piece, old != null && Math.abs(old - due) < SECOND / 2 ? old : due);
        }
    }

    Map<Integer, Long> due() {
        return readers.values().stream()
                .flatMap(one -> one.window.entrySet().stream())
                .filter(entry -> !flushed.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a - b < 0 ? a : b));
    }

    long deadline() {
        LongStream moments = readers.values().stream().filter(this::lacks).mapToLong(one -> one.plannedAt + SECOND);
        return moments.boxed()
                .min(Comparator.comparingLong(moment -> moment - firstPlanned()))
                .orElse(Long.MAX_VALUE);
    }

    private long firstPlanned() {
        return readers.values().stream().filter(this::lacks).findFirst().orElseThrow().plannedAt - Long.MAX_VALUE / 4;
    }
}
