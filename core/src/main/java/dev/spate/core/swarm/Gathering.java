package dev.spate.core.swarm;

import dev.spate.core.announce.TrackerStatus;
import dev.spate.core.filter.IpFilter;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceRefusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A swarm as far as connections and trackers go, whether it knows its torrent or only its name; see {@link Swarm} for how inputs,
 * effects and peers' numbers work.
 */
public sealed interface Gathering permits Swarm, MagnetSwarm {

    /** Takes part: announces, dials, accepts. Without effect if it does already. */
    void start(long now);

    /** Takes part no longer: closes all connections, tells the trackers. */
    void pause(long now);

    /** The user wants an announce now; it is made as soon as trackers allow. */
    void announceNow(long now);

    /** Replaces the trackers, tier by tier (BEP 12); those that are gone hear a good-bye, new ones are asked. */
    void setTrackers(List<List<String>> tiers, long now);

    /** Addresses at which peers may be. Those that are known already, or that a private torrent must not use, are ignored. */
    void addPeers(PeerSource source, List<PeerAddress> peers, long now);

    /** The user wants nothing to do with these addresses, whoever tells of them, and with no others. */
    void setFilter(IpFilter filter, long now);

    /** Changes how many connections there may be, 1 or more; those of least use are closed at once if there are too many. */
    void setMaxConnections(int connections, long now);

    /** Closes the connections of least use, as far as there are more than so many. */
    void shedConnections(int left, long now);

    /**
     * A peer connected to us.
     *
     * @return its slot, or -1 if the connection is to be closed; then an event says why
     */
    int accepted(PeerAddress remote, Handshake theirs, long now);

    /** The connection to a peer that was to be dialed stands. */
    void dialed(int peer, long now);

    /** The handshake of a peer that was dialed. */
    void handshakeReceived(int peer, Handshake theirs, long now);

    /** A peer said something; {@code message} is anything but a {@code Piece}, which is {@link #blockArriving}. */
    void messageReceived(int peer, PeerMessage message, long now);

    /** The header of a block is there; returns whether to store the payload. */
    Verdict blockArriving(int peer, BlockRange block, long now);

    /** So much payload of a block came, to be stored or not. */
    void payloadReceived(int peer, int bytes, long now);

    /** The connection is gone; to be told exactly once a slot. */
    void peerClosed(int peer, CloseReason reason, long now);

    /** A tracker answered; {@code order} is the number of the announce order. */
    void announceAnswered(int order, AnnounceAnswer answer, long now);

    /** A tracker said No. */
    void announceRefused(int order, AnnounceRefusal refusal, long now);

    /** A tracker could not be asked, or not be understood; {@code reason} is for the user. */
    void announceFailed(int order, String reason, long now);

    /** Whether no announce is under way. */
    boolean isAnnouncerQuiet();

    /** When {@link #timeout} is due, or {@link Long#MAX_VALUE}; to be asked after {@link #poll} gave null. */
    long deadline();

    /** Time has passed; without effect before the deadline. */
    void timeout(long now);

    /** The next effect, or null when there is none until the next input. */
    @Nullable
    Effect poll();

    SwarmStats stats(long now);

    /** All connections, those being dialed included. */
    List<PeerSnapshot> peers(long now);

    List<TrackerStatus> trackers();

    /** Whom it could still connect to. */
    Outlook outlook(long now);
}
