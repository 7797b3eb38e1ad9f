package dev.spate.engine;

import dev.spate.core.announce.TrackerStatus;
import dev.spate.core.swarm.Gathering;
import dev.spate.core.swarm.MagnetSwarm;
import dev.spate.core.swarm.Outlook;
import dev.spate.core.swarm.PeerSnapshot;
import dev.spate.core.swarm.Scarcity;
import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmStats;
import dev.spate.engine.shell.ConnectionLimit;
import dev.spate.engine.shell.Resources;
import dev.spate.engine.storage.FileLayout;
import dev.spate.engine.storage.Places;
import dev.spate.engine.storage.ResumeData;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Says in the words of the door how a torrent is doing. Pure. */
final class TorrentLooks {
    private TorrentLooks() {}

    /**
     * @param swarm null while there is none
     * @param before what was transferred before this swarm was made
     */
    static TorrentStats stats(
            TorrentState state,
            Metainfo metainfo,
            @Nullable Swarm swarm,
            int checked,
            ResumeData.Transferred before,
            @Nullable SpateException failure,
            long now) {
        PieceLayout layout = metainfo.layout();
        if (swarm == null) {
            return new TorrentStats(
                    state,
                    layout.totalLength(),
                    0,
                    layout.pieces(),
                    0,
                    checked,
                    before.downloaded(),
                    before.uploaded(),
                    before.corrupt(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    Optional.ofNullable(failure));
        }
        SwarmStats stats = swarm.stats(now);
        return new TorrentStats(
                state,
                layout.totalLength(),
                layout.totalLength() - stats.leftBytes(),
                layout.pieces(),
                stats.flushedPieces(),
                checked,
                before.downloaded() + stats.downloaded(),
                before.uploaded() + stats.uploaded(),
                before.corrupt() + stats.corruptBytes(),
                stats.redundantBytes(),
                stats.downloadRate(),
                stats.uploadRate(),
                stats.peers(),
                stats.seeds(),
                stats.downloaders(),
                stats.candidates(),
                stats.banned(),
                Optional.ofNullable(failure));
    }

    static List<PeerStats> peers(Gathering swarm, long now) {
        return swarm.peers(now).stream()
                .filter(peer -> peer.id() != null)
                .map(TorrentLooks::peer)
                .toList();
    }

    private static PeerStats peer(PeerSnapshot peer) {
        return new PeerStats(
                peer.address(),
                peer.client().isEmpty() ? String.valueOf(peer.id()) : peer.client(),
                !peer.outgoing(),
                peer.source(),
                peer.pieces(),
                peer.peerChokesUs(),
                peer.peerInterested(),
                peer.weChokePeer(),
                peer.weInterested(),
                peer.snubbed(),
                peer.downloadRate(),
                peer.uploadRate(),
                peer.downloaded(),
                peer.uploaded(),
                peer.inFlight(),
                peer.queued());
    }

    static List<TrackerStats> trackers(Gathering swarm, long now) {
        // A tracker is asked over IPv4 and IPv6; a person sees one tracker, by the way that works.
        Map<String, TrackerStatus> byUrl = new LinkedHashMap<>();
        for (TrackerStatus status : swarm.trackers()) {
            byUrl.merge(status.url(), status, (one, other) -> works(other) && !works(one) ? other : one);
        }
        return byUrl.values().stream().map(status -> tracker(status, now)).toList();
    }

    private static boolean works(TrackerStatus status) {
        return status.lastAnswer() != TrackerStatus.NEVER && status.failures() == 0;
    }

    private static TrackerStats tracker(TrackerStatus status, long now) {
        boolean answered = status.lastAnswer() != TrackerStatus.NEVER;
        return new TrackerStats(
                status.url(),
                status.tier(),
                status.state(),
                status.failures(),
                status.refused(),
                Optional.ofNullable(status.message()),
                answered ? OptionalInt.of(status.peers()) : OptionalInt.empty(),
                count(status.counts().seeds()),
                count(status.counts().leeches()),
                answered ? Optional.of(Duration.ofNanos(now - status.lastAnswer())) : Optional.empty(),
                status.nextAnnounce() == TrackerStatus.NEVER
                        ? Optional.empty()
                        : Optional.of(Duration.ofNanos(Math.max(0, status.nextAnnounce() - now))));
    }

    /**
     * Why it may not go on.
     *
     * @param swarm null while there is none
     * @param complete whether all that is wanted is there
     */
    static Situation situation(
            TorrentState state,
            boolean isPrivate,
            boolean complete,
            @Nullable SpateException failure,
            int pieces,
            Situation.Look look,
            @Nullable Gathering swarm,
            Optional<Situation.DhtSearch> dht,
            TorrentRules rules,
            Resources resources,
            long now) {
        SwarmStats stats = swarm == null ? null : swarm.stats(now);
        return new Situation(
                state,
                isPrivate,
                complete,
                Optional.ofNullable(failure),
                pieces,
                look,
                rules.line(),
                stats == null ? 0 : stats.downloadRate(),
                rules.downLimits(),
                new Situation.Memory(
                        stats == null ? 0 : stats.waitingForMemory(),
                        resources.pieces().used(),
                        resources.pieces().limit()),
                swarm == null ? Situation.Peers.NONE : company(swarm, now),
                swarm == null || stats == null
                        ? Situation.Sources.NONE
                        : sources(swarm, stats, resources.connections(), dht, now),
                swarm instanceof Swarm known ? needs(known.scarcity()) : Situation.Needs.NONE,
                swarm instanceof MagnetSwarm magnet
                        ? new Situation.Metadata(magnet.metadataSources(), magnet.metadataRefusals())
                        : Situation.Metadata.NONE);
    }

    private static Situation.Peers company(Gathering swarm, long now) {
        int connected = 0;
        int connecting = 0;
        int interesting = 0;
        int choking = 0;
        for (PeerSnapshot peer : swarm.peers(now)) {
            if (peer.id() == null) {
                connecting++;
            } else {
                connected++;
                interesting += peer.weInterested() ? 1 : 0;
                choking += peer.weInterested() && peer.peerChokesUs() ? 1 : 0;
            }
        }
        return new Situation.Peers(connected, connecting, interesting, choking);
    }

    private static Situation.Sources sources(
            Gathering swarm,
            SwarmStats stats,
            ConnectionLimit connections,
            Optional<Situation.DhtSearch> dht,
            long now) {
        Outlook outlook = swarm.outlook(now);
        return new Situation.Sources(
                outlook.ready(),
                outlook.failing(),
                outlook.resting(),
                outlook.trouble() == null ? "" : outlook.trouble().toString(),
                outlook.turnedAway(),
                stats.banned(),
                new Situation.Connections(outlook.connections(), outlook.maxConnections()),
                new Situation.Connections(connections.open(), connections.limit()),
                trackers(swarm, now),
                dht);
    }

    private static Situation.Needs needs(Scarcity scarcity) {
        return new Situation.Needs(scarcity.missing(), scarcity.nowhere(), scarcity.copies());
    }

    private static OptionalInt count(@Nullable Integer known) {
        return known == null ? OptionalInt.empty() : OptionalInt.of(known);
    }

    static List<FileStats> files(
            Metainfo metainfo, FileLayout layout, Places places, FilePriorities priorities, PieceSet flushed) {
        List<FileStats> files = new ArrayList<>();
        for (FileEntry file : metainfo.files()) {
            if (!file.isPad()) {
                files.add(new FileStats(
                        file.index(),
                        Path.of(String.join("/", places.names(layout, file.index()))),
                        file.length(),
                        flushedBytes(metainfo.layout(), file, flushed),
                        priorities.of(file.index())));
            }
        }
        return files;
    }

    /** Where a file is within the torrent's folder. */
    static Path path(Metainfo metainfo, FileEntry file) {
        return metainfo.isSingleFile()
                ? Path.of(file.pathText())
                : Path.of(metainfo.name()).resolve(file.pathText());
    }

    /** How many bytes of a file are on disk. */
    static long flushedBytes(PieceLayout layout, FileEntry file, PieceSet flushed) {
        if (file.length() == 0) {
            return 0;
        }
        long end = file.offset() + file.length();
        long bytes = 0;
        int last = layout.pieceAt(end - 1);
        for (int piece = flushed.next(layout.pieceAt(file.offset()));
                piece >= 0 && piece <= last;
                piece = flushed.next(piece + 1)) {
            long from = Math.max(file.offset(), layout.offset(piece));
            long to = Math.min(end, layout.offset(piece) + layout.length(piece));
            bytes += to - from;
        }
        return bytes;
    }
}
