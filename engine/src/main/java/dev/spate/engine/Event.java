package dev.spate.engine;

import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.SeedLimit;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Path;
import java.util.List;

/** Something that a session tells its user. Values; safe to keep. */
public sealed interface Event {

    /** Whom it concerns. */
    Torrent torrent();

    /** A peer told of its DHT node, at this UDP address. */
    record DhtNodeTold(Torrent torrent, PeerAddress node) implements Event {}

    /** The torrent does something else now. */
    record StateChanged(Torrent torrent, TorrentState state) implements Event {}

    /** Peers gave the metadata of a torrent that was added by a magnet link. */
    record MetadataReceived(Torrent torrent, Metainfo metainfo) implements Event {}

    /** A piece is verified and on disk. */
    record PieceFlushed(Torrent torrent, int piece) implements Event {}

    /** A piece did not match its hash; it will be downloaded again. */
    record PieceFailed(Torrent torrent, int piece) implements Event {}

    /** Every wanted piece is there; once a download. */
    record Completed(Torrent torrent) implements Event {}

    /** Super-seeding has ended, for its peers have a whole copy between them; see {@link TorrentRules#setSuperSeeding}. */
    record CopyOut(Torrent torrent) implements Event {}

    /** Handshakes were exchanged. */
    record PeerConnected(Torrent torrent, PeerAddress peer) implements Event {}

    /** A connection is over; {@code reason} is for a person. */
    record PeerDisconnected(Torrent torrent, PeerAddress peer, String reason) implements Event {}

    /** An address was shut out; {@code evidence} says what it did. */
    record PeerBanned(Torrent torrent, PeerAddress peer, String evidence) implements Event {}

    /** A tracker answered with so many peers. */
    record TrackerAnswered(Torrent torrent, String url, int peers) implements Event {}

    /** A tracker did not answer, or refused; {@code reason} names which. */
    record TrackerFailed(Torrent torrent, String url, String reason) implements Event {}

    /** The torrent has seeded enough; {@code limit} tells by what, {@code then} what becomes of it now. */
    record SeedLimitReached(Torrent torrent, SeedLimit limit, AfterSeeding then) implements Event {}

    /** The torrent stopped because of its files. */
    record Failed(Torrent torrent, SpateException failure) implements Event {}

    /** Its files are in another folder now. */
    record Moved(Torrent torrent, Path folder) implements Event {}

    /** Its files could not be moved or renamed and are where they were; the torrent goes on there. */
    record MoveFailed(Torrent torrent, SpateException failure) implements Event {}

    /** Somebody took these files away, cut them or wrote to them; so many pieces, 0 perhaps, are fetched again. */
    record FilesLost(Torrent torrent, List<Path> files, int pieces) implements Event {}
}
