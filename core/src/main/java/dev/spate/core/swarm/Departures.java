package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import java.util.function.Consumer;

/** How connections end: at our will or not, everything they held is given back at once, their slot when the shell agrees. */
final class Departures {
    private final Conversations conversations;
    private final Candidates candidates;
    private final Outputs outputs;
    private final Consumer<Conversation> giveBack;

    /** @param giveBack takes back what a connection held; called once for each */
    Departures(Roster roster, Consumer<Conversation> giveBack) {
        this.conversations = roster.conversations();
        this.candidates = roster.candidates();
        this.outputs = roster.outputs();
        this.giveBack = giveBack;
    }

    /** Ends a connection; without effect if it is ending already. */
    void close(Conversation peer, CloseReason reason) {
        if (peer.closing) {
            return;
        }
        peer.closeReason = reason;
        giveBack(peer);
        outputs.add(new Effect.Close(peer.slot, reason));
    }

    void close(Conversation peer, CloseReason.Kind kind) {
        close(peer, CloseReason.of(kind));
    }

    /** The shell says that a connection is gone; {@code reason} counts unless we had one of our own. */
    void gone(Conversation peer, CloseReason reason, long now) {
        CloseReason ours = peer.closeReason;
        CloseReason why = ours == null ? reason : ours;
        if (!peer.closing) {
            giveBack(peer);
        }
        conversations.remove(peer);
        outputs.forget(peer.slot);
        Candidate candidate = peer.candidate;
        if (candidate != null) {
            judge(candidate, peer, why, now);
        }
        outputs.report(new SwarmEvent.PeerClosed(peer.address, why));
    }

    private void giveBack(Conversation peer) {
        conversations.closing(peer);
        giveBack.accept(peer);
    }

    private void judge(Candidate candidate, Conversation peer, CloseReason why, long now) {
        candidate.seed = peer.isUploadOnly();
        candidate.trouble = why;
        switch (why.kind()) {
            case PAUSED -> candidates.released(candidate);
            case FILTERED, NOT_NAMED -> candidates.forget(candidate);
            case SELF_CONNECTION, BANNED, CORRUPT_DATA -> candidates.bar(candidate);
            case NOTHING_TO_TRADE, EVICTED, NO_ROOM, DUPLICATE_CONNECTION, INTERNAL_ERROR, SILENT ->
                candidates.closed(candidate, now);
            case CONNECTION_FAILED, CLOSED_BY_PEER, HANDSHAKE_TIMED_OUT -> {
                if (peer.peer.id() == null) {
                    candidates.failed(candidate, now);
                } else {
                    candidates.closed(candidate, now);
                }
            }
            case MALFORMED,
                    WRONG_INFO_HASH,
                    BITFIELD_LATE,
                    BITFIELD_LENGTH,
                    PIECE_OUT_OF_RANGE,
                    BLOCK_OUT_OF_RANGE,
                    REQUEST_TOO_LONG,
                    FAST_NOT_NEGOTIATED,
                    EXTENSION_NOT_NEGOTIATED,
                    BAD_EXTENSION_MESSAGE,
                    UNREQUESTED,
                    REQUEST_FLOOD -> candidates.failed(candidate, now);
        }
    }
}
