package dev.spate.core.swarm;

import dev.spate.core.announce.AnnounceOrder;
import dev.spate.core.announce.TrackerStatus;
import dev.spate.core.filter.IpFilter;
import dev.spate.core.metadata.MetadataExchange;
import dev.spate.core.metadata.MetadataStep;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.peer.Heard;
import dev.spate.core.peer.PeerTerms;
import dev.spate.core.picker.Picker;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceRefusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A swarm of which only the info-hash is known: it finds peers, gets the metadata from them, and then {@link #become}s a
 * {@link Swarm} that goes on with the same connections.
 *
 * <pre>
 *   (magnet) --start--> peers are found, metadata is asked for --Effect.VerifyMetadata, metadataVerified--> found --become--> Swarm
 * </pre>
 *
 * <p>What peers say about their pieces meanwhile, also while files are looked at, is kept to a bounded amount; see
 * {@link dev.spate.core.peer.Peer#learn}.
 */
public final class MagnetSwarm implements Gathering {

    /** Sweeps are never closer than this, whatever peers would like. */
    private static final long SWEEP_GAP = Duration.ofMillis(250).toNanos();

    /** What trackers are told is left, for it is not known; but it is not nothing, which would make us a seed. */
    private static final long SOME = PieceLayout.BLOCK_LENGTH;

    /** We have nothing, and want something. */
    private static final class Nothing implements Greeter.Ours {
        private final PieceSet none = new PieceSet(1);

        @Override
        public PieceSet flushed() {
            return none;
        }

        @Override
        public boolean isDone() {
            return false;
        }
    }

    private final Roster roster;
    private final Outputs outputs;
    private final Conversations conversations;
    private final Departures departures;
    private final Admission admission;
    private final Greeter greeter;
    private final Dialer dialer;
    private final Justice justice;
    private final Hearsay hearsay;
    private final MetadataExchange exchange = new MetadataExchange();
    private boolean running;
    private boolean over;
    private long now;
    private long sweepAt = Long.MAX_VALUE;
    private long sweptAt;
    private boolean swept;

    /**
     * A swarm that has not been started.
     *
     * @param identity not private, as far as is known
     * @param trackers announce URLs, tier by tier (BEP 12)
     */
    public MagnetSwarm(
            SwarmSettings settings, SwarmIdentity identity, List<List<String>> trackers, RandomGenerator random) {
        roster = Roster.empty(settings, identity, trackers, random);
        outputs = roster.outputs();
        conversations = roster.conversations();
        PeerTerms terms = PeerTerms.unknown(identity.infoHash());
        hearsay = new Hearsay(roster);
        departures = new Departures(roster, this::gone);
        admission = new Admission(roster, terms, departures);
        greeter = new Greeter(identity, new Nothing());
        dialer = new Dialer(roster, terms, () -> true);
        justice = new Justice(conversations, roster.candidates(), roster.bans(), departures, outputs);
    }

    private void gone(Conversation peer) {
        exchange.left(peer.slot, now);
        hearsay.changed();
    }

    /**
     * The torrent is known now, so this goes on as a swarm, with all connections; it is itself of no more use.
     *
     * @param identity the same, and whether the torrent is private
     * @param flushed the pieces that are on disk; copied
     * @param budget asked for memory before a piece is begun
     */
    public Swarm become(
            SwarmIdentity identity,
            PieceLayout layout,
            PieceSet flushed,
            Picker.Budget budget,
            RandomGenerator random,
            long now) {
        assert !over : "it became one already";
        over = true;
        if (identity.isPrivate()) {
            roster.candidates().barUnfitForPrivate();
            for (Conversation each : List.copyOf(conversations.all())) {
                if (each.candidate != null && !each.candidate.source.isFitForPrivate()) {
                    departures.close(
                            each, new CloseReason(Kind.PAUSED, "the peers of a private torrent come from its tracker"));
                }
            }
        }
        Swarm swarm = new Swarm(roster.as(identity), layout, flushed, budget, random);
        swarm.inherit(running, now);
        return swarm;
    }

    @Override
    public void start(long now) {
        this.now = now;
        if (!running) {
            running = true;
            dialer.run(true);
            roster.announcer().start(now);
        }
    }

    @Override
    public void pause(long now) {
        this.now = now;
        if (running) {
            running = false;
            dialer.run(false);
            roster.announcer().stop(now);
            for (Conversation each : List.copyOf(conversations.all())) {
                departures.close(each, Kind.PAUSED);
            }
        }
    }

    @Override
    public void announceNow(long now) {
        this.now = now;
        roster.announcer().announceNow(now);
    }

    @Override
    public void addPeers(PeerSource source, List<PeerAddress> peers, long now) {
        this.now = now;
        for (PeerAddress peer : peers) {
            if (peer.port() != 0 && !roster.bans().isFiltered(peer.ip())) {
                roster.candidates().learn(peer, source);
            }
        }
    }

    @Override
    public void setFilter(IpFilter filter, long now) {
        this.now = now;
        justice.filter(filter);
    }

    @Override
    public void setMaxConnections(int connections, long now) {
        this.now = now;
        roster.bounds().set(roster.bounds().settings().withMaxConnections(connections));
        admission.shed(connections, now);
    }

    @Override
    public void shedConnections(int left, long now) {
        this.now = now;
        admission.shed(left, now);
    }

    // ------------------------------------------------------------------ connections

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
                greeter.greet(peer);
                justice.welcome(peer);
                hearsay.changed();
                outputs.report(new SwarmEvent.PeerConnected(peer.address, theirs.peerId(), peer.peer.outgoing()));
            }
            case Heard other -> react(peer, other);
        }
        outputs.touch(peer);
    }

    @Override
    public void messageReceived(int peer, PeerMessage message, long now) {
        this.now = now;
        Conversation from = conversations.at(peer);
        if (!from.closing) {
            react(from, from.peer.messageReceived(message, now));
            outputs.touch(from);
        }
    }

    @Override
    public Verdict blockArriving(int peer, BlockRange block, long now) {
        this.now = now;
        Conversation from = conversations.at(peer);
        if (!from.closing) {
            react(from, from.peer.blockArriving(block, now));
        }
        return Verdict.UNREQUESTED;
    }

    @Override
    public void payloadReceived(int peer, int bytes, long now) {
        this.now = now;
        Conversation from = conversations.at(peer);
        from.in.add(bytes, now);
        from.peer.payloadReceived(bytes, now);
    }

    @Override
    public void peerClosed(int peer, CloseReason reason, long now) {
        this.now = now;
        departures.gone(conversations.at(peer), reason, now);
    }

    private void react(Conversation peer, Heard heard) {
        switch (heard) {
            case Heard.Ended(CloseReason reason) -> departures.close(peer, reason);
            case Heard.Described() -> {
                hearsay.described(peer);
                ExtensionHandshake said = peer.peer.description();
                if (said != null && said.metadataSize() != null && peer.peer.understands(MetadataMessage.NAME)) {
                    exchange.offered(peer.slot, said.metadataSize(), now);
                }
            }
            case Heard.MetadataTold(MetadataMessage message) -> {
                hearsay.metadataTold(peer, message);
                exchange.received(peer.slot, message, now);
            }
            case Heard.PeersTold(var others) -> hearsay.peersTold(peer, others, now);
            case Heard.Holepunching(var message) -> hearsay.holepunching(peer, message, now);
            case Heard.DhtNode(int port) -> hearsay.dhtNode(peer, port);
            case Heard.Nothing _,
                    Heard.Opened _,
                    Heard.Pieces _,
                    Heard.Gained _,
                    Heard.GainedSome _,
                    Heard.Lost _,
                    Heard.Choked _,
                    Heard.Unchoked _,
                    Heard.InterestChanged _,
                    Heard.Rejected _,
                    Heard.TimedOut _,
                    Heard.Requested _,
                    Heard.AllowedFast _,
                    Heard.Expected _ -> {}
        }
    }

    // ------------------------------------------------------------------ metadata

    /** The answer to {@link Effect.VerifyMetadata}. If {@code good}, the metadata is had and nobody is asked any more. */
    public void metadataVerified(int draft, boolean good, long now) {
        this.now = now;
        exchange.verified(draft, good, now);
    }

    /** How many connected peers say that they have the metadata. */
    public int metadataSources() {
        return exchange.sources();
    }

    private void carryOn(MetadataStep step) {
        switch (step) {
            case MetadataStep.Ask(int peer, int piece) -> {
                Conversation asked = conversations.at(peer);
                asked.peer.tell(MetadataMessage.NAME, new MetadataMessage.Request(piece)::message);
                outputs.touch(asked);
            }
            case MetadataStep.Verify(int draft, ByteBuffer bytes) ->
                outputs.add(new Effect.VerifyMetadata(draft, bytes));
            case MetadataStep.Distrust(int peer, String evidence) ->
                justice.convict(conversations.at(peer).origin, evidence);
        }
    }

    // ------------------------------------------------------------------ trackers

    @Override
    public void announceAnswered(int order, AnnounceAnswer answer, long now) {
        this.now = now;
        roster.announcer().answered(order, answer, now);
        if (answer.externalIp() != null && roster.ourAddress().told(answer.externalIp())) {
            roster.candidates().ourselves(roster.ourAddress().known());
        }
        addPeers(PeerSource.TRACKER, answer.peers(), now);
        outputs.report(new SwarmEvent.TrackerAnswered(order, answer));
    }

    @Override
    public void announceRefused(int order, AnnounceRefusal refusal, long now) {
        this.now = now;
        roster.announcer().refused(order, refusal, now);
        outputs.report(new SwarmEvent.TrackerRefused(order, refusal));
    }

    @Override
    public void announceFailed(int order, String reason, long now) {
        this.now = now;
        roster.announcer().failed(order, reason, now);
        outputs.report(new SwarmEvent.TrackerFailed(order, reason));
    }

    @Override
    public boolean isAnnouncerQuiet() {
        return roster.announcer().isQuiet();
    }

    // ------------------------------------------------------------------ time and outputs

    @Override
    public long deadline() {
        long sweep = sweepAt == Long.MAX_VALUE || !swept ? sweepAt : Math.max(sweepAt, sweptAt + SWEEP_GAP);
        long deadline = Math.min(sweep, roster.announcer().deadline());
        deadline = Math.min(deadline, exchange.deadline());
        deadline = Math.min(deadline, hearsay.deadline());
        return Math.min(deadline, dialer.deadline(now));
    }

    @Override
    public void timeout(long now) {
        this.now = now;
        roster.announcer().timeout(now);
        if (now >= sweepAt && (!swept || now - sweptAt >= SWEEP_GAP)) {
            swept = true;
            sweptAt = now;
            sweepAt = Long.MAX_VALUE;
            for (Conversation each : List.copyOf(conversations.all())) {
                if (!each.closing) {
                    react(each, each.peer.timeout(now));
                    outputs.touch(each);
                }
            }
        }
    }

    @Override
    public @Nullable Effect poll() {
        Effect effect = outputs.poll();
        if (effect == null && !over) {
            settle();
            effect = outputs.poll();
        }
        return effect;
    }

    private void settle() {
        dialer.settle(now);
        hearsay.settle(now);
        for (MetadataStep step = exchange.poll(now); step != null; step = exchange.poll(now)) {
            carryOn(step);
        }
        for (Conversation each = outputs.nextTouched(); each != null; each = outputs.nextTouched()) {
            Conversation peer = each;
            if (!peer.closing) {
                peer.peer.drain(message -> outputs.send(peer, message), now);
                sweepAt = Math.min(sweepAt, peer.peer.deadline());
            }
        }
        for (AnnounceOrder order = roster.announcer().poll();
                order != null;
                order = roster.announcer().poll()) {
            outputs.add(new Effect.Announce(order, 0, 0, SOME));
        }
    }

    // ------------------------------------------------------------------ looks

    @Override
    public SwarmStats stats(long now) {
        int open =
                (int) conversations.all().stream().filter(Conversation::isLive).count();
        return new SwarmStats(
                running,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                conversations.open(),
                open,
                0,
                0,
                0,
                0,
                0,
                roster.candidates().size(),
                roster.bans().size());
    }

    @Override
    public List<PeerSnapshot> peers(long now) {
        return Looks.peers(conversations, now);
    }

    @Override
    public List<TrackerStatus> trackers() {
        return roster.announcer().statuses();
    }

    @Override
    public String toString() {
        return "swarm " + roster.identity().infoHash() + " without metadata, " + conversations.open() + " connections";
    }
}
