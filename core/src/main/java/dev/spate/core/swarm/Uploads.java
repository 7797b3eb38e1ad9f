package dev.spate.core.swarm;

import dev.spate.core.peer.Heard;
import dev.spate.wire.BlockRange;
import org.jspecify.annotations.Nullable;

/**
 * Serves peers: only what is on disk and they know of, only to those who may have it, and only as fast as the shell pulls.
 *
 * <p>The shell is told once that there is something to pull; it pulls when the socket has room, until there is nothing. So what is
 * on its way to a peer is bounded by the shell's buffers, and a choke or a cancel catches everything else.
 */
final class Uploads {
    private final Progress progress;
    private final Suggestions suggestions;
    private final Outputs outputs;

    Uploads(Progress progress, Suggestions suggestions, Outputs outputs) {
        this.progress = progress;
        this.suggestions = suggestions;
        this.outputs = outputs;
    }

    /** The peer's requests or our choke have changed. */
    void review(Conversation to) {
        if (!to.pulling && to.peer.hasRequest()) {
            to.pulling = true;
            outputs.add(new Effect.BlocksReady(to.slot));
        }
    }

    /** The next block to send, or null. */
    @Nullable
    BlockRange take(Conversation to, Refusals refusals) {
        for (BlockRange block = to.peer.takeRequest(); block != null; block = to.peer.takeRequest()) {
            if (progress.flushed().contains(block.piece()) && !to.isUntold(block.piece())) {
                suggestions.read(block.piece());
                return block;
            }
            refusals.refused(to, to.peer.refuse(block));
            outputs.touch(to);
        }
        to.pulling = false;
        return null;
    }

    /** Told what came of refusing a request. */
    interface Refusals {
        void refused(Conversation to, Heard heard);
    }

    void sent(Conversation to, BlockRange block, long now) {
        progress.out.add(block.length(), now);
        to.out.add(block.length(), now);
        to.peer.blockSent(block, now);
    }
}
