package dev.spate.engine;

import dev.spate.wire.PeerAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
        boolean stopsAtMetadata) {

    public AddOptions {
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
        return new AddOptions(
                folder,
                false,
                overwrite,
                sequential,
                useTrackers,
                extraTrackers,
                peers,
                filePriorities,
                incompleteFolder,
                suffixed,
                stopsAtMetadata);
    }

    /** Of a magnet link's torrent only the metadata is wanted, for now. */
    public AddOptions metadataOnly() {
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
                true);
    }

    public AddOptions startPaused() {
        return new AddOptions(
                folder,
                true,
                overwrite,
                sequential,
                useTrackers,
                extraTrackers,
                peers,
                filePriorities,
                incompleteFolder,
                suffixed,
                stopsAtMetadata);
    }

    public AddOptions overwriting() {
        return new AddOptions(
                folder,
                paused,
                true,
                sequential,
                useTrackers,
                extraTrackers,
                peers,
                filePriorities,
                incompleteFolder,
                suffixed,
                stopsAtMetadata);
    }

    public AddOptions inOrder() {
        return new AddOptions(
                folder,
                paused,
                overwrite,
                true,
                useTrackers,
                extraTrackers,
                peers,
                filePriorities,
                incompleteFolder,
                suffixed,
                stopsAtMetadata);
    }

    public AddOptions withoutTrackers() {
        return new AddOptions(
                folder,
                paused,
                overwrite,
                sequential,
                false,
                List.of(),
                peers,
                filePriorities,
                incompleteFolder,
                suffixed,
                stopsAtMetadata);
    }

    public AddOptions withTrackers(List<String> urls) {
        return new AddOptions(
                folder,
                paused,
                overwrite,
                sequential,
                useTrackers,
                urls,
                peers,
                filePriorities,
                incompleteFolder,
                suffixed,
                stopsAtMetadata);
    }

    public AddOptions withPeers(List<PeerAddress> addresses) {
        return new AddOptions(
                folder,
                paused,
                overwrite,
                sequential,
                useTrackers,
                extraTrackers,
                addresses,
                filePriorities,
                incompleteFolder,
                suffixed,
                stopsAtMetadata);
    }

    /** With these priorities for these files, by their numbers in the metainfo. */
    public AddOptions withFilePriorities(Map<Integer, Integer> priorities) {
        return new AddOptions(
                folder,
                paused,
                overwrite,
                sequential,
                useTrackers,
                extraTrackers,
                peers,
                new TreeMap<>(priorities),
                incompleteFolder,
                suffixed,
                stopsAtMetadata);
    }

    /** In another folder until complete. */
    public AddOptions incompleteIn(Path other) {
        return new AddOptions(
                folder,
                paused,
                overwrite,
                sequential,
                useTrackers,
                extraTrackers,
                peers,
                filePriorities,
                Optional.of(other),
                suffixed,
                stopsAtMetadata);
    }

    /** With {@code .part} behind the names of incomplete files. */
    public AddOptions withSuffix() {
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
                true,
                stopsAtMetadata);
    }
}
