package dev.spate.engine.watch;

import dev.spate.core.swarm.SwarmEvent;
import dev.spate.engine.metrics.Metric;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Is told what happens in a session: counts it, and hands it to the flight recorder if somebody has asked for that. Safe for use by
 * several threads; costs some nanoseconds a call, and allocates nothing while nobody records.
 */
public final class Chronicle {

    /** From when on an access to a file is slow: ten times the seek of a busy spinning disk. */
    static final long SLOW_NANOS = 100_000_000;

    private final Map<Metric, LongAdder> counts = new EnumMap<>(Metric.class);

    /** Nothing has happened yet. */
    public Chronicle() {
        for (Metric metric : Metric.values()) {
            counts.put(metric, new LongAdder());
        }
    }

    /** Counts. */
    public void count(Metric metric, long more) {
        LongAdder adder = counts.get(metric);
        assert adder != null : metric;
        adder.add(more);
    }

    /** All counts, each as it was at some moment of the call. */
    public Map<Metric, Long> counts() {
        Map<Metric, Long> all = new EnumMap<>(Metric.class);
        counts.forEach((metric, adder) -> all.put(metric, adder.sum()));
        return all;
    }

    /** The check of a piece begins now; to be followed by {@link #verified}. */
    public PieceVerified verifying() {
        PieceVerified event = new PieceVerified();
        event.begin();
        return event;
    }

    /** The check of a piece is over. */
    public void verified(PieceVerified event, Digest infoHash, int piece, boolean good) {
        count(good ? Metric.PIECES_VERIFIED : Metric.PIECES_CORRUPT, 1);
        event.end();
        if (event.shouldCommit()) {
            event.torrent = infoHash.toString();
            event.piece = piece;
            event.good = good;
            event.commit();
        }
    }

    /** A peer is told that it is choked, or that it no longer is. */
    public void choked(Digest infoHash, PeerAddress peer, boolean choked) {
        count(choked ? Metric.CHOKES : Metric.UNCHOKES, 1);
        PeerChoked event = new PeerChoked();
        if (event.shouldCommit()) {
            event.torrent = infoHash.toString();
            event.peer = peer.toString();
            event.choked = choked;
            event.commit();
        }
    }

    /** A swarm says what happened. */
    public void happened(Digest infoHash, SwarmEvent event) {
        switch (event) {
            case SwarmEvent.PeerConnected _ -> count(Metric.PEERS_CONNECTED, 1);
            case SwarmEvent.PeerClosed _ -> count(Metric.PEERS_DISCONNECTED, 1);
            case SwarmEvent.PeerRefused _ -> count(Metric.PEERS_REFUSED, 1);
            case SwarmEvent.PeerBanned(var peer, var evidence) -> banned(infoHash, peer, evidence);
            case SwarmEvent.BlockTimedOut(var peer, var block) -> timedOut(infoHash, peer, block);
            case SwarmEvent.TrackerAnswered _ -> count(Metric.ANNOUNCES_ANSWERED, 1);
            case SwarmEvent.TrackerRefused _, SwarmEvent.TrackerFailed _ -> count(Metric.ANNOUNCES_FAILED, 1);
            case SwarmEvent.PieceFlushed _,
                    SwarmEvent.PieceFailed _,
                    SwarmEvent.Completed _,
                    SwarmEvent.CopyOut _,
                    SwarmEvent.DhtNode _ -> {}
        }
    }

    private void banned(Digest infoHash, PeerAddress peer, String evidence) {
        count(Metric.PEERS_BANNED, 1);
        PeerBanned event = new PeerBanned();
        if (event.shouldCommit()) {
            event.torrent = infoHash.toString();
            event.peer = peer.toString();
            event.evidence = evidence;
            event.commit();
        }
    }

    private void timedOut(Digest infoHash, PeerAddress peer, BlockRange block) {
        count(Metric.BLOCKS_TIMED_OUT, 1);
        BlockTimedOut event = new BlockTimedOut();
        if (event.shouldCommit()) {
            event.torrent = infoHash.toString();
            event.peer = peer.toString();
            event.piece = block.piece();
            event.begin = block.begin();
            event.commit();
        }
    }
}
