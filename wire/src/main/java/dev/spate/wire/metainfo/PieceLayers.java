package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeString;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code piece layers} of BEP 52: for each file longer than a piece the hashes of its pieces, which together must make
 * the file's root.
 */
final class PieceLayers {
    private static final int HASH = Digest.SHA256_LENGTH;

    private final BencodeDictionary layers;
    private final int pieceLength;
    private final MessageDigest sha256;

    /** Roots whose layer was found right. Files may share one; it must not be hashed again for each of them. */
    private final Set<Digest> verified = new HashSet<>();

    PieceLayers(BencodeDictionary layers, int pieceLength) {
        this.layers = layers;
        this.pieceLength = pieceLength;
        this.sha256 = Hashes.sha256();
    }

    /** Checks the layer of every file that needs one. */
    Optional<Decoding.Malformed<Metainfo>> check(V2Half half) {
        for (int i = 0; i < half.places().count(); i++) {
            long length = half.places().length(i);
            if (length <= pieceLength) {
                continue;
            }
            Digest root = half.files().file(i).piecesRoot();
            assert root != null : "a file that is not empty has a root";
            Optional<BencodeString> layer = find(layers, root);
            if (layer.isEmpty()) {
                return malformed(layers.span().offset(), "`piece layers` has none for file " + i);
            }
            long pieces = Math.ceilDiv(length, (long) pieceLength);
            if (layer.get().length() != pieces * HASH) {
                return malformed(
                        layer.get().span().offset(), "the piece layer of file " + i + " has not " + pieces + " hashes");
            }
            if (!verified.contains(root)) {
                if (!root(layer.get()).equals(root)) {
                    return malformed(
                            layer.get().span().offset(), "the piece layer of file " + i + " does not make its root");
                }
                verified.add(root);
            }
        }
        return Optional.empty();
    }

    static Optional<BencodeString> find(BencodeDictionary layers, Digest root) {
        return layers.get(root.toBytes()).orElse(null) instanceof BencodeString layer
                ? Optional.of(layer)
                : Optional.empty();
    }

    /**
     * The root above a layer, of which a hash covers a piece. BEP 52: what is missing to a full tree counts as if the leaves,
     * which cover blocks of 16 KiB, were zeros.
     */
    private Digest root(BencodeString layer) {
        byte[] pad = new byte[HASH];
        for (long covered = PieceLayout.BLOCK_LENGTH; covered < pieceLength; covered *= 2) {
            pad = parent(pad, pad);
        }
        byte[] hashes = layer.bytes();
        int count = hashes.length / HASH;
        while (count > 1) {
            int parents = Math.ceilDiv(count, 2);
            for (int i = 0; i < parents; i++) {
                boolean lonely = 2 * i + 1 == count;
                sha256.update(hashes, 2 * i * HASH, lonely ? HASH : 2 * HASH);
                if (lonely) {
                    sha256.update(pad);
                }
                digestInto(hashes, i * HASH);
            }
            pad = parent(pad, pad);
            count = parents;
        }
        return Digest.of(Arrays.copyOf(hashes, HASH));
    }

    private byte[] parent(byte[] left, byte[] right) {
        sha256.update(left);
        return sha256.digest(right);
    }

    private void digestInto(byte[] out, int offset) {
        try {
            sha256.digest(out, offset, HASH);
        } catch (DigestException e) {
            throw new AssertionError("a hash fits where two were", e);
        }
    }

    private static Optional<Decoding.Malformed<Metainfo>> malformed(int offset, String reason) {
        return Optional.of(new Decoding.Malformed<>(offset, reason));
    }
}
