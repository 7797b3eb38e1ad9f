package dev.spate.engine.storage;

import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link Places} as they are written in files. */
final class PlacesCode {
    private PlacesCode() {}

    static BencodeDictionary encode(Places places) {
        List<BencodeValue> renamed = new ArrayList<>();
        places.renamed()
                .forEach((file, names) ->
                        renamed.add(BencodeList.of(List.of(BencodeInteger.of(file), BencodeList.ofTexts(names)))));
        BencodeDictionaryBuilder out = BencodeDictionary.builder()
                .put("renamed", BencodeList.of(renamed))
                .put("root", places.root().toString())
                .put("suffix", places.suffix() ? 1 : 0);
        places.top().ifPresent(name -> out.put("top", name));
        return out.build();
    }

    /** Empty when a key is missing or a name is not safe. */
    static Optional<Places> decode(BencodeDictionary in) {
        Optional<String> root = in.text("root");
        Optional<BencodeList> list = in.list("renamed");
        if (root.isEmpty() || list.isEmpty()) {
            return Optional.empty();
        }
        SortedMap<Integer, List<String>> renamed = new TreeMap<>();
        for (BencodeValue value : list.get()) {
            if (!(value instanceof BencodeList pair)) {
                return Optional.empty();
            }
            List<BencodeValue> both = new ArrayList<>();
            pair.forEach(both::add);
            if (both.size() != 2
                    || !(both.getFirst() instanceof BencodeInteger file)
                    || !(both.getLast() instanceof BencodeList names)) {
                return Optional.empty();
            }
            renamed.put(
                    (int) file.value(), names.strings().map(BencodeString::text).toList());
        }
        try {
            return Optional.of(new Places(
                    Path.of(root.get()),
                    in.text("top"),
                    renamed,
                    in.integer("suffix").orElse(0) != 0));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
