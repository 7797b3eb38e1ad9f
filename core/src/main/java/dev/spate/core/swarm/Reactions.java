package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.peer.Heard;
import dev.spate.core.peer.PeerTerms;
import dev.spate.core.picker.Picker;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.Holepunch;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerExchange;
import java.util.List;

/** What follows, beyond its own connection, from what a peer said. */
final class Reactions {
    private final PeerTerms terms;
    private final Picker picker;
    private final Progress progress;
    private final Hearsay hearsay;
    private final Interest interest;
    private final Downloads downloads;
    private final ChokeRounds chokeRounds;
    private final SuperSeeding superSeeding;
    private final Greeter greeter;
    private final Departures departures;

    Reactions(
            PeerTerms terms,
            Picker picker,
            Progress progress,
            Interest interest,
            Downloads downloads,
            ChokeRounds chokeRounds,
            SuperSeeding superSeeding,
            Company company) {
        this.terms = terms;
        this.picker = picker;
        this.progress = progress;
        this.interest = interest;
        this.downloads = downloads;
        this.chokeRounds = chokeRounds;
        this.superSeeding = superSeeding;
        this.hearsay = company.hearsay();
        this.greeter = company.greeter();
        this.departures = company.departures();
    }

    void to(Conversation peer, Heard heard, long now) {
        switch (heard) {
            case Heard.Nothing(), Heard.Opened(), Heard.Expected(), Heard.Requested() -> {}
            case Heard.Ended(CloseReason reason) -> departures.close(peer, reason);
            case Heard.Pieces() -> {
                // It had none before, and joined so.
                picker.peerLeft(terms.none());
                picker.peerJoined(peer.peer.pieces());
                superSeeding.arrivedWith(peer, now);
                interest.review(peer);
                downloads.wake(peer);
                closeIfNothingToTrade(peer);
            }
            case Heard.Gained(int piece) -> {
                picker.peerGained(piece);
                superSeeding.gained(peer, piece, now);
                interest.gained(peer, piece);
                downloads.wake(peer);
                closeIfNothingToTrade(peer);
            }
            case Heard.GainedSome(PieceSet pieces) -> {
                for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
                    picker.peerGained(piece);
                    interest.gained(peer, piece);
                }
                superSeeding.gainedAll(peer, pieces, now);
                downloads.wake(peer);
                closeIfNothingToTrade(peer);
            }
            case Heard.Lost(int piece) -> {
                picker.peerLost(piece);
                superSeeding.lost(peer, piece);
                interest.review(peer);
            }
            case Heard.Choked(List<BlockRange> released) -> downloads.released(peer, released);
            case Heard.Unchoked(), Heard.AllowedFast _ -> downloads.wake(peer);
            case Heard.InterestChanged() -> {
                chokeRounds.interestChanged();
                if (peer.peer.peerInterested()) {
                    greeter.allowFast(peer);
                }
            }
            case Heard.Rejected(BlockRange block) -> downloads.rejected(peer, block);
            case Heard.TimedOut late -> downloads.timedOut(peer, late);
            case Heard.Described() -> {
                hearsay.described(peer);
                superSeeding.described(peer);
                closeIfNothingToTrade(peer);
            }
            case Heard.MetadataTold(MetadataMessage message) -> hearsay.metadataTold(peer, message);
            case Heard.PeersTold(PeerExchange others) -> hearsay.peersTold(peer, others, now);
            case Heard.Holepunching(Holepunch message) -> hearsay.holepunching(peer, message, now);
            case Heard.DhtNode(int port) -> hearsay.dhtNode(peer, port);
        }
    }

    /**
     * Parts with a peer that will never want anything of us while we want nothing of it (BEP 21 for partial seeds). A super-seed wants
     * to see what is out, and parts only with those who have everything.
     */
    void closeIfNothingToTrade(Conversation peer) {
        if (progress.isDone() && peer.isUploadOnly() && (peer.peer.isSeed() || !superSeeding.isOn())) {
            departures.close(peer, Kind.NOTHING_TO_TRADE);
        }
    }
}
