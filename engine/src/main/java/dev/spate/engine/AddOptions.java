package dev.spate.engine;

import dev.spate.engine.store.Allocation;
import dev.spate.wire.PeerAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How a torrent is added.
 *
 * @param folder what it is downloaded into, or where its files are; made if it is missing
 * @param paused whether to rest until {@link Torrent#resume}; its files are checked all the same
 * @param overwrite whether files that are in the way and are not this torrent's may be overwritten
 * @param sequential whether to prefer pieces in their order
 * @param useTrackers whether to announce to the torrent's trackers
 * @param extraTrackers asked besides those of the torrent, each a tier of its own
 * @param peers addresses to try at once
 * @param filePriorities by the number of the file in the metainfo, 0 (not wanted) to 7; 4 for files that are not named. Empty: as
 *     remembered, or all the same
 * @param incompleteFolder where files are until all that are wanted are complete, to be moved into {@code folder} then; on any file
 *     system. Empty: in {@code folder} from the start
 * @param suffixed whether files have {@code .part} behind their names until they are complete
 * @param stopsAtMetadata whether a magnet link's torrent rests once its metadata is known, before any file is looked at, until
 *     {@link Torrent#resume}
 * @param superSeeding whether it super-seeds, see {@link TorrentRules#setSuperSeeding}; if not, it does as in the last session
 * @param allocation when room is taken for files that are wanted
 * @param exclusive whether it deals with {@code peers} alone, and those of {@link Torrent#addPeers}: it is not told of in the DHT, to
 *     neighbours and to finders, hears of nobody from peers, and nobody else can connect to it
 */
public record AddOptions(
        Path folder,
        boolean paused,
        boolean overwrite,
        boolean sequential,
        boolean useTrackers,
        List<String> extraTrackers,
        List<PeerAddress> peers,
        SortedMap<Integer, Integer> filePriorities,
        Optional<Path> incompleteFolder,
        boolean suffixed,
        boolean stopsAtMetadata,
        boolean superSeeding,
        Allocation allocation,
        boolean exclusive) {

    public AddOptions {
        Objects.requireNonNull(allocation);
        extraTrackers = List.copyOf(extraTrackers);
        peers = List.copyOf(peers);
        filePriorities = Collections.unmodifiableSortedMap(new TreeMap<>(filePriorities));
        filePriorities.forEach((file, priority) -> {
            if (file < 0 || priority < FilePriorities.LOWEST || priority > FilePriorities.HIGHEST) {
                throw new IllegalArgumentException("not a file and its priority: " + file + ", " + priority);
            }
        });
    }

    /** Into this folder, running, nothing overwritten, rarest first, with the torrent's trackers, all files alike. */
    public static AddOptions into(Path folder) {
        return new AddOptions(
                folder,
                false,
                false,
                false,
                true,
                List.of(),
                List.of(),
                new TreeMap<>(),
                Optional.empty(),
                false,
                false,
                false,
                Allocation.NONE,
                false);
    }

    /** What is announced to, of a torrent that brings these. */
    List<List<String>> trackerTiers(List<List<String>> own) {
        List<List<String>> tiers = new ArrayList<>();
        if (useTrackers) {
            tiers.addAll(own);
        }
        extraTrackers.forEach(url -> tiers.add(List.of(url)));
        return tiers;
    }

    /** Not {@link #startPaused}. */
    AddOptions started() {
        return with(change -> change.paused = false);
    }

    /** Only the metadata of a magnet link's torrent; {@link Torrent#resume} goes on with its files. */
    public AddOptions metadataOnly() {
        return with(change -> change.stopsAtMetadata = true);
    }

    /** To rest until {@link Torrent#resume}; its files are checked all the same. */
    public AddOptions startPaused() {
        return with(change -> change.paused = true);
    }

    /** Lets its pieces out one by one until peers have a whole copy between them (BEP 16). */
    public AddOptions withSuperSeeding(boolean wanted) {
        return with(change -> change.superSeeding = wanted);
    }

    /** Files that are in the way and are not this torrent's may be overwritten. */
    public AddOptions overwriting() {
        return with(change -> change.overwrite = true);
    }

    /** Pieces are fetched in their order rather than the rarest first. */
    public AddOptions inOrder() {
        return with(change -> change.sequential = true);
    }

    /** Without any, also those that were given before. */
    public AddOptions withoutTrackers() {
        return with(change -> {
            change.useTrackers = false;
            change.extraTrackers = List.of();
        });
    }

    /** Announces to these too, each a tier of its own. */
    public AddOptions withTrackers(List<String> urls) {
        return with(change -> change.extraTrackers = urls);
    }

    /** Tries these addresses at once. */
    public AddOptions withPeers(List<PeerAddress> addresses) {
        return with(change -> change.peers = addresses);
    }

    /** Deals with these peers and with nobody else, without any tracker. */
    public AddOptions onlyWith(List<PeerAddress> addresses) {
        return withoutTrackers().with(change -> {
            change.peers = addresses;
            change.exclusive = true;
        });
    }

    /** With these priorities for these files, by their numbers in the metainfo. */
    public AddOptions withFilePriorities(Map<Integer, Integer> priorities) {
        return with(change -> change.filePriorities = new TreeMap<>(priorities));
    }

    /** In another folder until complete. */
    public AddOptions incompleteIn(Path other) {
        return with(change -> change.incompleteFolder = Optional.of(other));
    }

    /** With {@code .part} behind the names of incomplete files. */
    public AddOptions withSuffix() {
        return with(change -> change.suffixed = true);
    }

    /** With room taken for its files like this; at first as their bytes come. */
    public AddOptions withAllocation(Allocation when) {
        return with(change -> change.allocation = when);
    }

    private AddOptions with(Consumer<Change> what) {
        Change change = new Change(this);
        what.accept(change);
        return change.made();
    }

    /** A copy on its way to being another one. */
    private static final class Change {
        final Path folder;
        boolean paused;
        boolean overwrite;
        boolean sequential;
        boolean useTrackers;
        List<String> extraTrackers;
        List<PeerAddress> peers;
        SortedMap<Integer, Integer> filePriorities;
        Optional<Path> incompleteFolder;
        boolean suffixed;
        boolean stopsAtMetadata;
        boolean superSeeding;
        Allocation allocation;
        boolean exclusive;

        Change(AddOptions from) {
            folder = from.folder;
            paused = from.paused;
            overwrite = from.overwrite;
            sequential = from.sequential;
            useTrackers = from.useTrackers;
            extraTrackers = from.extraTrackers;
            peers = from.peers;
            filePriorities = from.filePriorities;
            incompleteFolder = from.incompleteFolder;
            suffixed = from.suffixed;
            stopsAtMetadata = from.stopsAtMetadata;
            superSeeding = from.superSeeding;
            allocation = from.allocation;
            exclusive = from.exclusive;
        }

        AddOptions made() {
            return new AddOptions(
                    folder,
                    paused,
                    overwrite,
                    sequential,
                    useTrackers,
                    extraTrackers,
                    peers,
                    filePriorities,
                    incompleteFolder,
                    suffixed,
                    stopsAtMetadata,
                    superSeeding,
                    allocation,
                    exclusive);
        }
    }
}
