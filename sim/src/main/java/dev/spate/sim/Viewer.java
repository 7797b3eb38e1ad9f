package dev.spate.sim;

import dev.spate.core.stream.ReadAhead;
import dev.spate.core.stream.Wish;
import dev.spate.core.swarm.Swarm;
import dev.spate.wire.PieceLayout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who watches a film, which is the whole torrent, on a host while it arrives there. It starts when the first byte and a
 * little more is on disk, plays at the rate of the film, and stalls where a piece is missing. The host must stay up.
 *
 * <p>It runs the {@link ReadAhead} of the engine, so that what is counted here is what that decides.
 */
public final class Viewer {
    private final Simulation simulation;
    private final Host host;
    private final PieceLayout layout;
    private final long bytesPerSecond;
    private final long startBytes;
    private final ReadAhead ahead;
    private final int reader;

    private long position;
    private boolean waiting;
    private boolean starting;
    private long waitingSince;
    private @Nullable Duration firstByteAfter;
    private @Nullable Duration startedAfter;
    private int stalls;
    private long stalledNanos;
    private long turn;
    private long timerAt = Long.MAX_VALUE;

    Viewer(Simulation simulation, Host host, long bytesPerSecond, long startBytes) {
        this.simulation = simulation;
        this.host = host;
        this.layout = simulation.options().layout();
        this.bytesPerSecond = bytesPerSecond;
        this.startBytes = startBytes;
        this.ahead = new ReadAhead(layout, piece -> host.disk().has(piece));
        this.reader = ahead.opened(0, layout.totalLength());
    }

    /** Begins to watch at a byte, or goes on there. What it waits for after that is no stall. */
    public void seek(long offset) {
        turn++;
        position = offset;
        waiting = true;
        starting = true;
        waitingSince = simulation.now();
        firstByteAfter = null;
        startedAfter = null;
        ahead.at(reader, position, true, simulation.now());
        look();
    }

    /** How long after the last seek the byte there was on disk; null before. */
    public @Nullable Duration firstByteAfter() {
        return firstByteAfter;
    }

    /** How long after the last seek the film began to play; null before. */
    public @Nullable Duration startedAfter() {
        return startedAfter;
    }

    /** How often the film stood still although it had begun. */
    public int stalls() {
        return stalls;
    }

    /** For how long it stood still in all. */
    public Duration stalledFor() {
        return Duration.ofNanos(stalledNanos);
    }

    /** Whether it has seen the end. */
    public boolean isAtEnd() {
        return position == layout.totalLength();
    }

    /** A piece is on the host's disk. */
    void flushed(int piece) {
        ahead.flushed(piece);
        // Not at once: the host may be in the middle of telling.
        simulation.events().at(simulation.now(), this::look);
    }

    private void look() {
        if (waiting && host.disk().has(layout.pieceAt(position))) {
            Duration waited = Duration.ofNanos(simulation.now() - waitingSince);
            if (starting && firstByteAfter == null) {
                firstByteAfter = waited;
            }
            if (!starting || isBuffered()) {
                if (starting) {
                    startedAfter = waited;
                } else {
                    stalledNanos += waited.toNanos();
                }
                waiting = false;
                starting = false;
                play();
            }
        }
        wish();
    }

    private boolean isBuffered() {
        long end = Math.min(layout.totalLength(), position + startBytes);
        for (int piece = layout.pieceAt(position); piece <= layout.pieceAt(end - 1); piece++) {
            if (!host.disk().has(piece)) {
                return false;
            }
        }
        return true;
    }

    /** Plays the present piece to its end. */
    private void play() {
        int piece = layout.pieceAt(position);
        long next = layout.offset(piece) + layout.length(piece);
        long mine = turn;
        simulation.events().at(simulation.now() + (next - position) * 1_000_000_000L / bytesPerSecond, () -> {
            if (turn == mine) {
                position = next;
                arrived();
            }
        });
    }

    private void arrived() {
        if (!isAtEnd() && !host.disk().has(layout.pieceAt(position))) {
            stalls++;
            waiting = true;
            waitingSince = simulation.now();
        }
        ahead.at(reader, position, waiting, simulation.now());
        if (!waiting && !isAtEnd()) {
            play();
        }
        wish();
    }

    private void wish() {
        Shell shell = host.shell();
        if (shell == null) {
            throw new IllegalStateException(host.name() + " is not up");
        }
        Swarm swarm = shell.swarm();
        boolean any = false;
        for (Wish wish = ahead.poll(); wish != null; wish = ahead.poll()) {
            any = true;
            switch (wish) {
                case Wish.Due(var piece, var deadline) -> swarm.setPieceDeadline(piece, deadline, simulation.now());
                case Wish.NotDue(var piece) -> swarm.clearPieceDeadline(piece, simulation.now());
            }
        }
        if (any) {
            shell.settle();
        }
        long deadline = ahead.deadline();
        if (deadline < timerAt) {
            timerAt = deadline;
            simulation.events().at(deadline, () -> timeout(deadline));
        }
    }

    private void timeout(long planned) {
        if (planned == timerAt) {
            timerAt = Long.MAX_VALUE;
            ahead.timeout(simulation.now());
            wish();
        }
    }
}
