package dev.spate.core.swarm;

import dev.spate.core.announce.AnnounceOrder;
import dev.spate.core.announce.TrackerStatus;
import dev.spate.core.choke.Choking;
import dev.spate.core.filter.IpFilter;
import dev.spate.core.metadata.MetadataServing;
import dev.spate.core.peer.CloseReason;
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
     * Implementation note. This class is the door: it hands each input to the one who knows, Company for who comes and goes, Trade
     * and its rooms for pieces; Trade settles afterwards. A connection about which something changed is "touched" (Outputs);
     * settling looks at each touched connection once: fills its pipeline (Downloads), sends what is to be said (Peer.drain), and
     * says whether there are blocks to pull (Uploads). What runs by the clock for the whole swarm has a deadline of its own: choke
     * rounds, have rounds, dials, waiting peers, trackers. What runs by the clock for a single peer shares one: see Sweeps.
     */

    private final Roster roster;
    private final Trade trade;
    private final Company company;

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
        this.roster = roster;
        trade = new Trade(roster, layout, flushed, budget, random);
        company = trade.company;
    }

    /** Goes on with the connections of a swarm that did not know its torrent. */
    void inherit(boolean wasRunning, long now) {
        trade.inherit(wasRunning, now);
    }

    /**
     * Gives this info dictionary to peers that ask for it (BEP 9), and tells those that are connected.
     *
     * @param metadata only looked at; nobody may change it
     */
    public void serveMetadata(ByteBuffer metadata) {
        trade.serve(new MetadataServing(metadata));
    }

    // ------------------------------------------------------------------ commands

    /** Takes part: announces, dials, accepts. Without effect if it does already. */
    @Override
    public void start(long now) {
        trade.start(now);
    }

    /** Takes part no longer: closes all connections, gives up partial pieces, tells the trackers. */
    @Override
    public void pause(long now) {
        trade.pause(now);
    }

    /** The user wants an announce now; it is made as soon as trackers allow. */
    @Override
    public void announceNow(long now) {
        company.announceNow(now);
    }

    /** Changes how many connections there may be, 1 or more; those of least use are closed at once if there are too many. */
    @Override
    public void setMaxConnections(int connections, long now) {
        company.setMaxConnections(connections, now);
    }

    /** Closes the connections of least use, as far as there are more than so many. */
    @Override
    public void shedConnections(int left, long now) {
        company.shed(left, now);
    }

    /** Changes how many interested peers are unchoked, 1 or more; see {@link SwarmSettings#uploadSlots}. */
    public void setUploadSlots(int slots, long now) {
        company.at(now);
        Bounds bounds = roster.bounds();
        bounds.set(bounds.settings().withUploadSlots(slots));
        trade.chokeRounds.interestChanged();
    }

    /** Changes to whom we give. */
    public void setChoking(Choking choking, long now) {
        company.at(now);
        Bounds bounds = roster.bounds();
        bounds.set(bounds.settings().withChoking(choking));
        trade.chokeRounds.interestChanged();
    }

    /**
     * Whether to super-seed (BEP 16), once all pieces are on disk: each peer that connects from then on is told of one piece at a time,
     * until a whole copy is out. Then it ends by itself.
     */
    public void setSuperSeeding(boolean wanted, long now) {
        company.at(now);
        trade.superSeeding.want(wanted, now);
    }

    /** Whether it super-seeds, or will as soon as all pieces are on disk. */
    public boolean isSuperSeeding() {
        return trade.superSeeding.isWanted();
    }

    @Override
    public void setTrackers(List<List<String>> tiers, long now) {
        company.at(now);
        roster.announcer().setTrackers(tiers, now);
    }

    /** How much a piece is wanted, 0 (not at all) to 7; a piece that has not been told is wanted in the middle. */
    public void setPiecePriority(int piece, int priority, long now) {
        company.at(now);
        trade.pieces.prioritise(piece, priority);
    }

    /** How much a piece is wanted, 0 (not at all) to 7, whether it is here or not. */
    public int piecePriority(int piece) {
        return trade.picker.priority(piece);
    }

    /** Whether pieces are begun in order rather than the rarest first. */
    public void setSequential(boolean sequential, long now) {
        company.at(now);
        trade.picker.setSequential(sequential);
    }

    /**
     * A piece is needed at a certain moment, monotonic nanoseconds; such pieces go before all others, the earliest first. One that is
     * needed within a second makes peers put it before what they were asked for earlier. Ends by itself when the piece is verified;
     * without effect on one that is.
     */
    public void setPieceDeadline(int piece, long deadline, long now) {
        company.at(now);
        trade.picker.setDeadline(piece, deadline);
        trade.downloads.due(piece, now);
    }

    /** The piece is due no more; nothing happens if it was not. */
    public void clearPieceDeadline(int piece, long now) {
        company.at(now);
        trade.picker.clearDeadline(piece);
    }

    /** Addresses at which peers may be. Those that are known already, or that a private torrent must not use, are ignored. */
    @Override
    public void addPeers(PeerSource source, List<PeerAddress> peers, long now) {
        company.addPeers(source, peers, now);
    }

    /**
     * Deals with these peers, and forgets all others: connections to them are closed. Who comes in later, or is heard of, is not concerned;
     * a swarm that is to stay with them must be private and told to nobody.
     */
    public void keepOnly(List<PeerAddress> peers, long now) {
        company.keepOnly(peers, now);
    }

    /** Shuts an address out, with all that is behind it, for as long as the swarm lives. */
    public void ban(InetAddress ip, long now) {
        company.at(now);
        company.justice().ban(ip);
    }

    /** Replaces the list of addresses that the user wants nothing to do with; connections to those on it are closed. */
    @Override
    public void setFilter(IpFilter filter, long now) {
        company.at(now);
        company.justice().filter(filter);
    }

    // ------------------------------------------------------------------ connections

    /**
     * A peer connected to us.
     *
     * @return its slot, or -1 if the connection is to be closed; then an event says why
     */
    @Override
    public int accepted(PeerAddress remote, Handshake theirs, long now) {
        return company.accepted(remote, theirs, now);
    }

    /** The connection to a peer that was to be dialed stands. */
    @Override
    public void dialed(int peer, long now) {
        company.dialed(peer, now);
    }

    /** The handshake of a peer that was dialed. */
    @Override
    public void handshakeReceived(int peer, Handshake theirs, long now) {
        company.handshakeReceived(peer, theirs, now);
    }

    /** A peer said something; {@code message} is anything but a {@code Piece}, which is {@link #blockArriving}. */
    @Override
    public void messageReceived(int peer, PeerMessage message, long now) {
        company.messageReceived(peer, message, now);
    }

    /**
     * The header of a block is there.
     *
     * @return whether to store the payload; if so {@link #blockArrived} follows when all of it is, unless
     *     {@link Effect.DropArriving} comes first
     */
    @Override
    public Verdict blockArriving(int peer, BlockRange block, long now) {
        return trade.blockArriving(peer, block, now);
    }

    /** So much payload of a block came, to be stored or not. To be told before {@link #blockArrived}. */
    @Override
    public void payloadReceived(int peer, int bytes, long now) {
        trade.payloadReceived(peer, bytes, now);
    }

    /** The whole payload of a block is stored. */
    public void blockArrived(int peer, BlockRange block, long now) {
        trade.blockArrived(peer, block, now);
    }

    /**
     * The next block to send to a peer, which counts as answered from now on; null when there is none until the next
     * {@link Effect.BlocksReady}.
     */
    public @Nullable BlockRange takeBlock(int peer, long now) {
        company.at(now);
        Conversation to = roster.conversations().at(peer);
        return to.closing ? null : trade.uploads.take(to, (from, heard) -> trade.heard(from, heard, now), now);
    }

    /** A block that was taken has gone to the socket. */
    public void blockSent(int peer, BlockRange block, long now) {
        trade.blockSent(peer, block, now);
    }

    /** A block that was taken cannot be sent after all; tell {@link #pieceLost} as well, if the piece is not there any more. */
    public void blockUnreadable(int peer, BlockRange block, long now) {
        company.at(now);
        Conversation to = roster.conversations().at(peer);
        if (!to.closing) {
            to.peer.cannotServe(block);
            roster.outputs().touch(to);
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
        company.peerClosed(peer, reason, now);
    }

    // ------------------------------------------------------------------ storage

    /** The piece of an {@link Effect.VerifyPiece} matches its hash; {@code digests} if they were asked for. */
    public void pieceVerified(int piece, @Nullable BlockDigests digests, long now) {
        company.at(now);
        trade.pieces.verified(piece, digests);
    }

    /** A verified piece is on disk; also one that a recheck found. */
    public void pieceFlushed(int piece, long now) {
        company.at(now);
        trade.pieces.flushed(piece);
    }

    /**
     * The piece of an {@link Effect.VerifyPiece} does not match its hash.
     *
     * @param digests of its blocks; without them a bad peer is found only if it delivered the whole piece
     */
    public void pieceCorrupt(int piece, @Nullable BlockDigests digests, long now) {
        company.at(now);
        trade.pieces.corrupt(piece, digests);
    }

    /** A verified piece could not be written; it will be fetched again. */
    public void pieceWriteFailed(int piece, long now) {
        company.at(now);
        trade.pieces.writeFailed(piece);
    }

    /** A piece that was on disk is there no longer. */
    public void pieceLost(int piece, long now) {
        company.at(now);
        trade.pieces.lost(piece);
    }

    /** {@link Picker.Budget} may say yes again. */
    public void budgetFreed(long now) {
        company.at(now);
        trade.downloads.budgetFreed();
    }

    // ------------------------------------------------------------------ trackers

    /**
     * What was transferred before this swarm was made, in bytes of payload. Trackers are told of all there ever was (BEP 3: "the total
     * amount uploaded so far"), so that their counters never go back when a torrent is taken up again.
     */
    public void transferredBefore(long uploaded, long downloaded) {
        trade.transferredBefore(uploaded, downloaded);
    }

    /** A tracker answered; {@code order} is the number of the {@link AnnounceOrder}. */
    @Override
    public void announceAnswered(int order, AnnounceAnswer answer, long now) {
        company.announceAnswered(order, answer, now);
    }

    /** A tracker said No. */
    @Override
    public void announceRefused(int order, AnnounceRefusal refusal, long now) {
        company.announceRefused(order, refusal, now);
    }

    /** A tracker could not be asked, or not be understood; {@code reason} is for the user. */
    @Override
    public void announceFailed(int order, String reason, long now) {
        company.announceFailed(order, reason, now);
    }

    /** Whether no announce is under way; after {@link #pause}, that all trackers know or cannot be told. */
    @Override
    public boolean isAnnouncerQuiet() {
        return roster.announcer().isQuiet();
    }

    // ------------------------------------------------------------------ time and outputs

    /** When {@link #timeout} is due, or {@link Long#MAX_VALUE}; to be asked after {@link #poll} gave null. */
    @Override
    public long deadline() {
        return trade.deadline();
    }

    /** Time has passed; without effect before the deadline. */
    @Override
    public void timeout(long now) {
        trade.timeout(now);
    }

    /** The next effect, or null when there is none until the next input. */
    @Override
    public @Nullable Effect poll() {
        Effect effect = roster.outputs().poll();
        if (effect == null) {
            trade.settle();
            effect = roster.outputs().poll();
        }
        return effect;
    }

    // ------------------------------------------------------------------ looks

    @Override
    public SwarmStats stats(long now) {
        return trade.looks.stats(company.isRunning(), now);
    }

    /** All connections, those being dialed included. */
    @Override
    public List<PeerSnapshot> peers(long now) {
        return trade.looks.peers(now);
    }

    @Override
    public List<TrackerStatus> trackers() {
        return roster.announcer().statuses();
    }

    /** The pieces on disk; a copy. */
    public PieceSet flushed() {
        return trade.progress.flushed().copy();
    }

    /** Whether a piece is on disk. */
    public boolean isFlushed(int piece) {
        return trade.progress.flushed().contains(piece);
    }

    /** How many of the connected peers have a piece. */
    public int availability(int piece) {
        return trade.picker.availability(piece);
    }

    @Override
    public Outlook outlook(long now) {
        return Outlook.of(roster.candidates(), roster.bans(), roster.conversations(), roster.bounds(), now);
    }

    /** How far the connected peers have what is missing. Looks at every piece. */
    public Scarcity scarcity() {
        int missing = 0;
        int rarest = Integer.MAX_VALUE;
        int atRarest = 0;
        for (int piece = 0; piece < trade.progress.flushed().pieces(); piece++) {
            if (!trade.progress.flushed().contains(piece) && trade.picker.priority(piece) > 0) {
                int copies = trade.picker.availability(piece);
                if (copies < rarest) {
                    rarest = copies;
                    atRarest = 0;
                }
                atRarest += copies == rarest ? 1 : 0;
                missing++;
            }
        }
        return missing == 0
                ? new Scarcity(0, 0, 0)
                : new Scarcity(missing, rarest == 0 ? atRarest : 0, rarest + (double) (missing - atRarest) / missing);
    }

    /** The pieces that are begun and not verified. */
    public List<PieceProgress> openPieces() {
        return trade.picker.openPieces();
    }

    /** Whether all wanted pieces are on disk. */
    public boolean isDone() {
        return trade.progress.isDone();
    }

    @Override
    public String toString() {
        return "swarm " + roster.identity().infoHash() + ", " + trade.progress.flushed() + ", "
                + roster.conversations().open() + " connections";
    }
}
