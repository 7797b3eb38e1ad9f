package dev.spate.sim;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A host's way out: one packet at a time, each connection in its turn, as fast as the line allows. */
final class Uplink {
    private final Shell shell;
    private final EventQueue events;
    private final Line line;
    private final int windowBytes;
    private final ArrayDeque<End> turns = new ArrayDeque<>();
    private boolean busy;

    Uplink(Shell shell, EventQueue events, Line line, int windowBytes) {
        this.shell = shell;
        this.events = events;
        this.line = line;
        this.windowBytes = windowBytes;
    }

    /** The connection has something to send, or room for it again. */
    void wake(End end) {
        if (end.isQueued || !end.hasSomething()) {
            return;
        }
        end.isQueued = true;
        turns.add(end);
        if (!busy) {
            busy = true;
            // Not at once: the shell may be in the middle of telling what is to be sent.
            events.at(events.now(), this::serve);
        }
    }

    private void serve() {
        busy = false;
        for (End end = turns.poll(); end != null; end = turns.poll()) {
            end.isQueued = false;
            @Nullable Packet packet = end.next(windowBytes);
            if (packet != null) {
                End sender = end;
                Packet sent = packet;
                busy = true;
                events.at(
                        events.now() + line.upNanos(sent.bytes()) * shell.host().slowdown(), () -> sent(sender, sent));
                break;
            }
        }
        shell.settle();
    }

    private void sent(End end, Packet packet) {
        if (end.isOpen()) {
            shell.left(end, packet);
        }
        wake(end);
        serve();
    }
}
