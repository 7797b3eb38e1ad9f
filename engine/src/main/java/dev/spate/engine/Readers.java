package dev.spate.engine;

import dev.spate.core.stream.ReadAhead;
import dev.spate.core.stream.Wish;
import dev.spate.core.swarm.Swarm;
import dev.spate.engine.storage.TorrentStorage;
import dev.spate.io.lane.LaneTimer;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.metainfo.Metainfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All who read a torrent's files while it arrives: tells the swarm what they need next, and them what they may read. Confined to
 * the lane, but for {@link #over}.
 *
 * <p>What is needed when is decided by {@link ReadAhead}. Who waits is answered when the piece is on disk, or when the torrent comes
 * into a state in which it will not come.
 */
final class Readers {

    /** A stretch that is answered is no longer than this, or a few pieces; looking further would cost more than asking again. */
    private static final int LONGEST_STRETCH = 4 << 20;

    private final Metainfo metainfo;
    private final Surroundings around;
    private final PieceLayout layout;
    private final ReadAhead ahead;
    private final LaneTimer timer;
    private final Map<Reading, Integer> numbers = new LinkedHashMap<>();
    private final Set<Reading> waiting = new LinkedHashSet<>();
    private TorrentState state = TorrentState.CHECKING;
    private @Nullable SpateException failure;
    private @Nullable Run run;

    Readers(Metainfo metainfo, Surroundings around) {
        this.metainfo = metainfo;
        this.around = around;
        this.layout = metainfo.layout();
        this.ahead = new ReadAhead(layout, this::isFlushed);
        this.timer = around.lane().timer(this::timeout);
    }

    private boolean isFlushed(int piece) {
        return run != null && run.swarm().isFlushed(piece);
    }

    // ------------------------------------------------------------------ what readers do

    /** Somebody wants to read; false if there are too many already. */
    boolean opened(Reading reading) {
        int number = ahead.opened(reading.file().offset(), reading.length());
        if (number < 0) {
            return false;
        }
        numbers.put(reading, number);
        return true;
    }

    /** A reader needs the byte at its offset; it is answered now or when the byte is there. */
    void wants(Reading reading) {
        if (numbers.containsKey(reading)) {
            waiting.add(reading);
            review(reading);
            wish();
        }
    }

    /** A reader has moved and waits for nothing. */
    void moved(Reading reading) {
        if (numbers.containsKey(reading) && !waiting.contains(reading)) {
            at(reading, false);
            wish();
        }
    }

    void closed(Reading reading) {
        waiting.remove(reading);
        Integer number = numbers.remove(reading);
        if (number != null) {
            ahead.closed(number);
            wish();
        }
    }

    private void at(Reading reading, boolean waits) {
        Integer number = numbers.get(reading);
        if (number != null) {
            ahead.at(number, reading.offset(), waits, around.now());
        }
    }

    /** Answers one that waits, if there is an answer. */
    private void review(Reading reading) {
        int piece = layout.pieceAt(reading.offset());
        Run present = run;
        if (present != null && isReadable() && isFlushed(piece)) {
            waiting.remove(reading);
            reading.mayRead(stretch(present.storage(), reading.offset(), piece));
            at(reading, false);
            return;
        }
        Reading.Trouble trouble = trouble(reading, piece);
        if (trouble != null) {
            waiting.remove(reading);
            reading.cannotRead(trouble);
        }
        at(reading, trouble == null);
    }

    private Reading.Stretch stretch(TorrentStorage storage, long offset, int piece) {
        int end = piece + 1;
        while (end < layout.pieces() && layout.offset(end) - offset < LONGEST_STRETCH && isFlushed(end)) {
            end++;
        }
        return new Reading.Stretch(storage, offset, layout.offset(end - 1) + layout.length(end - 1));
    }

    /** Whether what is on disk may be read. */
    private boolean isReadable() {
        return switch (state) {
            case DOWNLOADING, SEEDING, PAUSED, QUEUED -> true;
            case FETCHING_METADATA, CHECKING, MOVING, FAILED, REMOVED -> false;
        };
    }

    /** Why the piece will not come, or null if it may. */
    private Reading.@Nullable Trouble trouble(Reading reading, int piece) {
        return switch (state) {
            case FETCHING_METADATA, CHECKING, MOVING, QUEUED -> null;
            case DOWNLOADING, SEEDING ->
                run != null && run.swarm().piecePriority(piece) == 0
                        ? new Reading.Trouble(
                                cannot(reading) + "it is not selected for download; select it, then read again", null)
                        : null;
            case PAUSED ->
                new Reading.Trouble(
                        cannot(reading) + "the torrent is paused and these bytes are not here yet; resume it, then read"
                                + " again",
                        null);
            case FAILED ->
                new Reading.Trouble(
                        cannot(reading) + "the torrent has failed (" + (failure == null ? "" : failure.getMessage())
                                + "); mend that and resume it, then read again",
                        failure);
            case REMOVED -> new Reading.Trouble(over(reading), null);
        };
    }

    private String cannot(Reading reading) {
        return "cannot read " + reading.file().pathText() + " of " + metainfo.name() + " from byte "
                + (reading.offset() - reading.file().offset()) + " on: ";
    }

    /** Says that nothing more can be read; any thread. */
    String over(Reading reading) {
        return cannot(reading) + "the torrent was removed or its session closed; add it again and open the file anew";
    }

    // ------------------------------------------------------------------ what becomes of the torrent

    /** The torrent does something else now; {@code present} is null while its files are not known. */
    void changed(TorrentState next, @Nullable Run present, @Nullable SpateException why) {
        state = next;
        failure = why;
        if (run != present) {
            run = present;
            ahead.forgotten();
        }
        if (!isReadable()) {
            numbers.keySet().forEach(Reading::askAgain);
        }
        reviewAll();
    }

    /** A piece is on disk. */
    void flushed(int piece) {
        ahead.flushed(piece);
        if (!waiting.isEmpty()) {
            reviewAll();
        }
    }

    /** What is wanted may have changed. */
    private void reviewAll() {
        for (Reading reading : List.copyOf(waiting)) {
            review(reading);
        }
        wish();
    }

    private void timeout() {
        ahead.timeout(around.now());
        wish();
    }

    /** Tells the swarm what is needed; nothing while it rests, for then it is told when it goes on. */
    private void wish() {
        Run present = run;
        if (present == null || !isRunning()) {
            timer.cancel();
            return;
        }
        List<Wish> wishes = new ArrayList<>();
        for (Wish wish = ahead.poll(); wish != null; wish = ahead.poll()) {
            wishes.add(wish);
        }
        if (!wishes.isEmpty()) {
            present.runner().tell(swarm -> tell(swarm, wishes));
        }
        timer.set(ahead.deadline());
    }

    private boolean isRunning() {
        return state == TorrentState.DOWNLOADING || state == TorrentState.SEEDING;
    }

    private void tell(Swarm swarm, List<Wish> wishes) {
        long now = around.now();
        for (Wish wish : wishes) {
            switch (wish) {
                case Wish.Due(var piece, var deadline) -> swarm.setPieceDeadline(piece, deadline, now);
                case Wish.NotDue(var piece) -> swarm.clearPieceDeadline(piece, now);
            }
        }
    }
}
