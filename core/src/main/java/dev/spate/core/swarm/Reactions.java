package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.peer.Heard;
import dev.spate.core.peer.PeerTerms;
import dev.spate.core.picker.Picker;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import java.net.InetAddress;
import java.util.List;

/** What follows, beyond its own connection, from what a peer said. */
final class Reactions {
    private final PeerTerms terms;
    private final Picker picker;
    private final Progress progress;
    private final Candidates candidates;
    private final OurAddress ourAddress;
    private final Interest interest;
    private final Downloads downloads;
    private final ChokeRounds chokeRounds;
    private final Greeter greeter;
    private final Departures departures;

    Reactions(
            PeerTerms terms,
            Picker picker,
            Progress progress,
            Candidates candidates,
            OurAddress ourAddress,
            Interest interest,
            Downloads downloads,
            ChokeRounds chokeRounds,
            Greeter greeter,
            Departures departures) {
        this.terms = terms;
        this.picker = picker;
        this.progress = progress;
        this.candidates = candidates;
        this.ourAddress = ourAddress;
        this.interest = interest;
        this.downloads = downloads;
        this.chokeRounds = chokeRounds;
        this.greeter = greeter;
        this.departures = departures;
    }

    void to(Conversation peer, Heard heard) {
        switch (heard) {
            case Heard.Nothing(), Heard.Opened(), Heard.Expected(), Heard.Requested() -> {}
            case Heard.Ended(CloseReason reason) -> departures.close(peer, reason);
            case Heard.Pieces() -> {
                // It had none before, and joined so.
                picker.peerLeft(terms.none());
                picker.peerJoined(peer.peer.pieces());
                interest.review(peer);
                downloads.wake(peer);
                closeIfNothingToTrade(peer);
            }
            case Heard.Gained(int piece) -> {
                picker.peerGained(piece);
                interest.gained(peer, piece);
                downloads.wake(peer);
                closeIfNothingToTrade(peer);
            }
            case Heard.GainedSome(PieceSet pieces) -> {
                for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
                    picker.peerGained(piece);
                    interest.gained(peer, piece);
                }
                downloads.wake(peer);
                closeIfNothingToTrade(peer);
            }
            case Heard.Lost(int piece) -> {
                picker.peerLost(piece);
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
                described(peer);
                closeIfNothingToTrade(peer);
            }
        }
    }

    private void described(Conversation peer) {
        ExtensionHandshake said = peer.peer.description();
        if (said == null) {
            return;
        }
        InetAddress ours = said.yourIp();
        if (ours != null && !peer.saidOurAddress) {
            // Once a connection: each news orders all candidates anew.
            peer.saidOurAddress = true;
            if (ourAddress.claimed(ours, peer.address.ip())) {
                candidates.ourselves(ourAddress.known());
            }
        }
        Integer port = said.listenPort();
        if (port != null && peer.candidate == null && !peer.peer.outgoing() && !peer.saidPort) {
            // Once a connection: a peer must not fill the table with ports.
            peer.saidPort = true;
            Candidate candidate = candidates.learn(peer.address.withPort(port), PeerSource.INCOMING);
            if (candidate != null && candidate.mayConnect()) {
                candidates.connected(candidate);
                peer.candidate = candidate;
            }
        }
    }

    /** Parts with a peer that will never want anything of us while we want nothing of it (BEP 21 for partial seeds). */
    void closeIfNothingToTrade(Conversation peer) {
        if (progress.isDone() && peer.isUploadOnly()) {
            departures.close(peer, Kind.NOTHING_TO_TRADE);
        }
    }
}
