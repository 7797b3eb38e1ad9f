package dev.spate.core.swarm;

/**
 * Whether we want something of a peer.
 *
 * <p>For each interesting peer one piece is remembered that it has and we want. As long as that witness holds, nothing needs to be
 * looked at; when it falls, the next one is searched from there on, so that a whole download walks a peer's pieces about once.
 */
final class Interest {
    private final Progress progress;
    private final Outputs outputs;

    Interest(Progress progress, Outputs outputs) {
        this.progress = progress;
        this.outputs = outputs;
    }

    /** Looks again, after our wants or its pieces have changed. */
    void review(Conversation conversation) {
        var pieces = conversation.peer.pieces();
        int witness = conversation.witness;
        if (witness < 0 || !progress.wanted().contains(witness) || !pieces.contains(witness)) {
            int next = progress.wanted().nextInBoth(pieces, Math.max(witness, 0));
            conversation.witness = next < 0 && witness > 0 ? progress.wanted().nextInBoth(pieces, 0) : next;
        }
        boolean interested = conversation.witness >= 0;
        if (interested != conversation.peer.wantsInterest()) {
            conversation.peer.wantInterest(interested);
            outputs.touch(conversation);
        }
    }

    /** Looks again, after nothing has changed but that we want fewer pieces. */
    void lessIsWanted(Conversation conversation) {
        if (conversation.witness >= 0 && !progress.wanted().contains(conversation.witness)) {
            review(conversation);
        }
    }

    /** The peer got a piece more. */
    void gained(Conversation conversation, int piece) {
        if (conversation.witness < 0 && progress.wanted().contains(piece)) {
            conversation.witness = piece;
            review(conversation);
        }
    }
}
