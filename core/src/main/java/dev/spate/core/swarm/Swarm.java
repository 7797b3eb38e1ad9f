package dev.spate.core.swarm;

import dev.spate.core.announce.AnnounceOrder;
import dev.spate.core.announce.Announcer;
import dev.spate.core.announce.TrackerStatus;
import dev.spate.core.filter.IpFilter;
import dev.spate.core.metadata.MetadataServing;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.peer.Heard;
import dev.spate.core.peer.PeerTerms;
import dev.spate.core.picker.Picker;
import dev.spate.core.picker.PieceProgress;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceRefusal;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One swarm: all peers of one torrent and every decision about them.
 *
 * <p>Inputs are methods that end in the present moment, monotonic nanoseconds that never go back. After one input, or a batch of
 * them, {@link #poll} until null gives the effects to be carried out, in order; then {@link #deadline} says when
 * {@link #timeout} is due. Nothing is decided between inputs and the first poll after them, so a batch costs less than its parts.
 *
 * <p>A peer is a slot, a small number that is given by {@link Effect.Dial} or {@link #accepted} and is free again when
 * {@link #peerClosed} has said that the connection is gone. Inputs about a peer that the swarm has closed are ignored until then.
 *
 * <p>Not safe for use by several threads.
 */
public final class Swarm implements Gathering {
    /*
     * Implementation note. This class is the door: it hands each input to the one who knows, and settles afterwards. A connection
     * about which something changed is "touched" (Outputs); settling looks at each touched connection once: fills its pipeline
     * (Downloads), sends what is to be said (Peer.drain), and says whether there are blocks to pull (Uploads). What runs by the
     * clock for the whole swarm has a deadline of its own: choke rounds, have rounds, dials, waiting peers, trackers. What runs
     * by the clock for a single peer (keep-alives, silence, snubs, time-outs) shares one: sweepAt is never later than the
     * earliest of them, and a sweep looks at all peers. It may come too early, since traffic moves a peer's deadlines on without
     * telling; then it costs a walk and finds nothing. So a swarm of idle peers is walked once in about two minutes.
     */

    /** Sweeps are never closer than this, whatever peers would like. */
    private static final long SWEEP_GAP = Duration.ofMillis(250).toNanos();

    private final SwarmIdentity identity;
    private final PeerTerms terms;
    private final Bounds bounds;
    private final Outputs outputs;
    private final Conversations conversations;
    private final Bans bans;
    private final Picker picker;
    private final Announcer announcer;
    private final Progress progress;
    private final OurAddress ourAddress;
    private final Candidates candidates;
    private final SmartBan smartBan;
    private final Greeter greeter;
    private final Downloads downloads;
    private final Uploads uploads;
    private final ChokeRounds chokeRounds;
    private final HaveBroadcast haves;
    private final Hearsay hearsay;
    private final Departures departures;
    private final Reactions reactions;
    private final Admission admission;
    private final Dialer dialer;
    private final Justice justice;
    private final Pieces pieces;
    private final Looks looks;
    private boolean running;

    /** Connections were inherited, but the files are not ready: nothing is asked for or given until {@link #start}. */
    private boolean waiting;

    private boolean done;
    private long now;
    private long sweepAt = Long.MAX_VALUE;
    private long sweptAt;
    private boolean swept;

    /**
     * A swarm that has not been started.
     *
     * @param flushed the pieces that are on disk; copied
     * @param trackers announce URLs, tier by tier (BEP 12)
     * @param budget asked for memory before a piece is begun
     */
    public Swarm(
            SwarmSettings settings,
            SwarmIdentity identity,
            PieceLayout layout,
            PieceSet flushed,
            List<List<String>> trackers,
            Picker.Budget budget,
            RandomGenerator random) {
        this(Roster.empty(settings, identity, trackers, random), layout, flushed, budget, random);
    }

    /** A swarm that begins with connections, which it has to {@link #inherit}. */
    Swarm(Roster roster, PieceLayout layout, PieceSet flushed, Picker.Budget budget, RandomGenerator random) {
        bounds = roster.bounds();
        identity = roster.identity();
        outputs = roster.outputs();
        conversations = roster.conversations();
        bans = roster.bans();
        announcer = roster.announcer();
        ourAddress = roster.ourAddress();
        candidates = roster.candidates();
        terms = PeerTerms.of(layout, identity.infoHash());
        picker = new Picker(layout, flushed, budget, random);
        progress = new Progress(layout, flushed);
        smartBan = new SmartBan(layout);
        Interest interest = new Interest(progress, outputs);
        greeter = new Greeter(identity, progress);
        downloads = new Downloads(layout, picker, conversations, smartBan, outputs);
        uploads = new Uploads(progress, outputs);
        chokeRounds = new ChokeRounds(bounds, layout, conversations, progress, outputs, random);
        haves = new HaveBroadcast(conversations, interest, outputs);
        hearsay = new Hearsay(roster);
        departures = new Departures(roster, this::giveBack);
        reactions =
                new Reactions(terms, picker, progress, hearsay, interest, downloads, chokeRounds, greeter, departures);
        admission = new Admission(roster, terms, departures);
        dialer = new Dialer(roster, terms, () -> !progress.isDone());
        justice = new Justice(conversations, candidates, bans, departures, outputs);
        pieces = new Pieces(
                layout, picker, progress, downloads, smartBan, justice, haves, conversations, interest, outputs);
        looks = new Looks(conversations, candidates, progress, downloads, bans);
        done = progress.isDone();
    }

    private void giveBack(Conversation peer) {
        if (peer.joined) {
            peer.joined = false;
            picker.peerLeft(peer.peer.pieces());
        }
        downloads.gone(peer);
        chokeRounds.gone(peer);
        hearsay.changed();
    }

    /** Goes on with the connections of a swarm that did not know its torrent. */
    void inherit(boolean wasRunning, long now) {
        this.now = now;
        running = wasRunning;
        waiting = true;
        dialer.run(wasRunning);
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
        hearsay.changed();
    }

    /** To one who was told that we have nothing. */
    private void tellWhatWeHave(Conversation peer) {
        PieceSet ours = progress.flushed();
        for (int piece = ours.next(0); piece >= 0; piece = ours.next(piece + 1)) {
            peer.peer.have(new PeerMessage.Have(piece));
        }
    }

    /**
     * Gives this info dictionary to peers that ask for it (BEP 9), and tells those that are connected.
     *
     * @param metadata only looked at; nobody may change it
     */
    public void serveMetadata(ByteBuffer metadata) {
        MetadataServing serving = new MetadataServing(metadata);
        greeter.offerMetadata(serving.size());
        hearsay.serve(serving);
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                greeter.describeAgain(each);
                outputs.touch(each);
            }
        }
    }

    // ------------------------------------------------------------------ commands

    /** Takes part: announces, dials, accepts. Without effect if it does already. */
    @Override
    public void start(long now) {
        this.now = now;
        if (waiting) {
            waiting = false;
            conversations.all().forEach(outputs::touch);
        }
        if (!running) {
            running = true;
            dialer.run(true);
            announcer.start(now);
        }
    }

    /** Takes part no longer: closes all connections, gives up partial pieces, tells the trackers. */
    @Override
    public void pause(long now) {
        this.now = now;
        if (running) {
            running = false;
            dialer.run(false);
            announcer.stop(now);
            for (Conversation each : List.copyOf(conversations.all())) {
                departures.close(each, Kind.PAUSED);
            }
            downloads.discardPartial();
        }
    }

    /** The user wants an announce now; it is made as soon as trackers allow. */
    @Override
    public void announceNow(long now) {
        this.now = now;
        announcer.announceNow(now);
    }

    /** Changes how many connections there may be, 1 or more; those of least use are closed at once if there are too many. */
    @Override
    public void setMaxConnections(int connections, long now) {
        this.now = now;
        bounds.set(bounds.settings().withMaxConnections(connections));
        admission.shed(connections, now);
    }

    /** Closes the connections of least use, as far as there are more than so many. */
    @Override
    public void shedConnections(int left, long now) {
        this.now = now;
        admission.shed(left, now);
    }

    /** Changes how many interested peers are unchoked, 1 or more. */
    public void setUploadSlots(int slots, long now) {
        this.now = now;
        bounds.set(bounds.settings().withUploadSlots(slots));
        chokeRounds.interestChanged();
    }

    /** Replaces the trackers. */
    public void setTrackers(List<List<String>> tiers, long now) {
        this.now = now;
        announcer.setTrackers(tiers, now);
    }

    /** How much a piece is wanted, 0 (not at all) to 7; a piece that has not been told is wanted in the middle. */
    public void setPiecePriority(int piece, int priority, long now) {
        this.now = now;
        pieces.prioritise(piece, priority);
    }

    /** How much a piece is wanted, 0 (not at all) to 7, whether it is here or not. */
    public int piecePriority(int piece) {
        return picker.priority(piece);
    }

    /** Whether pieces are begun in order rather than the rarest first. */
    public void setSequential(boolean sequential, long now) {
        this.now = now;
        picker.setSequential(sequential);
    }

    /**
     * A piece is needed at a certain moment, monotonic nanoseconds; such pieces go before all others, the earliest first. One that is
     * needed within a second makes peers put it before what they were asked for earlier. Ends by itself when the piece is verified;
     * without effect on one that is.
     */
    public void setPieceDeadline(int piece, long deadline, long now) {
        this.now = now;
        picker.setDeadline(piece, deadline);
        downloads.due(piece, now);
    }

    /** The piece is due no more; nothing happens if it was not. */
    public void clearPieceDeadline(int piece, long now) {
        this.now = now;
        picker.clearDeadline(piece);
    }

    /** Addresses at which peers may be. Those that are known already, or that a private torrent must not use, are ignored. */
    @Override
    public void addPeers(PeerSource source, List<PeerAddress> peers, long now) {
        this.now = now;
        if (identity.isPrivate() && !source.isFitForPrivate()) {
            return;
        }
        for (PeerAddress peer : peers) {
            if (peer.port() != 0 && !bans.isFiltered(peer.ip())) {
                candidates.learn(peer, source);
            }
        }
    }

    /** Shuts an address out, with all that is behind it, for as long as the swarm lives. */
    public void ban(InetAddress ip, long now) {
        this.now = now;
        justice.ban(ip);
    }

    /** Replaces the list of addresses that the user wants nothing to do with; connections to those on it are closed. */
    @Override
    public void setFilter(IpFilter filter, long now) {
        this.now = now;
        justice.filter(filter);
    }

    // ------------------------------------------------------------------ connections

    /**
     * A peer connected to us.
     *
     * @return its slot, or -1 if the connection is to be closed; then an event says why
     */
    @Override
    public int accepted(PeerAddress remote, Handshake theirs, long now) {
        this.now = now;
        if (!running) {
            outputs.report(new SwarmEvent.PeerRefused(remote, CloseReason.of(Kind.PAUSED)));
            return -1;
        }
        Conversation peer = admission.accept(remote, theirs, now);
        if (peer == null) {
            return -1;
        }
        outputs.add(new Effect.SendHandshake(peer.slot, greeter.handshake()));
        open(peer, theirs);
        return peer.slot;
    }

    /** The connection to a peer that was to be dialed stands. */
    @Override
    public void dialed(int peer, long now) {
        this.now = now;
        Conversation dialed = conversations.at(peer);
        if (!dialed.closing) {
            dialed.peer.dialed(now);
            outputs.add(new Effect.SendHandshake(peer, greeter.handshake()));
            outputs.touch(dialed);
        }
    }

    /** The handshake of a peer that was dialed. */
    @Override
    public void handshakeReceived(int peer, Handshake theirs, long now) {
        this.now = now;
        Conversation dialed = conversations.at(peer);
        if (dialed.closing) {
            return;
        }
        Kind objection = admission.check(dialed, theirs, now);
        if (objection != null) {
            departures.close(dialed, objection);
        } else {
            open(dialed, theirs);
        }
    }

    private void open(Conversation peer, Handshake theirs) {
        switch (peer.peer.handshakeReceived(theirs, now)) {
            case Heard.Opened() -> {
                peer.origin.id = theirs.peerId();
                peer.joined = true;
                picker.peerJoined(peer.peer.pieces());
                greeter.greet(peer);
                haves.told(peer);
                justice.welcome(peer);
                hearsay.changed();
                outputs.report(new SwarmEvent.PeerConnected(peer.address, theirs.peerId(), peer.peer.outgoing()));
            }
            case Heard other -> reactions.to(peer, other, now);
        }
        outputs.touch(peer);
    }

    /** A peer said something; {@code message} is anything but a {@code Piece}, which is {@link #blockArriving}. */
    @Override
    public void messageReceived(int peer, PeerMessage message, long now) {
        this.now = now;
        Conversation from = conversations.at(peer);
        if (!from.closing) {
            reactions.to(from, from.peer.messageReceived(message, now), now);
            outputs.touch(from);
        }
    }

    /**
     * The header of a block is there.
     *
     * @return whether to store the payload; if so {@link #blockArrived} follows when all of it is, unless
     *     {@link Effect.DropArriving} comes first
     */
    @Override
    public Verdict blockArriving(int peer, BlockRange block, long now) {
        this.now = now;
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

    /** So much payload of a block came, to be stored or not. To be told before {@link #blockArrived}. */
    @Override
    public void payloadReceived(int peer, int bytes, long now) {
        this.now = now;
        Conversation from = conversations.at(peer);
        from.in.add(bytes, now);
        progress.in.add(bytes, now);
        if (from.peer.arriving() == null) {
            progress.redundantBytes += bytes;
        }
        from.peer.payloadReceived(bytes, now);
    }

    /** The whole payload of a block is stored. */
    public void blockArrived(int peer, BlockRange block, long now) {
        this.now = now;
        Conversation from = conversations.at(peer);
        if (!from.closing && block.equals(from.peer.arriving())) {
            downloads.arrived(from, block, now);
        }
    }

    /**
     * The next block to send to a peer, which counts as answered from now on; null when there is none until the next
     * {@link Effect.BlocksReady}.
     */
    public @Nullable BlockRange takeBlock(int peer, long now) {
        this.now = now;
        Conversation to = conversations.at(peer);
        return to.closing ? null : uploads.take(to, (from, heard) -> reactions.to(from, heard, now));
    }

    /** A block that was taken has gone to the socket. */
    public void blockSent(int peer, BlockRange block, long now) {
        this.now = now;
        uploads.sent(conversations.at(peer), block, now);
    }

    /** A block that was taken cannot be sent after all; tell {@link #pieceLost} as well, if the piece is not there any more. */
    public void blockUnreadable(int peer, BlockRange block, long now) {
        this.now = now;
        Conversation to = conversations.at(peer);
        if (!to.closing) {
            to.peer.cannotServe(block);
            outputs.touch(to);
        }
    }

    /**
     * The connection is gone; to be told exactly once a slot, also after {@link Effect.Close} and after a dial that failed. No
     * effect speaks of the slot from now on until it is given again.
     *
     * @param reason what the shell knows; the swarm's own reason goes before
     */
    @Override
    public void peerClosed(int peer, CloseReason reason, long now) {
        this.now = now;
        departures.gone(conversations.at(peer), reason, now);
    }

    // ------------------------------------------------------------------ storage

    /** The piece of an {@link Effect.VerifyPiece} matches its hash; {@code digests} if they were asked for. */
    public void pieceVerified(int piece, @Nullable BlockDigests digests, long now) {
        this.now = now;
        pieces.verified(piece, digests);
    }

    /** A verified piece is on disk; also one that a recheck found. */
    public void pieceFlushed(int piece, long now) {
        this.now = now;
        pieces.flushed(piece);
    }

    /**
     * The piece of an {@link Effect.VerifyPiece} does not match its hash.
     *
     * @param digests of its blocks; without them a bad peer is found only if it delivered the whole piece
     */
    public void pieceCorrupt(int piece, @Nullable BlockDigests digests, long now) {
        this.now = now;
        pieces.corrupt(piece, digests);
    }

    /** A verified piece could not be written; it will be fetched again. */
    public void pieceWriteFailed(int piece, long now) {
        this.now = now;
        pieces.writeFailed(piece);
    }

    /** A piece that was on disk is there no longer. */
    public void pieceLost(int piece, long now) {
        this.now = now;
        pieces.lost(piece);
    }

    /** {@link Picker.Budget} may say yes again. */
    public void budgetFreed(long now) {
        this.now = now;
        downloads.budgetFreed();
    }

    // ------------------------------------------------------------------ trackers

    /** A tracker answered; {@code order} is the number of the {@link AnnounceOrder}. */
    @Override
    public void announceAnswered(int order, AnnounceAnswer answer, long now) {
        this.now = now;
        announcer.answered(order, answer, now);
        InetAddress ours = answer.externalIp();
        if (ours != null && ourAddress.told(ours)) {
            candidates.ourselves(ourAddress.known());
        }
        addPeers(PeerSource.TRACKER, answer.peers(), now);
        outputs.report(new SwarmEvent.TrackerAnswered(order, answer));
    }

    /** A tracker said No. */
    @Override
    public void announceRefused(int order, AnnounceRefusal refusal, long now) {
        this.now = now;
        announcer.refused(order, refusal, now);
        outputs.report(new SwarmEvent.TrackerRefused(order, refusal));
    }

    /** A tracker could not be asked, or not be understood; {@code reason} is for the user. */
    @Override
    public void announceFailed(int order, String reason, long now) {
        this.now = now;
        announcer.failed(order, reason, now);
        outputs.report(new SwarmEvent.TrackerFailed(order, reason));
    }

    /** Whether no announce is under way; after {@link #pause}, that all trackers know or cannot be told. */
    @Override
    public boolean isAnnouncerQuiet() {
        return announcer.isQuiet();
    }

    // ------------------------------------------------------------------ time and outputs

    /** When {@link #timeout} is due, or {@link Long#MAX_VALUE}; to be asked after {@link #poll} gave null. */
    @Override
    public long deadline() {
        long sweep = sweepAt == Long.MAX_VALUE || !swept ? sweepAt : Math.max(sweepAt, sweptAt + SWEEP_GAP);
        long deadline = Math.min(sweep, announcer.deadline());
        deadline = Math.min(deadline, waiting ? Long.MAX_VALUE : chokeRounds.deadline());
        deadline = Math.min(deadline, haves.deadline());
        deadline = Math.min(deadline, downloads.deadline());
        deadline = Math.min(deadline, hearsay.deadline());
        return Math.min(deadline, dialer.deadline(now));
    }

    /** Time has passed; without effect before the deadline. */
    @Override
    public void timeout(long now) {
        this.now = now;
        announcer.timeout(now);
        downloads.timeout(now);
        if (now >= sweepAt && (!swept || now - sweptAt >= SWEEP_GAP)) {
            sweep();
        }
    }

    private void sweep() {
        swept = true;
        sweptAt = now;
        sweepAt = Long.MAX_VALUE;
        for (Conversation each : List.copyOf(conversations.all())) {
            if (!each.closing) {
                reactions.to(each, each.peer.timeout(now), now);
                outputs.touch(each);
            }
        }
    }

    /** The next effect, or null when there is none until the next input. */
    @Override
    public @Nullable Effect poll() {
        Effect effect = outputs.poll();
        if (effect == null) {
            settle();
            effect = outputs.poll();
        }
        return effect;
    }

    private void settle() {
        if (done != progress.isDone()) {
            doneChanged();
        }
        if (!waiting) {
            chokeRounds.settle(now);
        }
        haves.settle(now);
        dialer.settle(now);
        downloads.settle(now);
        hearsay.settle(now);
        // A piece that is given up may be begun again at once, but not before its buffer is free: the rest is settled
        // after that.
        while (!outputs.isDiscarding()) {
            Conversation each = outputs.nextTouched();
            if (each == null) {
                break;
            }
            settle(each);
        }
        for (AnnounceOrder order = announcer.poll(); order != null; order = announcer.poll()) {
            outputs.add(new Effect.Announce(order, progress.out.total(), progress.in.total(), progress.leftBytes()));
        }
    }

    private void settle(Conversation peer) {
        if (!peer.closing) {
            if (!waiting) {
                downloads.fill(peer, now);
            }
            peer.peer.drain(message -> outputs.send(peer, message), now);
            uploads.review(peer);
            sweepAt = Math.min(sweepAt, peer.peer.deadline());
        }
    }

    /** All we want is on disk, or that is not so any more. */
    private void doneChanged() {
        done = progress.isDone();
        announcer.setPartialSeed(done && !progress.hasAll());
        if (done) {
            outputs.report(new SwarmEvent.Completed());
            if (progress.hasAll()) {
                announcer.complete(now);
            }
        }
        for (Conversation each : List.copyOf(conversations.all())) {
            if (each.isLive()) {
                greeter.describeAgain(each);
                outputs.touch(each);
                reactions.closeIfNothingToTrade(each);
            }
        }
    }

    // ------------------------------------------------------------------ looks

    @Override
    public SwarmStats stats(long now) {
        return looks.stats(running, now);
    }

    /** All connections, those being dialed included. */
    @Override
    public List<PeerSnapshot> peers(long now) {
        return looks.peers(now);
    }

    @Override
    public List<TrackerStatus> trackers() {
        return announcer.statuses();
    }

    /** The pieces on disk; a copy. */
    public PieceSet flushed() {
        return progress.flushed().copy();
    }

    /** Whether a piece is on disk. */
    public boolean isFlushed(int piece) {
        return progress.flushed().contains(piece);
    }

    /** How many of the connected peers have a piece. */
    public int availability(int piece) {
        return picker.availability(piece);
    }

    /** The pieces that are begun and not verified. */
    public List<PieceProgress> openPieces() {
        return picker.openPieces();
    }

    /** Whether all wanted pieces are on disk. */
    public boolean isDone() {
        return progress.isDone();
    }

    @Override
    public String toString() {
        return "swarm " + identity.infoHash() + ", " + progress.flushed() + ", " + conversations.open()
                + " connections";
    }
}
