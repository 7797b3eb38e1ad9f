package dev.spate.engine;

import dev.spate.core.swarm.SwarmEvent;
import java.util.Optional;

/** Says in the words of the door what happens in a swarm. Pure. */
final class SwarmNews {
    private SwarmNews() {}

    /** What concerns a user of what happens to connections, in a swarm with or without metadata. */
    static Optional<Event> told(Torrent torrent, SwarmEvent event) {
        return switch (event) {
            case SwarmEvent.PeerConnected connected ->
                Optional.of(new Event.PeerConnected(torrent, connected.address()));
            case SwarmEvent.PeerClosed(var address, var reason) ->
                Optional.of(new Event.PeerDisconnected(torrent, address, reason.toString()));
            case SwarmEvent.PeerRefused(var address, var reason) ->
                Optional.of(new Event.PeerDisconnected(torrent, address, reason.toString()));
            case SwarmEvent.PeerBanned(var address, var evidence) ->
                Optional.of(new Event.PeerBanned(torrent, address, evidence));
            case SwarmEvent.PieceFlushed(var piece) -> Optional.of(new Event.PieceFlushed(torrent, piece));
            case SwarmEvent.PieceFailed(var piece) -> Optional.of(new Event.PieceFailed(torrent, piece));
            case SwarmEvent.DhtNode(var address) -> Optional.of(new Event.DhtNodeTold(torrent, address));
            case SwarmEvent.CopyOut() -> Optional.of(new Event.CopyOut(torrent));
            // Of interest to those who look into the engine only.
            case SwarmEvent.BlockTimedOut late -> Optional.empty();
            // Said when it is saved, too.
            case SwarmEvent.Completed completed -> Optional.empty();
            // Announces tell these with the tracker's URL.
            case SwarmEvent.TrackerAnswered answered -> Optional.empty();
            case SwarmEvent.TrackerRefused refused -> Optional.empty();
            case SwarmEvent.TrackerFailed failed -> Optional.empty();
        };
    }
}
