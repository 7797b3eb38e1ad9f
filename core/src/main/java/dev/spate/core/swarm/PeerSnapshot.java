package dev.spate.core.swarm;

import dev.spate.core.peer.Peer;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * A connection at one moment.
 *
 * @param peer its number
 * @param address the other end
 * @param id of its handshake; null before that
 * @param client what it calls itself (BEP 10 {@code v}), or empty
 * @param phase where in its life it is
 * @param outgoing whether we dialed
 * @param source from where we know its address; that it came by itself if it has connected to us
 * @param pieces how many pieces it has
 * @param isSeed whether it has them all
 * @param uploadOnly whether it said that it will not download (BEP 21)
 * @param onParole whether it may only deliver whole pieces alone, until it has proven itself
 * @param downloadRate payload from it, bytes per second
 * @param uploadRate payload to it, bytes per second
 * @param downloaded payload from it, bytes
 * @param uploaded payload to it, bytes
 * @param inFlight our requests that it has not answered
 * @param pipelineLength how many of them it should have at its speed
 * @param queued its requests that we have not answered
 */
public record PeerSnapshot(
        int peer,
        PeerAddress address,
        @Nullable PeerId id,
        String client,
        Peer.Phase phase,
        boolean outgoing,
        PeerSource source,
        int pieces,
        boolean isSeed,
        boolean uploadOnly,
        boolean peerChokesUs,
        boolean peerInterested,
        boolean weChokePeer,
        boolean weInterested,
        boolean snubbed,
        boolean onParole,
        long downloadRate,
        long uploadRate,
        long downloaded,
        long uploaded,
        int inFlight,
        int pipelineLength,
        int queued) {}
