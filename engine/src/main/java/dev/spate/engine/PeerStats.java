package dev.spate.engine;

import dev.spate.core.swarm.PeerSource;
import dev.spate.wire.PeerAddress;

/**
 * A connected peer at one moment.
 *
 * @param address its end of the connection
 * @param client what it calls itself, by its extension handshake or else its peer id; may be empty
 * @param incoming whether it connected to us
 * @param source from where we know its address; that it came by itself if it has connected to us
 * @param pieces how many pieces it has
 * @param peerChokesUs it does not answer our requests
 * @param peerInterested it would like pieces of ours
 * @param weChokePeer we do not answer its requests
 * @param weInterested it has pieces that we want
 * @param snubbed it unchoked us and sends nothing
 * @param downloadRate bytes per second from it
 * @param uploadRate bytes per second to it
 * @param downloaded payload bytes from it on this connection
 * @param uploaded payload bytes to it on this connection
 * @param inFlight requests that it has not answered
 * @param queued requests of its that we have not answered
 */
public record PeerStats(
        PeerAddress address,
        String client,
        boolean incoming,
        PeerSource source,
        int pieces,
        boolean peerChokesUs,
        boolean peerInterested,
        boolean weChokePeer,
        boolean weInterested,
        boolean snubbed,
        long downloadRate,
        long uploadRate,
        long downloaded,
        long uploaded,
        int inFlight,
        int queued) {}
