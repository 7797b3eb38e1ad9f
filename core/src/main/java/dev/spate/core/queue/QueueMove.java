package dev.spate.core.queue;

import java.util.List;

/** How the place of a torrent in the queue changes. */
public enum QueueMove {
    UP,
    DOWN,
    TOP,
    BOTTOM;

    /** Moves the element at {@code index} of a list; one that is at its end already stays. */
    public <T> void apply(List<T> order, int index) {
        int last = order.size() - 1;
        int to = switch (this) {
            case UP -> Math.max(0, index - 1);
            case DOWN -> Math.min(last, index + 1);
            case TOP -> 0;
            case BOTTOM -> last;
        };
        order.add(to, order.remove(index));
    }
}
