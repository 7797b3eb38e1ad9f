package dev.spate.engine;

import dev.spate.core.announce.TrackerTiers;
import dev.spate.engine.shell.SwarmRunner;
import dev.spate.wire.InfoHash;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a {@link Torrent} is in truth: a {@link MagnetLife} until its metadata is known, then a {@link TorrentLife}. */
sealed interface Life permits MagnetLife, TorrentLife {

    InfoHash infoHash();

    /** For a person, as well as it is known. */
    String name();

    /** Done when the metadata is known. */
    CompletableFuture<Metainfo> metadata();

    Path folder();

    TorrentState state();

    CompletableFuture<Void> completion();

    void begin(Torrent handle);

    void pause();

    void resume();

    void recheck();

    void announce();

    void addPeers(List<PeerAddress> addresses);

    /** The list of addresses that are shut out is another one. */
    void filter();

    /** The session may use other local addresses than before. */
    void localEndsChanged();

    /** Ends it; the future is done when its files are closed and everything is saved. */
    CompletableFuture<Void> close();

    /** Ends it and forgets it. */
    CompletableFuture<Void> remove(boolean deleteFiles);

    /** What it may do; the same before and after its metadata is known. */
    TorrentRules rules();

    /** On the lane: its rules are to be remembered. */
    void rulesChanged();

    /** On the lane: the queue thinks otherwise about it than before. */
    void queueDecided();

    /** On the lane: has its connections, if it has any. */
    @Nullable
    SwarmRunner runner();

    /** On the lane: who it is to its user. */
    @Nullable
    Torrent handle();

    /** On the lane: bytes a second in both directions. */
    long rate();

    /** On the lane. */
    SeedWatch.Upload upload();

    TorrentStats stats();

    List<PeerStats> peers();

    List<TrackerStats> trackers();

    List<FileStats> files();

    /** Why it does not go on. */
    List<Hindrance> diagnose();

    /** By the numbers of files. */
    CompletableFuture<Void> setFilePriorities(SortedMap<Integer, Integer> changes);

    CompletableFuture<Void> renameFile(int file, List<String> names);

    CompletableFuture<Void> renameTop(String to);

    MoveJob moveTo(Path folder);

    /**
     * Changes the trackers, now and for later sessions.
     *
     * @param edit on the lane; may refuse with a {@link SpateException}
     */
    CompletableFuture<Void> editTrackers(UnaryOperator<TrackerTiers> edit);

    PieceSet flushed();

    int[] availability();
}
