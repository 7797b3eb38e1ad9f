package dev.spate.engine;

import dev.spate.core.announce.Announcer;
import dev.spate.core.announce.TrackerTiers;
import dev.spate.core.rate.RateLimits;
import dev.spate.wire.InfoHash;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the user added: a handle to one torrent of a session.
 *
 * <p>Commands return at once and are carried out soon after, in the order in which they were given; what came of them shows in
 * {@link #stats} and as {@link Event}s. Questions answer with a snapshot. For use by any thread; cheap on virtual threads.
 */
public final class Torrent {
    private volatile Life life;

    Torrent(Life life) {
        this.life = life;
    }

    Life life() {
        return life;
    }

    /** Its metadata is known now. */
    void become(TorrentLife known) {
        life = known;
    }

    /**
     * Everything about the torrent.
     *
     * @throws IllegalStateException while it is not known; see {@link #metadata}
     */
    public Metainfo metainfo() {
        CompletableFuture<Metainfo> known = life.metadata();
        if (known.state() != Future.State.SUCCESS) {
            throw new IllegalStateException("the metadata of " + infoHash() + " is not known yet");
        }
        return known.resultNow();
    }

    /** Whether {@link #metainfo} has an answer. */
    public boolean hasMetadata() {
        return life.metadata().state() == Future.State.SUCCESS;
    }

    /**
     * Done when {@link #metainfo} has an answer, which is at once unless the torrent was added by a magnet link; fails with a
     * {@link SpateException} when it is removed before, or when what its peers gave makes no sense. A copy each time.
     */
    public CompletableFuture<Metainfo> metadata() {
        return life.metadata().copy();
    }

    /**
     * Waits for {@link #metadata}.
     *
     * @return whether it is known; false when the time was over first
     * @throws SpateException if the torrent failed or was removed
     */
    public boolean awaitMetadata(Duration atMost) throws InterruptedException {
        return await(life.metadata(), atMost);
    }

    /** What it is known by. */
    public InfoHash infoHash() {
        return life.infoHash();
    }

    /**
     * The name of its file, or of the folder of its files, made safe for this machine; while that is not known, what the magnet
     * link calls it, which is not safe, or its info-hash.
     */
    public String name() {
        return life.name();
    }

    /** The folder that its files are in. */
    public Path folder() {
        return life.folder();
    }

    /** What it does at this moment. */
    public TorrentState state() {
        return life.state();
    }

    /**
     * Closes all its connections and says good-bye to its trackers; its progress is saved. A look at its files halts, and goes on where it was
     * with {@link #resume}; other torrents that wait for theirs have their turn meanwhile.
     */
    public void pause() {
        life.pause();
    }

    /** Goes on after {@link #pause}, as soon as the queue lets it, or tries again after {@link TorrentState#FAILED}. */
    public void resume() {
        life.resume();
    }

    /** Compares every piece on disk with its hash anew, then goes on as before. */
    public void recheck() {
        life.recheck();
    }

    /**
     * Says how much a file is wanted. A file that is not wanted is not made; what belongs to it of pieces that other files need goes
     * to a hidden file beside them, and into the file itself once it is wanted. Remembered.
     *
     * @param file its number, as {@link FileStats#index}
     * @param priority 0 (not at all) to 7; 4 is usual
     * @return done when it is so, and remembered; fails with a {@link SpateException} if the file cannot be made
     */
    public CompletableFuture<Void> setFilePriority(int file, int priority) {
        return setFilePriorities(Map.of(file, priority));
    }

    /**
     * As {@link #setFilePriority(int, int)}, by path.
     *
     * @param path as {@link FileStats#path}
     * @throws SpateException.Refused if there is no such file
     */
    public CompletableFuture<Void> setFilePriority(Path path, int priority) {
        return setFilePriority(indexOf(path), priority);
    }

    /** As {@link #setFilePriority(int, int)}, for several at once; the others stay as they are. */
    public CompletableFuture<Void> setFilePriorities(Map<Integer, Integer> priorities) {
        return life.setFilePriorities(new TreeMap<>(priorities));
    }

    private int indexOf(Path path) {
        return files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new SpateException.Refused(name() + " has no file " + path))
                .index();
    }

    /**
     * Gives a file another name, while peers are connected.
     *
     * @param file its number, as {@link FileStats#index}
     * @param path from the torrent's own folder on; of a torrent that is a single file, the file's name
     * @return done when it is so, and remembered; fails with a {@link SpateException} when the name is not safe, another file of the
     *     torrent has it, or something else is there: nothing is ever overwritten
     */
    public CompletableFuture<Void> renameFile(int file, Path path) {
        List<String> names = new ArrayList<>();
        path.forEach(name -> names.add(name.toString()));
        return life.renameFile(file, names);
    }

    /** As {@link #renameFile}, for the folder that holds a torrent's files; of a torrent that is a single file, for that. */
    public CompletableFuture<Void> renameTop(String name) {
        return life.renameTop(name);
    }

    /**
     * Moves its files into another folder, on any file system. It rests meanwhile. All files are moved or none, also when the process
     * is killed: then the next session with the same state folder carries the move to its end.
     */
    public MoveJob moveTo(Path other) {
        return life.moveTo(other);
    }

    /** Asks the trackers for peers now, within the limits that they set. */
    public void announce() {
        life.announce();
    }

    /**
     * Announces to one more tracker: at once, whatever the others answer, and from then on as its tier wants it (BEP 12). Remembered;
     * while only a magnet link is known, without the tiers. One that it has already moves to that tier.
     *
     * @param url udp, http or https
     * @param tier from 0, the first to be asked; one beyond the last makes a new last tier
     * @return done when it is so, and remembered; fails with a {@link SpateException.Refused} for a URL that cannot be announced to, or
     *     when there are 256 others
     */
    public CompletableFuture<Void> addTracker(String url, int tier) {
        if (tier < 0) {
            throw new IllegalArgumentException("negative: " + tier);
        }
        return life.editTrackers(tiers -> {
            requireUsable(url);
            if (tiers.size() == Announcer.MAX_TRACKERS && !tiers.contains(url)) {
                throw tooMany();
            }
            return tiers.with(url, tier);
        });
    }

    /**
     * Says good-bye to a tracker and announces to it no more. Remembered.
     *
     * @return done when it is so, and remembered; fails with a {@link SpateException.Refused} if the torrent does not have it
     */
    public CompletableFuture<Void> removeTracker(String url) {
        return life.editTrackers(tiers -> {
            if (!tiers.contains(url)) {
                throw new SpateException.Refused(name() + " has no tracker " + url + "; see its list of trackers");
            }
            return tiers.without(url);
        });
    }

    /**
     * Announces to these trackers and to no others; what is known of those on both lists remains. Remembered.
     *
     * @param tiers the most preferred first; doubles and empty tiers are left out
     * @return as of {@link #addTracker}
     */
    public CompletableFuture<Void> setTrackers(List<List<String>> tiers) {
        List<List<String>> copy = tiers.stream().map(List::copyOf).toList();
        return life.editTrackers(_ -> {
            copy.forEach(tier -> tier.forEach(Torrent::requireUsable));
            if (copy.stream().flatMap(List::stream).distinct().count() > Announcer.MAX_TRACKERS) {
                throw tooMany();
            }
            return new TrackerTiers(copy);
        });
    }

    private static void requireUsable(String url) {
        TrackerTiers.objection(url).ifPresent(objection -> {
            throw new SpateException.Refused("cannot announce to " + url + ": " + objection);
        });
    }

    private static SpateException tooMany() {
        return new SpateException.Refused(
                "a torrent has at most " + Announcer.MAX_TRACKERS + " trackers; remove some of them first");
    }

    /** Tells it of peers; addresses that it knows already change nothing. */
    public void addPeers(List<PeerAddress> addresses) {
        life.addPeers(List.copyOf(addresses));
    }

    /** Limits what all its peers together move, below the limits of its group and of the session. */
    public void setLimits(RateLimits limits) {
        life.rules().setLimits(limits);
    }

    /** Its place among the torrents of the session, from 0, the first to run; -1 when it was removed. */
    public int queuePosition() {
        return life.rules().queuePosition();
    }

    /** Runs whatever the limits on active torrents are, and without being counted, until {@link #pause}. */
    public void forceStart() {
        life.rules().forceStart();
    }

    /** What it may do, to be changed while it runs. */
    public TorrentRules rules() {
        return life.rules();
    }

    /** Counters and rates; after its removal, the last ones. */
    public TorrentStats stats() {
        return life.stats();
    }

    /** The connected peers. */
    public List<PeerStats> peers() {
        return life.peers();
    }

    /**
     * Why it does not go on at this moment, the most telling reason first, each with what can be done about it. As cheap as
     * {@link #stats}, but for a look at each missing piece.
     *
     * @return empty if it goes on, or has all that it wants
     */
    public List<Hindrance> diagnose() {
        return life.diagnose();
    }

    /** Its trackers, tier by tier; none while it has not been started. */
    public List<TrackerStats> trackers() {
        return life.trackers();
    }

    /** Its files, in the order of the metainfo, without pad files. */
    public List<FileStats> files() {
        return life.files();
    }

    /**
     * A file that can be read while it arrives.
     *
     * @param path as in {@link FileStats#path}: from the folder that the torrent was added into
     * @return empty if the torrent has no such file; links and pad files are none
     */
    public Optional<TorrentFile> file(Path path) {
        if (!(life instanceof TorrentLife known)) {
            return Optional.empty();
        }
        for (FileEntry entry : metainfo().files()) {
            if (isReadable(entry) && path.endsWith(entry.name()) && path.equals(TorrentLooks.path(metainfo(), entry))) {
                return Optional.of(new TorrentFile(known, entry));
            }
        }
        return Optional.empty();
    }

    /**
     * The same by its place in {@link Metainfo#files}.
     *
     * @return empty if there is none, or only a link or a pad file
     */
    public Optional<TorrentFile> file(int index) {
        List<FileEntry> files = metainfo().files();
        return life instanceof TorrentLife known && index >= 0 && index < files.size() && isReadable(files.get(index))
                ? Optional.of(new TorrentFile(known, files.get(index)))
                : Optional.empty();
    }

    private static boolean isReadable(FileEntry entry) {
        return !entry.isPad() && !entry.isSymlink();
    }

    /** The pieces that are verified and on disk; the caller owns the set. */
    public PieceSet pieces() {
        return life.flushed();
    }

    /** How many connected peers have each piece. */
    public int[] availability() {
        return life.availability();
    }

    /**
     * Done when every wanted piece is verified and on disk; fails with a {@link SpateException} when the torrent fails or is
     * removed before. A copy each time: completing it changes nothing.
     */
    public CompletableFuture<Void> completion() {
        return life.completion().copy();
    }

    /**
     * Waits for {@link #completion}.
     *
     * @return whether it is complete; false when the time was over first
     * @throws SpateException if the torrent failed or was removed
     */
    public boolean awaitCompletion(Duration atMost) throws InterruptedException {
        return await(life.completion(), atMost);
    }

    private static boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        try {
            future.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SpateException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public String toString() {
        return name() + " " + infoHash();
    }
}
