package dev.spate.core.swarm;

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

    /** What its peers do and say, as far as it makes sense without the torrent. */
    private final class Owner implements Company.Owner {
        @Override
        public void opened(Conversation peer) {}

        @Override
        public void heard(Conversation peer, Heard heard, long now) {
            react(peer, heard, now);
        }

        @Override
        public void gone(Conversation peer) {
            exchange.left(peer.slot, company.now());
        }
    }

    private final Roster roster;
    private final Outputs outputs;
    private final Conversations conversations;
    private final Company company;
    private final MetadataExchange exchange = new MetadataExchange();
    private boolean over;

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
        company = new Company(roster, PeerTerms.unknown(identity.infoHash()), new Nothing(), new Owner());
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
            CloseReason unfit = new CloseReason(Kind.PAUSED, "the peers of a private torrent come from its tracker");
            for (Conversation each : List.copyOf(conversations.all())) {
                if (each.candidate != null && !each.candidate.source.isFitForPrivate()) {
                    company.departures().close(each, unfit);
                }
            }
        }
        Swarm swarm = new Swarm(roster.as(identity), layout, flushed, budget, random);
        swarm.inherit(company.isRunning(), now);
        return swarm;
    }

    @Override
    public void start(long now) {
        company.start(now);
    }

    @Override
    public void pause(long now) {
        company.pause(now);
    }

    @Override
    public void announceNow(long now) {
        company.announceNow(now);
    }

    @Override
    public void setTrackers(List<List<String>> tiers, long now) {
        company.at(now);
        roster.announcer().setTrackers(tiers, now);
    }

    @Override
    public void addPeers(PeerSource source, List<PeerAddress> peers, long now) {
        company.addPeers(source, peers, now);
    }

    @Override
    public void setFilter(IpFilter filter, long now) {
        company.at(now);
        company.justice().filter(filter);
    }

    @Override
    public void setMaxConnections(int connections, long now) {
        company.setMaxConnections(connections, now);
    }

    @Override
    public void shedConnections(int left, long now) {
        company.shed(left, now);
    }

    // ------------------------------------------------------------------ connections

    @Override
    public int accepted(PeerAddress remote, Handshake theirs, long now) {
        return company.accepted(remote, theirs, now);
    }

    @Override
    public void dialed(int peer, long now) {
        company.dialed(peer, now);
    }

    @Override
    public void handshakeReceived(int peer, Handshake theirs, long now) {
        company.handshakeReceived(peer, theirs, now);
    }

    @Override
    public void messageReceived(int peer, PeerMessage message, long now) {
        company.messageReceived(peer, message, now);
    }

    @Override
    public Verdict blockArriving(int peer, BlockRange block, long now) {
        company.at(now);
        Conversation from = conversations.at(peer);
        if (!from.closing) {
            react(from, from.peer.blockArriving(block, now), now);
        }
        return Verdict.UNREQUESTED;
    }

    @Override
    public void payloadReceived(int peer, int bytes, long now) {
        company.payloadReceived(peer, bytes, now);
    }

    @Override
    public void peerClosed(int peer, CloseReason reason, long now) {
        company.peerClosed(peer, reason, now);
    }

    private void react(Conversation peer, Heard heard, long now) {
        Hearsay hearsay = company.hearsay();
        switch (heard) {
            case Heard.Ended(CloseReason reason) -> company.departures().close(peer, reason);
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
        company.at(now);
        exchange.verified(draft, good, now);
    }

    /** How many connected peers say that they have the metadata. */
    public int metadataSources() {
        return exchange.sources();
    }

    /** Those of {@link #metadataSources} that refused it, kept silent, or sent what turned out wrong. */
    public int metadataRefusals() {
        return exchange.unwilling();
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
                company.justice().convict(conversations.at(peer).origin, evidence);
        }
    }

    // ------------------------------------------------------------------ trackers

    @Override
    public void announceAnswered(int order, AnnounceAnswer answer, long now) {
        company.announceAnswered(order, answer, now);
    }

    @Override
    public void announceRefused(int order, AnnounceRefusal refusal, long now) {
        company.announceRefused(order, refusal, now);
    }

    @Override
    public void announceFailed(int order, String reason, long now) {
        company.announceFailed(order, reason, now);
    }

    @Override
    public boolean isAnnouncerQuiet() {
        return roster.announcer().isQuiet();
    }

    // ------------------------------------------------------------------ time and outputs

    @Override
    public long deadline() {
        return Math.min(company.deadline(), exchange.deadline());
    }

    @Override
    public void timeout(long now) {
        company.timeout(now);
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
        long now = company.now();
        company.settle();
        for (MetadataStep step = exchange.poll(now); step != null; step = exchange.poll(now)) {
            carryOn(step);
        }
        for (Conversation each = outputs.nextTouched(); each != null; each = outputs.nextTouched()) {
            if (!each.closing) {
                company.speak(each);
            }
        }
        company.announce(0, 0, SOME);
    }

    // ------------------------------------------------------------------ looks

    @Override
    public SwarmStats stats(long now) {
        int open =
                (int) conversations.all().stream().filter(Conversation::isLive).count();
        return new SwarmStats(
                company.isRunning(),
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
    public Outlook outlook(long now) {
        return Outlook.of(roster.candidates(), roster.bans(), conversations, roster.bounds(), now);
    }

    @Override
    public String toString() {
        return "swarm " + roster.identity().infoHash() + " without metadata, " + conversations.open() + " connections";
    }
}
