package dev.spate.core.swarm;

import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The effects that the shell has not fetched yet, and the connections that have not been settled since something changed. */
final class Outputs {
    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private final ArrayDeque<Conversation> dirty = new ArrayDeque<>();

    void add(Effect effect) {
        effects.add(effect);
    }

    void send(Conversation to, PeerMessage message) {
        effects.add(new Effect.Send(to.slot, message));
    }

    void report(SwarmEvent event) {
        effects.add(new Effect.Report(event));
    }

    @Nullable
    Effect poll() {
        return effects.poll();
    }

    /** Something about this connection changed; before the shell gets the next effects, it is looked at once. */
    void touch(Conversation conversation) {
        if (!conversation.dirty) {
            conversation.dirty = true;
            dirty.add(conversation);
        }
    }

    @Nullable
    Conversation nextTouched() {
        Conversation conversation = dirty.poll();
        if (conversation != null) {
            conversation.dirty = false;
        }
        return conversation;
    }
}
