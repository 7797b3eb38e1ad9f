package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.HostPort;
import dev.spate.wire.InfoHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A magnet link: enough to find a torrent's peers, and from them its info dictionary (BEP 9, "magnet URI format"; BEP 53).
 *
 * @param infoHash v1, v2, or both ({@code xt})
 * @param displayName what to call it until its name is known ({@code dn}), or null. Not safe as a file name
 * @param trackers URLs ({@code tr})
 * @param webSeeds URLs ({@code ws}, BEP 19)
 * @param peers to ask at once ({@code x.pe})
 * @param selectOnly the files that are wanted ({@code so}, BEP 53); empty for all of them
 */
public record Magnet(
        InfoHash infoHash,
        @Nullable String displayName,
        List<String> trackers,
        List<String> webSeeds,
        List<HostPort> peers,
        List<FileRange> selectOnly) {

    /** The longest link that is parsed, in characters. Real ones have a few hundred. */
    public static final int MAX_LENGTH = 1 << 16;

    /**
     * Neighbouring files.
     *
     * @param first index of the first file, from 0
     * @param last index of the last file, not below the first
     */
    public record FileRange(int first, int last) {
        public FileRange {
            if (first < 0 || last < first || last >= Metainfo.MAX_FILES) {
                throw new IllegalArgumentException("not a range of files: " + first + "-" + last);
            }
        }

        public boolean contains(int file) {
            return file >= first && file <= last;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    public Magnet {
        trackers = List.copyOf(trackers);
        webSeeds = List.copyOf(webSeeds);
        peers = List.copyOf(peers);
        selectOnly = List.copyOf(selectOnly);
    }

    /** A link of an info-hash and nothing else. */
    public static Magnet of(InfoHash infoHash) {
        return new Magnet(infoHash, null, List.of(), List.of(), List.of(), List.of());
    }

    /**
     * Parses a link. Parameters that are not known and peers that make no sense are passed over.
     *
     * @return {@code Decoded}, or {@code Malformed} with the offset in characters: no magnet link, no or two different
     *     info-hashes, a selection of files that makes no sense
     */
    public static Decoding<Magnet> parse(String link) {
        return new MagnetReader().read(link);
    }

    /** The same with other trackers. */
    public Magnet withTrackers(List<String> urls) {
        return new Magnet(infoHash, displayName, urls, webSeeds, peers, selectOnly);
    }

    /** Whether a file is wanted (BEP 53). */
    public boolean selects(int file) {
        return selectOnly.isEmpty() || selectOnly.stream().anyMatch(range -> range.contains(file));
    }

    /** The link itself, to be parsed again. */
    @Override
    public String toString() {
        return MagnetWriter.write(this);
    }
}
