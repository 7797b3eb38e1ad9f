package dev.spate.wire.metainfo;

import static dev.spate.wire.metainfo.Metainfos.K16;
import static dev.spate.wire.metainfo.Metainfos.decode;
import static dev.spate.wire.metainfo.Metainfos.entry;
import static dev.spate.wire.metainfo.Metainfos.number;
import static dev.spate.wire.metainfo.Metainfos.paths;
import static dev.spate.wire.metainfo.Metainfos.reason;
import static dev.spate.wire.metainfo.Metainfos.root;
import static dev.spate.wire.metainfo.Metainfos.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** BEP 52: trees of files, piece layers, and hybrids whose halves must agree. */
class MetainfoV2Test {

    /** Any 32 bytes are the root of a file no longer than a piece, as nothing else is there to compare with. */
    private static final byte[] SOME_ROOT = hash(new byte[] {1});

    private static byte[] hash(byte[]... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                sha256.update(part);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static BencodeDictionary leaf(long length, byte[] root) {
        BencodeDictionaryBuilder file = BencodeDictionary.builder().put("length", length);
        if (length > 0) {
            file.put("pieces root", root);
        }
        return dictionary("", file.build());
    }

    private static BencodeDictionary dictionary(String key, BencodeValue value) {
        return BencodeDictionary.builder().put(key, value).build();
    }

    private static BencodeDictionary info(BencodeDictionary tree, Consumer<BencodeDictionaryBuilder> changes) {
        BencodeDictionaryBuilder info = BencodeDictionary.builder()
                .put("name", "name")
                .put("piece length", K16)
                .put("meta version", 2)
                .put("file tree", tree);
        changes.accept(info);
        return info.build();
    }

    private static BencodeDictionary info(BencodeDictionary tree) {
        return info(tree, ignored -> {});
    }

    @Test
    void readsATree() {
        BencodeDictionary tree = BencodeDictionary.builder()
                .put("b", leaf(5, SOME_ROOT))
                .put(
                        "a",
                        BencodeDictionary.builder()
                                .put("z", leaf(K16, SOME_ROOT))
                                .put("empty", leaf(0, SOME_ROOT))
                                .put(
                                        "nothing in here",
                                        BencodeDictionary.builder().build())
                                .put("", dictionary("about the folder", number(1)))
                                .build())
                .build();
        Metainfo metainfo = decode(root(info(tree)));
        assertThat(metainfo.version()).isEqualTo(Version.V2);
        assertThat(metainfo.isSingleFile()).isFalse();
        assertThat(paths(metainfo)).containsExactly("a/empty", "a/z", "b");
        assertThat(metainfo.files().get(0).piecesRoot()).isNull();
        assertThat(metainfo.files().get(1).piecesRoot()).isEqualTo(Digest.of(SOME_ROOT));
        assertThat(metainfo.files().get(2).offset()).isEqualTo(K16);
        assertThat(metainfo.layout().totalLength()).isEqualTo(K16 + 5);
        assertThat(metainfo.infoHash().v1()).isNull();
        assertThat(metainfo.infoHash().v2()).isEqualTo(Digest.of(hash(metainfo.infoBytes())));
        assertThat(metainfo.hasPieceLayers()).isFalse();
        assertThatThrownBy(() -> metainfo.pieceHash(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> metainfo.pieceHashMatches(0, new byte[20])).isInstanceOf(IllegalStateException.class);
    }

    /** The example of BEP 52, "file tree layout", with what it leaves out around it. */
    @Test
    void readsTheExampleOfTheSpecification() {
        String example = "d4:infod9:file treed4:dir1d4:dir2d9:fileA.txtd0:d6:lengthi1024e11:pieces root"
                + "32:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaeeeee12:meta versioni2e4:name1:n12:piece lengthi16384eee";
        Metainfo metainfo = decode(example.getBytes(StandardCharsets.US_ASCII));
        assertThat(paths(metainfo)).containsExactly("dir1/dir2/fileA.txt");
        assertThat(metainfo.isSingleFile()).isFalse();
    }

    @Test
    void aFileAloneBearsItsOwnName() {
        Metainfo metainfo = decode(root(info(dictionary("file.", leaf(1, SOME_ROOT)))));
        assertThat(metainfo.isSingleFile()).isTrue();
        assertThat(paths(metainfo)).containsExactly("file");
        assertThat(metainfo.name()).isEqualTo("name");
    }

    @Test
    void namesInATreeAreMadeSafeAndApart() {
        BencodeDictionary tree = BencodeDictionary.builder()
                .put("..", dictionary("a", leaf(1, SOME_ROOT)))
                .put("A", leaf(1, SOME_ROOT))
                .put("a", dictionary("b", leaf(1, SOME_ROOT)))
                .build();
        assertThat(paths(decode(root(info(tree))))).containsExactly("a (2)", "A (3)", "a/b");
    }

    @Test
    void verifiesLayersAgainstRoots() {
        byte[] p0 = hash(new byte[] {10});
        byte[] p1 = hash(new byte[] {11});
        byte[] p2 = hash(new byte[] {12});
        byte[] zero = new byte[32];
        // Pieces of 32 KiB: a hash of the layer stands above two blocks, so what is missing is the hash of two zeros.
        byte[] pad = hash(zero, zero);
        byte[] root = hash(hash(p0, p1), hash(p2, pad));
        byte[] layer = concat(p0, p1, p2);
        BencodeDictionary tree = BencodeDictionary.builder()
                .put("same", leaf(5 * K16 - 1, root))
                .put("other", leaf(6 * K16, root))
                .put("short", leaf(2 * K16, SOME_ROOT))
                .build();
        BencodeDictionary info = info(tree, i -> i.put("piece length", 2 * K16));

        Metainfo metainfo = decode(root(info, r -> r.put("piece layers", layers(root, layer))));
        assertThat(metainfo.hasPieceLayers()).isTrue();
        assertThat(metainfo.pieceLayer(Digest.of(root))).contains(layer);
        assertThat(metainfo.pieceLayer(Digest.of(SOME_ROOT))).isEmpty();

        byte[] wrong = layer.clone();
        wrong[70] ^= 1;
        assertThat(reason(root(info, r -> r.put("piece layers", layers(root, wrong)))))
                .contains("root");
        assertThat(reason(root(info, r -> r.put("piece layers", layers(root, Arrays.copyOf(layer, 64))))))
                .contains("3 hashes");
        assertThat(reason(root(info, r -> r.put("piece layers", layers(root, concat(layer, pad))))))
                .contains("3 hashes");
        assertThat(reason(root(info, r -> r.put("piece layers", layers(p0, layer)))))
                .contains("`piece layers`");
        assertThat(reason(root(info, r -> r.put("piece layers", 5)))).contains("`piece layers`");
        assertThat(reason(root(info))).contains("`piece layers`");
        // Peers send no layers: they are no part of the info dictionary.
        assertThat(Metainfo.ofInfoDictionary(BencodeEncoder.encode(info), List.of()))
                .isInstanceOfSatisfying(
                        Decoding.Decoded.class,
                        decoded -> assertThat(((Metainfo) decoded.value()).hasPieceLayers())
                                .isFalse());
    }

    private static BencodeDictionary layers(byte[] root, byte[] layer) {
        return BencodeDictionary.builder()
                .put(BencodeString.of(root), BencodeString.of(layer))
                .build();
    }

    @Test
    void refusesBrokenTrees() {
        BencodeDictionary file = leaf(1, SOME_ROOT);
        assertThat(reason(root(info(BencodeDictionary.builder().build())))).contains("no file");
        assertThat(reason(root(info(file)))).contains("beside");
        assertThat(reason(root(info(dictionary("a", number(1)))))).contains("not a dictionary");
        assertThat(reason(root(info(dictionary(
                        "a",
                        BencodeDictionary.builder().putAll(file).put("b", file).build())))))
                .contains("beside");
        assertThat(reason(root(info(dictionary("a", dictionary("", dictionary("length", number(-1))))))))
                .contains("`length`");
        assertThat(reason(root(info(dictionary("a", dictionary("", dictionary("length", text("1"))))))))
                .contains("`length`");
        assertThat(reason(root(info(dictionary("a", dictionary("", dictionary("length", number(1))))))))
                .contains("`pieces root`");
        assertThat(reason(root(info(dictionary("a", leaf(1, new byte[20])))))).contains("`pieces root`");
        assertThat(reason(root(info(dictionary("a", leaf(Long.MAX_VALUE, SOME_ROOT))))))
                .contains("too long");
        assertThat(reason(root(info(dictionary("a", leaf(1L << 40, SOME_ROOT))))))
                .contains("4194304 pieces");
        assertThat(reason(root(info(dictionary(
                        "a",
                        dictionary(
                                "",
                                BencodeDictionary.builder()
                                        .put("length", 0)
                                        .put("attr", "p")
                                        .build()))))))
                .contains("pad file");
        assertThat(reason(root(info(file, i -> i.remove("file tree"))))).contains("`file tree`");
        assertThat(reason(root(info(dictionary("a", file), i -> i.put("piece length", 3 * K16)))))
                .contains("power of two");
        String unsorted =
                "d4:infod12:meta versioni2e9:file treed1:ad0:d6:lengthi0eeee4:name1:n12:piece lengthi16384eee";
        assertThat(reason(unsorted.getBytes(StandardCharsets.US_ASCII))).contains("not canonical");
    }

    @Test
    void namesANewerVersionFirst() {
        assertThat(reason(
                        root(BencodeDictionary.builder().put("meta version", 3).build())))
                .isEqualTo("`meta version` is 3; only versions up to 2 are known");
        assertThat(reason(root(info(dictionary("a", number(1)), i -> i.put("meta version", "2")))))
                .contains("`meta version`");
    }

    private static BencodeDictionary hybrid(BencodeValue v1Files, Consumer<BencodeDictionaryBuilder> changes) {
        BencodeDictionary tree = BencodeDictionary.builder()
                .put("a", leaf(5, SOME_ROOT))
                .put("b", dictionary("c", leaf(7, SOME_ROOT)))
                .build();
        return info(tree, i -> {
            i.put("files", v1Files).put("pieces", new byte[40]);
            changes.accept(i);
        });
    }

    @Test
    void joinsTheHalvesOfAHybrid() {
        BencodeDictionary pad = BencodeDictionary.builder()
                .put("length", K16 - 5)
                .put("attr", "p")
                .build();
        BencodeList files = BencodeList.of(List.of(entry(5, "a", ""), pad, entry(7, "b|c", "")));
        Metainfo metainfo = decode(root(hybrid(files, i -> {})));
        assertThat(metainfo.version()).isEqualTo(Version.HYBRID);
        assertThat(metainfo.infoHash().isHybrid()).isTrue();
        assertThat(metainfo.files()).extracting(FileEntry::isPad).containsExactly(false, true, false);
        assertThat(metainfo.files().get(0).piecesRoot()).isEqualTo(Digest.of(SOME_ROOT));
        assertThat(metainfo.files().get(1).piecesRoot()).isNull();
        assertThat(metainfo.layout().totalLength()).isEqualTo(K16 + 7);
        assertThat(Magnet.parse(metainfo.magnet().toString())).isEqualTo(new Decoding.Decoded<>(metainfo.magnet()));

        // libtorrent fills up the last piece as well.
        BencodeList padded =
                BencodeList.of(List.of(entry(5, "a", ""), pad, entry(7, "b|c", ""), entry(K16 - 7, ".pad|x", "p")));
        assertThat(decode(root(hybrid(padded, i -> {}))).files()).hasSize(4);
    }

    @Test
    void refusesHalvesThatDisagree() {
        BencodeDictionary pad = entry(K16 - 5, ".pad|0", "p");
        assertThat(reason(root(hybrid(BencodeList.of(List.of(entry(5, "x", ""), pad, entry(7, "b|c", ""))), i -> {}))))
                .contains("disagree", "file 0 has another path");
        assertThat(reason(root(hybrid(BencodeList.of(List.of(entry(5, "a", ""), pad, entry(8, "b|c", ""))), i -> {}))))
                .contains("disagree", "file 2 has another length");
        assertThat(reason(root(hybrid(
                        BencodeList.of(List.of(entry(5, "a", ""), entry(7, "b|c", ""))),
                        i -> i.put("pieces", new byte[20])))))
                .contains("disagree", "file 1 lies elsewhere");
        assertThat(reason(root(hybrid(
                        BencodeList.of(List.of(entry(7, "b|c", ""), entry(5, "a", ""))),
                        i -> i.put("pieces", new byte[20])))))
                .contains("disagree");
        assertThat(reason(root(hybrid(BencodeList.of(List.of(entry(5, "a", ""))), i -> i.put("pieces", new byte[20])))))
                .contains("more files in v2");
        assertThat(reason(root(hybrid(
                        BencodeList.of(List.of(entry(5, "a", ""), pad, entry(7, "b|c", ""), entry(0, "d", ""))),
                        i -> {}))))
                .contains("more files in v1");
    }
}
