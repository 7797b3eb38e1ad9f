package dev.spate.wire.metainfo;

import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Everything in a metainfo that points elsewhere. Nothing here decides whether a torrent can be had, so what is not as it
 * should be is passed over; only the number of links has a bound.
 *
 * @param trackers tiers (BEP 12)
 * @param webSeeds BEP 19
 * @param httpSeeds BEP 17
 * @param nodes of the DHT (BEP 5)
 * @param similar info-hashes (BEP 38)
 * @param collections BEP 38
 */
record Links(
        List<List<String>> trackers,
        List<String> webSeeds,
        List<String> httpSeeds,
        List<HostPort> nodes,
        List<Digest> similar,
        List<String> collections) {

    /** More than this in one of the lists is no torrent but an attack. */
    static final int MAX = 10_000;

    /** Empty where there are too many of a kind. */
    static Optional<Links> of(BencodeDictionary root, BencodeDictionary info) {
        List<List<String>> trackers = trackers(root);
        List<String> webSeeds = texts(root, "url-list");
        List<String> httpSeeds = texts(root, "httpseeds");
        List<HostPort> nodes = nodes(root);
        // BEP 38: these may be inside and outside of the info dictionary, and add up.
        SequencedSet<String> collections = new LinkedHashSet<>(texts(info, "collections"));
        collections.addAll(texts(root, "collections"));
        SequencedSet<Digest> similar = new LinkedHashSet<>(digests(info, "similar"));
        similar.addAll(digests(root, "similar"));
        int urls = trackers.stream().mapToInt(List::size).sum();
        boolean tooMany = urls > MAX
                || webSeeds.size() > MAX
                || httpSeeds.size() > MAX
                || nodes.size() > MAX
                || collections.size() > MAX
                || similar.size() > MAX;
        return tooMany
                ? Optional.empty()
                : Optional.of(new Links(
                        trackers, webSeeds, httpSeeds, nodes, List.copyOf(similar), List.copyOf(collections)));
    }

    /** BEP 12: {@code announce} counts only where there is no {@code announce-list}. A URL is used where it comes first. */
    private static List<List<String>> trackers(BencodeDictionary root) {
        List<List<String>> tiers = new ArrayList<>();
        SequencedSet<String> seen = new LinkedHashSet<>();
        Optional<BencodeList> list = root.list("announce-list");
        if (list.isPresent()) {
            for (BencodeValue value : list.get()) {
                // Seen in the wild as well: a plain list of URLs, each of which we take for a tier.
                List<String> tier = value instanceof BencodeList urls
                        ? texts(urls)
                        : value instanceof BencodeString url ? List.of(url.text()) : List.of();
                List<String> fresh = tier.stream()
                        .map(String::strip)
                        .filter(url -> !url.isEmpty() && seen.add(url))
                        .toList();
                if (!fresh.isEmpty()) {
                    tiers.add(fresh);
                }
                if (seen.size() > MAX) {
                    break;
                }
            }
        }
        if (tiers.isEmpty()) {
            root.text("announce")
                    .map(String::strip)
                    .filter(url -> !url.isEmpty())
                    .ifPresent(url -> tiers.add(List.of(url)));
        }
        return List.copyOf(tiers);
    }

    /** The texts of a list, or the one text that stands in its place (BEP 19); each once, none empty. */
    private static List<String> texts(BencodeDictionary dictionary, String key) {
        List<String> texts = switch (dictionary.get(key).orElse(null)) {
            case BencodeString text -> List.of(text.text());
            case BencodeList list -> texts(list);
            case null, default -> List.of();
        };
        return texts.stream()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
    }

    /** The texts of a list; beyond what is allowed only so many that it is noticed. */
    private static List<String> texts(BencodeList list) {
        return list.strings().limit(MAX + 1).map(BencodeString::text).toList();
    }

    private static List<Digest> digests(BencodeDictionary dictionary, String key) {
        return dictionary.list(key).stream()
                .flatMap(BencodeList::strings)
                .filter(hash -> hash.length() == Digest.SHA1_LENGTH || hash.length() == Digest.SHA256_LENGTH)
                .limit(MAX + 1)
                .map(hash -> Digest.of(hash.bytes()))
                .toList();
    }

    private static List<HostPort> nodes(BencodeDictionary root) {
        return root.list("nodes").stream()
                .flatMap(BencodeList::stream)
                .limit(MAX + 1)
                .flatMap(node -> node(node).stream())
                .toList();
    }

    private static Optional<HostPort> node(BencodeValue value) {
        if (!(value instanceof BencodeList node)) {
            return Optional.empty();
        }
        Iterator<BencodeValue> parts = node.iterator();
        if (parts.hasNext()
                && parts.next() instanceof BencodeString host
                && host.length() > 0
                && parts.hasNext()
                && parts.next() instanceof BencodeInteger port
                && port.value() > 0
                && port.value() <= 65535) {
            return Optional.of(new HostPort(host.text(), (int) port.value()));
        }
        return Optional.empty();
    }
}
