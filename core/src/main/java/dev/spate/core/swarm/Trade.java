package dev.spate.core.swarm;

import dev.spate.core.metadata.MetadataServing;
import dev.spate.core.peer.Heard;
import dev.spate.core.peer.PeerTerms;
import dev.spate.core.picker.Picker;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What is traded in a swarm that knows its torrent: the rooms that have to do with pieces, wired together, and the order in which they
 * are settled.
 */
final class Trade implements Company.Owner {
    private final PeerTerms terms;
    private final Roster roster;
    private final Outputs outputs;
    private final Conversations conversations;
    private final Reactions reactions;
    private final HaveBroadcast haves;

    final Picker picker;
    final Progress progress;
    final Company company;
    final Downloads downloads;
    final Uploads uploads;
    final ChokeRounds chokeRounds;
    final SuperSeeding superSeeding;
    final Pieces pieces;
    final Looks looks;

    /** Connections were inherited, but the files are not ready: nothing is asked for or given until the start. */
    private boolean waiting;

    private boolean done;
    private long uploadedBefore;
    private long downloadedBefore;

    Trade(Roster roster, PieceLayout layout, PieceSet flushed, Picker.Budget budget, RandomGenerator random) {
        this.roster = roster;
        outputs = roster.outputs();
        conversations = roster.conversations();
        terms = PeerTerms.of(layout, roster.identity().infoHash());
        picker = new Picker(layout, flushed, budget, random);
        progress = new Progress(layout, flushed);
        company = new Company(roster, terms, progress, this);
        SmartBan smartBan = new SmartBan(layout);
        Interest interest = new Interest(progress, outputs);
        downloads = new Downloads(layout, picker, conversations, smartBan, outputs);
        Suggestions suggestions = new Suggestions(progress, picker);
        uploads = new Uploads(progress, suggestions, outputs);
        haves = new HaveBroadcast(conversations, interest, outputs);
        chokeRounds = new ChokeRounds(
                roster.bounds(), layout, conversations, progress, haves, suggestions, uploads, outputs, random);
        superSeeding = new SuperSeeding(layout, conversations, progress, company.greeter(), outputs, this::learnedAll);
        reactions = new Reactions(terms, picker, progress, interest, downloads, chokeRounds, superSeeding, company);
        pieces = new Pieces(
                layout,
                picker,
                progress,
                downloads,
                smartBan,
                company.justice(),
                haves,
                conversations,
                interest,
                outputs);
        looks = new Looks(conversations, roster.candidates(), progress, downloads, roster.bans());
        done = progress.isDone();
    }

    // ------------------------------------------------------------------ who is there

    @Override
    public void opened(Conversation peer) {
        peer.joined = true;
        picker.peerJoined(peer.peer.pieces());
        haves.told(peer);
        superSeeding.opened(peer);
    }

    @Override
    public void heard(Conversation peer, Heard heard, long now) {
        reactions.to(peer, heard, now);
    }

    @Override
    public void gone(Conversation peer) {
        if (peer.joined) {
            peer.joined = false;
            picker.peerLeft(peer.peer.pieces());
        }
        downloads.gone(peer);
        chokeRounds.gone(peer);
        uploads.gone(peer);
        superSeeding.gone(peer);
    }

    /** Goes on with the connections of a swarm that did not know its torrent. */
    void inherit(boolean wasRunning, long now) {
        company.inherit(wasRunning, now);
        waiting = true;
        for (Conversation each : List.copyOf(conversations.all())) {
            if (each.closing) {
                continue;
            }
            if (each.peer.isOpen()) {
                each.joined = true;
                picker.peerJoined(terms.none());
            }
            each.peer.learn(terms, heard -> reactions.to(each, heard, now), now);
            if (each.isLive()) {
                tellWhatWeHave(each);
                if (each.peer.peerInterested()) {
                    reactions.to(each, new Heard.InterestChanged(), now);
                }
                reactions.closeIfNothingToTrade(each);
            }
            outputs.touch(each);
        }
        company.hearsay().changed();
    }

    /** To one who was told that we have nothing. */
    private void tellWhatWeHave(Conversation peer) {
        PieceSet ours = progress.flushed();
        for (int piece = ours.next(0); piece >= 0; piece = ours.next(piece + 1)) {
            peer.peer.have(new PeerMessage.Have(piece));
        }
    }

    /** What was transferred before this swarm was made, in bytes; trackers are told of all there ever was. */
    void transferredBefore(long uploaded, long downloaded) {
        uploadedBefore = uploaded;
        downloadedBefore = downloaded;
    }

    void serve(MetadataServing metadata) {
        company.greeter().offerMetadata(metadata.size());
        company.hearsay().serve(metadata);
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                company.greeter().describeAgain(each);
                outputs.touch(each);
            }
        }
    }

    /** It was told the last of what we have. */
    private void learnedAll(Conversation peer) {
        reactions.closeIfNothingToTrade(peer);
    }

    void start(long now) {
        if (waiting) {
            waiting = false;
            conversations.all().forEach(outputs::touch);
        }
        company.start(now);
    }

    void pause(long now) {
        if (company.pause(now)) {
            downloads.discardPartial();
        }
    }

    // ------------------------------------------------------------------ blocks

    Verdict blockArriving(int peer, BlockRange block, long now) {
        company.at(now);
        Conversation from = conversations.at(peer);
        if (from.closing) {
            return Verdict.UNREQUESTED;
        }
        Heard heard = from.peer.blockArriving(block, now);
        if (heard instanceof Heard.Expected) {
            return downloads.arriving(from, block, now);
        }
        reactions.to(from, heard, now);
        return Verdict.UNREQUESTED;
    }

    void payloadReceived(int peer, int bytes, long now) {
        Conversation from = company.payloadReceived(peer, bytes, now);
        progress.in.add(bytes, now);
        if (from.peer.arriving() == null) {
            progress.redundantBytes += bytes;
        }
    }

    void blockArrived(int peer, BlockRange block, long now) {
        company.at(now);
        Conversation from = conversations.at(peer);
        if (!from.closing && block.equals(from.peer.arriving())) {
            downloads.arrived(from, block, now);
        }
    }

    void blockSent(int peer, BlockRange block, long now) {
        company.at(now);
        Conversation to = conversations.at(peer);
        uploads.sent(to, block, now);
        superSeeding.sent(to, block, now);
    }

    // ------------------------------------------------------------------ time and outputs

    long deadline() {
        long deadline = Math.min(company.deadline(), waiting ? Long.MAX_VALUE : chokeRounds.deadline());
        deadline = Math.min(deadline, Math.min(superSeeding.deadline(), uploads.deadline()));
        return Math.min(deadline, Math.min(haves.deadline(), downloads.deadline()));
    }

    void timeout(long now) {
        downloads.timeout(now);
        company.timeout(now);
    }

    void settle() {
        long now = company.now();
        if (done != progress.isDone()) {
            doneChanged();
        }
        if (!waiting) {
            chokeRounds.settle(now);
        }
        uploads.settle(now);
        haves.settle(now);
        superSeeding.settle(now);
        downloads.settle(now);
        company.settle();
        // A piece that is given up may be begun again at once, but not before its buffer is free: the rest is settled
        // after that.
        while (!outputs.isDiscarding()) {
            Conversation each = outputs.nextTouched();
            if (each == null) {
                break;
            }
            settle(each, now);
        }
        company.announce(
                uploadedBefore + progress.out.total(), downloadedBefore + progress.in.total(), progress.leftBytes());
    }

    private void settle(Conversation peer, long now) {
        if (!peer.closing) {
            if (!waiting) {
                downloads.fill(peer, now);
            }
            company.speak(peer);
            uploads.review(peer, now);
        }
    }

    /** All we want is on disk, or that is not so any more. */
    private void doneChanged() {
        done = progress.isDone();
        roster.announcer().setPartialSeed(done && !progress.hasAll());
        if (done) {
            outputs.report(new SwarmEvent.Completed());
            if (progress.hasAll()) {
                roster.announcer().complete(company.now());
            }
        } else {
            roster.candidates().seedsAreWanted();
        }
        for (Conversation each : List.copyOf(conversations.all())) {
            if (each.isLive()) {
                company.greeter().describeAgain(each);
                outputs.touch(each);
                reactions.closeIfNothingToTrade(each);
            }
        }
    }
}
