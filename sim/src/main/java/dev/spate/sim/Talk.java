package dev.spate.sim;

import dev.spate.wire.BlockRange;
import dev.spate.wire.peer.PeerMessage;

/** Peer messages as numbers, for the trace. */
final class Talk {
    private Talk() {}

    /** Which message it is: its type on the wire (BEPs 3, 5, 6, 10, 52), or -1 for a keep-alive. */
    static int number(PeerMessage message) {
        return switch (message) {
            case PeerMessage.KeepAlive keepAlive -> -1;
            case PeerMessage.Choke choke -> 0;
            case PeerMessage.Unchoke unchoke -> 1;
            case PeerMessage.Interested interested -> 2;
            case PeerMessage.NotInterested notInterested -> 3;
            case PeerMessage.Have have -> 4;
            case PeerMessage.Bitfield bitfield -> 5;
            case PeerMessage.Request request -> 6;
            case PeerMessage.Piece piece -> 7;
            case PeerMessage.Cancel cancel -> 8;
            case PeerMessage.Port port -> 9;
            case PeerMessage.SuggestPiece suggest -> 13;
            case PeerMessage.HaveAll haveAll -> 14;
            case PeerMessage.HaveNone haveNone -> 15;
            case PeerMessage.RejectRequest reject -> 16;
            case PeerMessage.AllowedFast allowed -> 17;
            case PeerMessage.Extended extended -> 20;
            case PeerMessage.HashRequest hashRequest -> 21;
            case PeerMessage.Hashes hashes -> 22;
            case PeerMessage.HashReject hashReject -> 23;
            case PeerMessage.Unknown unknown -> unknown.id();
        };
    }

    /** What it is about, as far as that is a piece or a block. */
    static long detail(PeerMessage message) {
        return switch (message) {
            case PeerMessage.Have have -> have.piece();
            case PeerMessage.Bitfield bitfield -> bitfield.pieces().count();
            case PeerMessage.Request request -> detail(request.block());
            case PeerMessage.Cancel cancel -> detail(cancel.block());
            case PeerMessage.RejectRequest reject -> detail(reject.block());
            case PeerMessage.AllowedFast allowed -> allowed.piece();
            case PeerMessage.SuggestPiece suggest -> suggest.piece();
            default -> 0;
        };
    }

    private static long detail(BlockRange block) {
        return (long) block.piece() << 32 | block.begin();
    }
}
