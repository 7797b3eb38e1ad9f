package dev.spate.sim;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A host's way out: one packet at a time, each connection in its turn, as fast as the line allows.
 *
 * <p>Only a block is an event when it has left, for the swarm is told of that. Words take their time on the line too, but are handed to
 * the network as soon as it is known when they leave: most of what is said in a large swarm are haves to everybody.
 */
final class Uplink {
    private final Shell shell;
    private final EventQueue events;
    private final Line line;
    private final int windowBytes;
    private final ArrayDeque<End> turns = new ArrayDeque<>();

    /** When the line has carried what it was given. */
    private long freeAt = Long.MIN_VALUE;

    /** Whether an event is planned with which it goes on. */
    private boolean waits;

    Uplink(Shell shell, EventQueue events, Line line, int windowBytes) {
        this.shell = shell;
        this.events = events;
        this.line = line;
        this.windowBytes = windowBytes;
    }

    /** The connection has something to send, or room for it again; {@link #serve} is to follow. */
    void wake(End end) {
        if (!end.isQueued && end.hasSomething()) {
            end.isQueued = true;
            turns.add(end);
        }
    }

    /**
     * Gives the line what it can carry; called when all has been said that there is to say at a moment.
     *
     * @return whether a block was asked for, so that the swarm may have more to say
     */
    boolean serve() {
        boolean asked = false;
        while (!waits && !turns.isEmpty()) {
            End end = turns.getFirst();
            if (end.isAtBlocks() && freeAt > events.now()) {
                goOnAt(freeAt);
                return asked;
            }
            asked |= end.isAtBlocks();
            turns.removeFirst();
            end.isQueued = false;
            @Nullable Packet packet = end.next(windowBytes);
            if (packet == null) {
                continue;
            }
            freeAt = Math.max(freeAt, events.now())
                    + line.upNanos(packet.bytes()) * shell.host().slowdown();
            if (packet instanceof Packet.Data block) {
                waits = true;
                events.at(freeAt, () -> sent(end, block));
            } else {
                shell.leaves(end, packet, freeAt);
                wake(end);
            }
        }
        return asked;
    }

    private void goOnAt(long moment) {
        waits = true;
        events.at(moment, () -> {
            waits = false;
            shell.settle();
        });
    }

    private void sent(End end, Packet.Data block) {
        waits = false;
        if (end.isOpen()) {
            shell.left(end, block);
        }
        wake(end);
        shell.settle();
    }
}
