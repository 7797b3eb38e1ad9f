package dev.spate.core.swarm;

import dev.spate.core.choke.ChokeCandidate;
import dev.spate.core.metadata.MetadataServing;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.Peer;
import dev.spate.core.pex.PexFilter;
import dev.spate.core.pex.PexNews;
import dev.spate.core.rate.RateMeter;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import org.jspecify.annotations.Nullable;

/** A connection as the swarm sees it: the protocol's state in {@link Peer}, and beside it what the swarm keeps about it. */
final class Conversation {

    /** Why the picker had nothing more for a peer that could be asked for more. */
    enum Hunger {
        NONE,
        NOTHING_LEFT,
        OUT_OF_BUDGET
    }

    final int slot;
    final Peer peer;
    final PeerAddress address;
    final Origin origin;
    final long since;
    final RateMeter in = new RateMeter();
    final RateMeter out = new RateMeter();

    /** The known address that this is a connection to; null for one who came in and did not say where it listens. */
    @Nullable
    Candidate candidate;

    /** It counts in the picker. */
    boolean joined;

    /** The connection is to be closed or closed already; the slot is kept until the shell says so. */
    boolean closing;

    /** Why we close it, if we do. */
    @Nullable
    CloseReason closeReason;

    /** It waits in the list of those to be settled. */
    boolean dirty;

    /** The shell was told to pull blocks and has not been told that there are none. */
    boolean pulling;

    /** It said where it sees us. */
    boolean saidOurAddress;

    /** It said where it listens. */
    boolean saidPort;

    /** It may only deliver whole pieces alone. */
    boolean onParole;

    /** Another peer at its address sent bad data. */
    boolean doubtful;

    /** What it was told of other peers; made when it is first told. */
    @Nullable
    PexNews pexNews;

    /** What is heard of its words about other peers; made when it first speaks. */
    @Nullable
    PexFilter pexFilter;

    /** How often it wanted to be brought together with another. */
    int rendezvous;

    /** What it has asked for of our metadata. */
    final MetadataServing.Quota quota = new MetadataServing.Quota();

    /** What it was told that we have, while that is not all: we super-seed, or did when it came. */
    @Nullable
    PieceSet told;

    /** Up to which piece it was told all since. */
    int revealedTo;

    Hunger hunger = Hunger.NONE;

    /** It was woken because there may be memory, and the next one is if there is still some after it. */
    boolean isOfferedMemory;

    /** It has a place among those who are offered memory in turn. */
    boolean isInTurns;

    /** A piece that we want and it has, which proves our interest; or -1. */
    int witness = -1;

    /** When we last unchoked it. */
    long unchokedAt = ChokeCandidate.NEVER;

    /** {@link Peer#payloadOut()} at that moment. */
    long sentAtUnchoke;

    /** How fast it is served; null for as fast as it goes. */
    @Nullable
    Allowance allowance;

    /** When it last delivered a block that we wanted; only with {@link #hasDelivered}. */
    long deliveredAt;

    boolean hasDelivered;

    /** How many of the pieces to be broadcast next were in the bitfield that it got. */
    int toldOfFresh;

    Conversation(int slot, Peer peer, PeerAddress address, @Nullable Candidate candidate, long now) {
        this.slot = slot;
        this.peer = peer;
        this.address = address;
        this.candidate = candidate;
        this.origin = new Origin(address);
        this.since = now;
    }

    boolean isLive() {
        return !closing && peer.isOpen();
    }

    /** Whether it was not told that we have this piece, though we may. */
    boolean isUntold(int piece) {
        return told != null && !told.contains(piece);
    }

    boolean isUploadOnly() {
        ExtensionHandshake said = peer.description();
        return peer.isSeed() || (said != null && Boolean.TRUE.equals(said.uploadOnly()));
    }
}
