package dev.spate.engine;

import dev.spate.wire.PeerAddress;
import java.nio.file.Path;
import java.util.List;

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
 */
public record AddOptions(
        Path folder,
        boolean paused,
        boolean overwrite,
        boolean sequential,
        boolean useTrackers,
        List<String> extraTrackers,
        List<PeerAddress> peers) {

    public AddOptions {
        extraTrackers = List.copyOf(extraTrackers);
        peers = List.copyOf(peers);
    }

    /** Into this folder, running, nothing overwritten, rarest first, with the torrent's trackers. */
    public static AddOptions into(Path folder) {
        return new AddOptions(folder, false, false, false, true, List.of(), List.of());
    }

    public AddOptions startPaused() {
        return new AddOptions(folder, true, overwrite, sequential, useTrackers, extraTrackers, peers);
    }

    public AddOptions overwriting() {
        return new AddOptions(folder, paused, true, sequential, useTrackers, extraTrackers, peers);
    }

    public AddOptions inOrder() {
        return new AddOptions(folder, paused, overwrite, true, useTrackers, extraTrackers, peers);
    }

    public AddOptions withoutTrackers() {
        return new AddOptions(folder, paused, overwrite, sequential, false, List.of(), peers);
    }

    public AddOptions withTrackers(List<String> urls) {
        return new AddOptions(folder, paused, overwrite, sequential, useTrackers, urls, peers);
    }

    public AddOptions withPeers(List<PeerAddress> addresses) {
        return new AddOptions(folder, paused, overwrite, sequential, useTrackers, extraTrackers, addresses);
    }
}
