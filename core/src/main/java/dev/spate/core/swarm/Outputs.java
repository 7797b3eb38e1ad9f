package dev.spate.core.swarm;

import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The effects that the shell has not fetched yet, and the connections that have not been settled since something changed. */
final class Outputs {
    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private final ArrayDeque<Conversation> dirty = new ArrayDeque<>();
    private final ArrayDeque<Conversation> dirtySnubbed = new ArrayDeque<>();
    private int discards;

    void add(Effect effect) {
        effects.add(effect);
        if (effect instanceof Effect.DiscardPiece) {
            discards++;
        }
    }

    void send(Conversation to, PeerMessage message) {
        effects.add(new Effect.Send(to.slot, message));
    }

    void report(SwarmEvent event) {
        effects.add(new Effect.Report(event));
    }

    @Nullable
    Effect poll() {
        Effect effect = effects.poll();
        if (effect instanceof Effect.DiscardPiece) {
            discards--;
        }
        return effect;
    }

    /** Whether the shell still has a buffer that is to be freed, so that no piece may be begun: it could be the same. */
    boolean isDiscarding() {
        return discards > 0;
    }

    /** The connection at this slot is gone: nothing that waits is for it, nor for the next one there. */
    void forget(int peer) {
        if (!effects.isEmpty()) {
            effects.removeIf(effect -> isFor(peer, effect));
        }
    }

    private static boolean isFor(int peer, Effect effect) {
        return switch (effect) {
            case Effect.Dial dial -> dial.peer() == peer;
            case Effect.SendHandshake send -> send.peer() == peer;
            case Effect.Send send -> send.peer() == peer;
            case Effect.BlocksReady ready -> ready.peer() == peer;
            case Effect.DropArriving drop -> drop.peer() == peer;
            case Effect.Close close -> close.peer() == peer;
            case Effect.VerifyPiece _,
                    Effect.DiscardPiece _,
                    Effect.VerifyMetadata _,
                    Effect.Announce _,
                    Effect.Report _ -> false;
        };
    }

    /** Something about this connection changed; before the shell gets the next effects, it is looked at once. */
    void touch(Conversation conversation) {
        if (!conversation.dirty) {
            conversation.dirty = true;
            (conversation.peer.snubbed() ? dirtySnubbed : dirty).add(conversation);
        }
    }

    /**
     * The next connection to be looked at. Those that have let us wait come last: else a block that one of them did not deliver
     * might go from one to the other for ever, while those that would deliver it find nothing to do.
     */
    @Nullable
    Conversation nextTouched() {
        Conversation conversation = dirty.isEmpty() ? dirtySnubbed.poll() : dirty.poll();
        if (conversation != null) {
            conversation.dirty = false;
        }
        return conversation;
    }
}
