package dev.spate.classic.descriptor;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PlainText;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoBuilder;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Descriptor} of its JSON, or says what is wrong, where, and what to do about it. For one text.
 *
 * <p>As in {@link JsonReader}, the first problem is kept and null is returned up to the top.
 */
final class DescriptorReader {
    private final String text;
    private Decoding.@Nullable Malformed<Descriptor> problem;

    DescriptorReader(String text) {
        this.text = text;
    }

    Decoding<Descriptor> read(JsonValue value) {
        Descriptor descriptor = null;
        if (value instanceof JsonValue.Members root) {
            descriptor = read(root);
        } else {
            note(value, "a descriptor is an object; write { ... }");
        }
        if (descriptor != null) {
            return new Decoding.Decoded<>(descriptor);
        }
        assert problem != null;
        return problem;
    }

    private @Nullable Descriptor read(JsonValue.Members root) {
        JsonValue.Text keyText = member(root, "hash_key", JsonValue.Text.class, "a text");
        JsonValue.Members file = member(root, "file", JsonValue.Members.class, "an object");
        JsonValue.Elements nodeList = member(root, "nodes", JsonValue.Elements.class, "a list");
        Long pieceLength = number(root, "piece_length", 1, PieceLayout.MAX_PIECE_LENGTH);
        if (keyText == null || file == null || nodeList == null || pieceLength == null) {
            return null;
        }
        HashKey key = key(keyText);
        Long length = number(file, "length", 0, Long.MAX_VALUE);
        JsonValue.Text name = member(file, "name", JsonValue.Text.class, "a text");
        JsonValue.Text path = member(file, "path", JsonValue.Text.class, "a text");
        List<HostPort> nodes = nodes(nodeList);
        if (key == null || length == null || name == null || path == null || nodes == null) {
            return null;
        }
        if (name.text().isEmpty()) {
            note(name, "\"name\" is empty; give the file's name");
            return null;
        }
        Metainfo metainfo = metainfo(root, name, length, pieceLength.intValue());
        return problem == null ? new Descriptor(root, key, name.text(), path.text(), length, nodes, metainfo) : null;
    }

    private @Nullable HashKey key(JsonValue.Text text) {
        try {
            return HashKey.of(text.text());
        } catch (IllegalArgumentException e) {
            note(text, "not a hash key; give 1 to " + HashKey.MAX_LENGTH + " bytes without a zero");
            return null;
        }
    }

    private @Nullable List<HostPort> nodes(JsonValue.Elements list) {
        if (list.elements().size() > Descriptor.MAX_NODES) {
            note(list, "more nodes than " + Descriptor.MAX_NODES + "; leave some out");
            return null;
        }
        SequencedSet<HostPort> nodes = new LinkedHashSet<>();
        for (JsonValue element : list.elements()) {
            if (!(element instanceof JsonValue.Members node)) {
                note(element, "a node is an object; write {\"ip\": \"192.0.2.1\", \"port\": 9000}");
                return null;
            }
            JsonValue.Text ip = member(node, "ip", JsonValue.Text.class, "a text");
            Long port = number(node, "port", 1, 65535);
            if (ip == null || port == null) {
                return null;
            }
            if (ip.text().isBlank()) {
                note(ip, "\"ip\" is empty; give the node's address");
                return null;
            }
            nodes.add(new HostPort(ip.text().strip(), port.intValue()));
        }
        return List.copyOf(nodes);
    }

    // ------------------------------------------------------------------ our keys

    private @Nullable Metainfo metainfo(JsonValue.Members root, JsonValue.Text name, long length, int pieceLength) {
        boolean hasHash = root.members().containsKey("info_hash");
        if (hasHash != root.members().containsKey("piece_hashes")) {
            note(root, "\"info_hash\" and \"piece_hashes\" go together; give both, or neither and transfer nothing");
            return null;
        }
        if (!hasHash) {
            return null;
        }
        JsonValue.Text infoHash = member(root, "info_hash", JsonValue.Text.class, "a text");
        JsonValue.Elements hashes = member(root, "piece_hashes", JsonValue.Elements.class, "a list");
        Long size = root.members().containsKey("size") ? number(root, "size", 0, Long.MAX_VALUE) : (Long) length;
        if (infoHash == null || hashes == null || size == null) {
            return null;
        }
        if (size != length) {
            note(root, "\"size\" and the file's \"length\" differ; make the descriptor anew");
            return null;
        }
        if (pieceLength % PieceLayout.BLOCK_LENGTH != 0) {
            note(
                    root,
                    "with \"piece_hashes\", \"piece_length\" is a multiple of " + PieceLayout.BLOCK_LENGTH
                            + "; make the descriptor anew");
            return null;
        }
        // Its layout allows so many; a ceiling without overflow.
        long pieces = length / pieceLength + (length % pieceLength == 0 ? 0 : 1);
        if (hashes.elements().size() != pieces || pieces > PieceLayout.MAX_PIECES) {
            note(hashes, hashes.elements().size() + " hashes for " + pieces + " pieces; make the descriptor anew");
            return null;
        }
        byte[] sha1s = sha1s(hashes);
        return sha1s == null ? null : metainfo(infoHash, name.text(), length, pieceLength, sha1s);
    }

    private byte @Nullable [] sha1s(JsonValue.Elements hashes) {
        byte[] all = new byte[hashes.elements().size() * Digest.SHA1_LENGTH];
        int at = 0;
        for (JsonValue element : hashes.elements()) {
            if (!(element instanceof JsonValue.Text(String digits, int _)) || !digits.matches("\\p{XDigit}{40}")) {
                note(element, "a piece's hash is a text of 40 hexadecimal digits; make the descriptor anew");
                return null;
            }
            System.arraycopy(HexFormat.of().parseHex(digits), 0, all, at, Digest.SHA1_LENGTH);
            at += Digest.SHA1_LENGTH;
        }
        return all;
    }

    private @Nullable Metainfo metainfo(
            JsonValue.Text infoHash, String name, long length, int pieceLength, byte[] sha1s) {
        Metainfo metainfo;
        try {
            metainfo = MetainfoBuilder.ofFile(name, length, pieceLength)
                    .pieces(sha1s)
                    .isPrivate(true)
                    .build();
        } catch (IllegalStateException e) {
            note(infoHash, "no torrent can be made of this: " + e.getMessage());
            return null;
        }
        if (!infoHash.text().equalsIgnoreCase(metainfo.infoHash().toString())) {
            note(
                    infoHash,
                    "not the info-hash that name, lengths and hashes make, which is " + metainfo.infoHash()
                            + "; get the descriptor anew from its maker");
            return null;
        }
        return metainfo;
    }

    // ------------------------------------------------------------------ members

    private <T extends JsonValue> @Nullable T member(
            JsonValue.Members of, String name, Class<T> kind, String kindInWords) {
        JsonValue value = of.members().get(name);
        if (value == null) {
            note(of, "\"" + name + "\" is missing; give " + kindInWords);
            return null;
        }
        if (!kind.isInstance(value)) {
            note(value, "\"" + name + "\" is not " + kindInWords);
            return null;
        }
        return kind.cast(value);
    }

    private @Nullable Long number(JsonValue.Members of, String name, long least, long most) {
        JsonValue.Numeral number = member(of, name, JsonValue.Numeral.class, "a number");
        if (number == null) {
            return null;
        }
        // Eighteen digits are always a long.
        if (number.digits().matches("\\d{1,18}")) {
            long value = Long.parseLong(number.digits());
            if (value >= least && value <= most) {
                return value;
            }
        }
        String range = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
        note(number, "\"" + name + "\" is a whole number, " + range + ", and not " + PlainText.of(number.digits(), 40));
        return null;
    }

    private void note(JsonValue at, String reason) {
        if (problem == null) {
            int place = Math.max(0, at.at());
            problem = new Decoding.Malformed<>(place, JsonReader.place(text, place) + reason);
        }
    }
}
