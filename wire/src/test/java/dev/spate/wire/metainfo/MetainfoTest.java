package dev.spate.wire.metainfo;

import static dev.spate.wire.metainfo.Metainfos.K16;
import static dev.spate.wire.metainfo.Metainfos.at;
import static dev.spate.wire.metainfo.Metainfos.decode;
import static dev.spate.wire.metainfo.Metainfos.entry;
import static dev.spate.wire.metainfo.Metainfos.file;
import static dev.spate.wire.metainfo.Metainfos.folder;
import static dev.spate.wire.metainfo.Metainfos.number;
import static dev.spate.wire.metainfo.Metainfos.reason;
import static dev.spate.wire.metainfo.Metainfos.root;
import static dev.spate.wire.metainfo.Metainfos.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetainfoTest {

    @Test
    void readsAFile() throws NoSuchAlgorithmException {
        byte[] hashes = new byte[60];
        Arrays.fill(hashes, 20, 40, (byte) 7);
        BencodeDictionary info = file(i -> i.put("length", 2 * K16 + 5).put("pieces", hashes));
        Metainfo metainfo = decode(root(info));

        assertThat(metainfo.version()).isEqualTo(Version.V1);
        assertThat(metainfo.isSingleFile()).isTrue();
        assertThat(metainfo.name()).isEqualTo("file");
        assertThat(metainfo.layout()).isEqualTo(new PieceLayout(2 * K16 + 5, K16));
        assertThat(metainfo.files()).singleElement().satisfies(f -> {
            assertThat(f.path()).containsExactly("file");
            assertThat(f.length()).isEqualTo(2 * K16 + 5);
        });
        byte[] infoBytes = BencodeEncoder.encode(info);
        assertThat(metainfo.infoBytes()).isEqualTo(infoBytes);
        assertThat(metainfo.infoHash().v1())
                .isEqualTo(Digest.of(MessageDigest.getInstance("SHA-1").digest(infoBytes)));
        assertThat(metainfo.pieceHash(1).toBytes()).containsOnly(7);
        assertThat(metainfo.pieceHashMatches(0, new byte[20])).isTrue();
        assertThat(metainfo.pieceHashMatches(1, new byte[20])).isFalse();
        assertThatThrownBy(() -> metainfo.pieceHash(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> metainfo.pieceHashMatches(-1, new byte[20]))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> metainfo.pieceHashMatches(0, new byte[19]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsAFolderWithAllThatBep47Adds() {
        BencodeDictionary link = BencodeDictionary.builder()
                .put("path", BencodeList.ofTexts(List.of("link")))
                .put("attr", "lQ")
                .put("symlink path", BencodeList.ofTexts(List.of("..", "target")))
                .build();
        BencodeDictionary program = BencodeDictionary.builder()
                .putAll(entry(5, "bin|run", "hx"))
                .put("sha1", new byte[20])
                .build();
        BencodeDictionary pad = BencodeDictionary.builder()
                .put("length", K16 - 5)
                .put("attr", "p")
                .build();
        Metainfo metainfo = decode(root(folder(program, pad, link, entry(0, "empty", ""), at("last"))));

        assertThat(metainfo.isSingleFile()).isFalse();
        assertThat(metainfo.files()).hasSize(5);
        FileEntry first = metainfo.files().getFirst();
        assertThat(first.attributes()).containsExactlyInAnyOrder(FileAttribute.EXECUTABLE, FileAttribute.HIDDEN);
        assertThat(first.sha1()).isEqualTo(Digest.of(new byte[20]));
        assertThat(metainfo.files().get(1).isPad()).isTrue();
        assertThat(metainfo.files().get(1).path()).containsExactly(".pad", "16379");
        assertThat(metainfo.files().get(2).isSymlink()).isTrue();
        assertThat(metainfo.files().get(2).symlinkPath()).containsExactly("..", "target");
        assertThat(metainfo.files().get(2).length()).isZero();
        assertThat(metainfo.files().get(3).offset()).isEqualTo(K16);
        assertThat(metainfo.files().get(4).offset()).isEqualTo(K16);
        assertThat(metainfo.fileIndexAt(4)).isZero();
        assertThat(metainfo.fileIndexAt(5)).isEqualTo(1);
        assertThat(metainfo.fileIndexAt(K16)).isEqualTo(4);
        assertThat(metainfo.fileIndexAt(K16 + 1)).isEqualTo(-1);
    }

    @Test
    void readsWhatStandsAround() {
        BencodeList tiers = BencodeList.of(List.of(
                BencodeList.ofTexts(List.of("http://a", " udp://b ", "")),
                BencodeList.ofTexts(List.of("http://a")),
                text("http://flat"),
                number(5)));
        Metainfo metainfo = decode(root(
                file(i -> i.put("private", 1)
                        .put("source", "SRC")
                        .put("update-url", "http://update")
                        .put("originator", new byte[] {1, 2})
                        .put("collections", BencodeList.ofTexts(List.of("inside")))
                        .put("similar", BencodeList.of(List.of(BencodeString.of(new byte[20]), text("short"))))),
                r -> r.put("announce", "http://ignored")
                        .put("announce-list", tiers)
                        .put("url-list", "http://one/")
                        .put("httpseeds", BencodeList.ofTexts(List.of("http://h1", "http://h2", "http://h1")))
                        .put(
                                "nodes",
                                BencodeList.of(List.of(
                                        BencodeList.of(List.of(text("2001:db8::1"), number(1))),
                                        BencodeList.of(List.of(text("host"), number(65536))),
                                        BencodeList.of(List.of(text("host"))),
                                        text("host"))))
                        .put("collections", BencodeList.ofTexts(List.of("outside", "inside")))
                        .put("similar", BencodeList.of(List.of(BencodeString.of(new byte[32]))))
                        .put("comment", "hello")
                        .put("created by", "a program")
                        .put("creation date", 1_700_000_000)
                        .put("encoding", "UTF-8")));

        assertThat(metainfo.trackers()).containsExactly(List.of("http://a", "udp://b"), List.of("http://flat"));
        assertThat(metainfo.webSeeds()).containsExactly("http://one/");
        assertThat(metainfo.httpSeeds()).containsExactly("http://h1", "http://h2");
        assertThat(metainfo.nodes()).containsExactly(new HostPort("2001:db8::1", 1));
        assertThat(metainfo.collections()).containsExactly("inside", "outside");
        assertThat(metainfo.similar()).containsExactly(Digest.of(new byte[20]), Digest.of(new byte[32]));
        assertThat(metainfo.isPrivate()).isTrue();
        assertThat(metainfo.source()).contains("SRC");
        assertThat(metainfo.updateUrl()).contains("http://update");
        assertThat(metainfo.originator()).contains(new byte[] {1, 2});
        assertThat(metainfo.comment()).contains("hello");
        assertThat(metainfo.createdBy()).contains("a program");
        assertThat(metainfo.creationDate()).contains(Instant.ofEpochSecond(1_700_000_000));
        assertThat(metainfo.encoding()).contains("UTF-8");
    }

    @Test
    void passesOverOddThingsThatDoNotMatter() {
        Metainfo metainfo = decode(root(
                file(i -> i.put("private", "yes").put("source", 5)),
                r -> r.put("announce", 5)
                        .put("announce-list", "x")
                        .put("url-list", 1)
                        .put("nodes", "x")
                        .put("creation date", Long.MAX_VALUE)
                        .put("comment", 5)));
        assertThat(metainfo.trackers()).isEmpty();
        assertThat(metainfo.webSeeds()).isEmpty();
        assertThat(metainfo.nodes()).isEmpty();
        assertThat(metainfo.isPrivate()).isFalse();
        assertThat(metainfo.creationDate()).isEmpty();
        assertThat(metainfo.comment()).isEmpty();
        assertThat(metainfo.source()).isEmpty();
        assertThat(decode(root(file(i -> {}), r -> r.put("announce", " http://t ")))
                        .trackers())
                .containsExactly(List.of("http://t"));
    }

    @Test
    void unknownKeysSurvive() {
        byte[] bytes = BencodeEncoder.encode(root(
                file(i -> i.put("x-unknown", BencodeList.ofTexts(List.of("a", "b")))), r -> r.put("zz-other", 7)));
        Metainfo metainfo = decode(bytes);
        assertThat(metainfo.toBytes()).isEqualTo(bytes);
        assertThat(metainfo.dictionary().integer("zz-other")).hasValue(7);
        assertThat(metainfo.infoDictionary().list("x-unknown")).isPresent();
    }

    /** BEP 52, "infohash": the hash is one of the bytes as found, also where they are not canonical. */
    @Test
    void hashesTheBytesAsReceived() throws NoSuchAlgorithmException {
        String info = "d6:pieces20:" + "x".repeat(20) + "12:piece lengthi016384e4:name1:n6:lengthi1ee";
        byte[] bytes = ("d4:info" + info + "e  \n").getBytes(StandardCharsets.ISO_8859_1);
        Metainfo metainfo = decode(bytes);
        assertThat(metainfo.infoHash().v1())
                .isEqualTo(Digest.of(
                        MessageDigest.getInstance("SHA-1").digest(info.getBytes(StandardCharsets.ISO_8859_1))));
        assertThat(metainfo.toBytes()).isEqualTo(Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(metainfo).isEqualTo(decode(metainfo.toBytes()));
    }

    @Test
    void makesAMetainfoOfAnInfoDictionary() {
        Metainfo metainfo = decode(root(file(i -> {})));
        List<List<String>> trackers = List.of(List.of("http://a", "http://b"), List.of("http://c"));
        assertThat(Metainfo.ofInfoDictionary(metainfo.infoBytes(), trackers))
                .isInstanceOfSatisfying(Decoding.Decoded.class, decoded -> {
                    Metainfo again = (Metainfo) decoded.value();
                    assertThat(again.infoHash()).isEqualTo(metainfo.infoHash());
                    assertThat(again.trackers()).isEqualTo(trackers);
                    assertThat(decode(again.toBytes())).isEqualTo(again);
                });
        byte[] smuggled = (new String(metainfo.infoBytes(), StandardCharsets.ISO_8859_1) + "7:comment1:x")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Metainfo.ofInfoDictionary(smuggled, List.of())).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void refusesWithAReasonThatNamesTheKey() {
        assertThat(reason("i1e".getBytes(StandardCharsets.US_ASCII))).isEqualTo("not a dictionary");
        assertThat(reason("<html>".getBytes(StandardCharsets.US_ASCII))).isEqualTo("not the beginning of a value");
        assertThat(reason(new byte[0])).contains("ends");
        assertThat(reason("de".getBytes(StandardCharsets.US_ASCII))).contains("`info`");
        assertThat(reason("d4:infoi1ee".getBytes(StandardCharsets.US_ASCII))).contains("`info`");
        assertThat(reason(root(file(i -> i.remove("pieces"))))).contains("`pieces`");
        assertThat(reason(root(file(i -> i.put("pieces", 1))))).contains("`pieces`");
        assertThat(reason(root(file(i -> i.put("pieces", new byte[19]))))).contains("19 bytes");
        assertThat(reason(root(file(i -> i.put("pieces", new byte[40]))))).contains("40 bytes");
        assertThat(reason(root(file(i -> i.remove("length"))))).contains("`length` or `files`");
        assertThat(reason(root(file(i -> i.put("files", BencodeList.of(List.of()))))))
                .contains("`length` or `files`");
        assertThat(reason(root(file(i -> i.put("length", -1))))).contains("`length`");
        assertThat(reason(root(file(i -> i.put("length", "1"))))).contains("`length`");
        assertThat(reason(root(file(i -> i.put("length", Long.MAX_VALUE))))).contains("`length`");
        for (long pieceLength : new long[] {0, -16384, 1, 16383, 16385, (1 << 26) + 16384, Long.MIN_VALUE}) {
            assertThat(reason(root(file(i -> i.put("piece length", pieceLength)))))
                    .contains("`piece length`");
        }
        assertThat(reason(root(file(i -> i.remove("piece length"))))).contains("`piece length`");
        assertThat(decode(root(file(i -> i.put("piece length", 3 * K16))))
                        .layout()
                        .pieceLength())
                .isEqualTo(3 * K16);
    }

    @Test
    void refusesBrokenFiles() {
        assertThat(reason(root(folder()))).contains("`files`");
        assertThat(reason(root(folder(entry(-1, "a", ""))))).contains("`length`");
        assertThat(reason(root(folder(entry(1, "a", "l"))))).contains("symlink");
        assertThat(reason(
                        root(folder(BencodeDictionary.builder().put("length", 1).build()))))
                .contains("`path`");
        assertThat(reason(root(folder(BencodeDictionary.builder()
                        .put("length", 1)
                        .put("path", BencodeList.of(List.of()))
                        .build()))))
                .contains("`path`");
        assertThat(reason(root(folder(BencodeDictionary.builder()
                        .put("length", 1)
                        .put("path", BencodeList.of(List.of(number(1))))
                        .build()))))
                .contains("`path`");
        assertThat(reason(root(folder(at("a|".repeat(256) + "b"))))).contains("256 parts");
        long huge = 1L << 61;
        assertThat(reason(root(BencodeDictionary.builder()
                        .putAll(folder(at("a")))
                        .put(
                                "files",
                                BencodeList.of(
                                        List.of(entry(huge, "a", ""), entry(huge, "b", ""), entry(huge, "c", ""))))
                        .build())))
                .contains("too long together");
        assertThat(reason(root(BencodeDictionary.builder()
                        .putAll(folder(at("a")))
                        .put("files", BencodeList.of(List.of(entry(1L << 40, "a", ""))))
                        .build())))
                .contains("4194304 pieces");
    }

    @Test
    void boundsItsLengthAndItsLinks() {
        assertThat(reason(new byte[Metainfo.MAX_LENGTH + 1])).contains("32 MiB");
        List<String> many = Collections.nCopies(Links.MAX + 1, "http://same");
        assertThat(decode(root(file(i -> {}), r -> r.put("url-list", BencodeList.ofTexts(many))))
                        .webSeeds())
                .hasSize(1);
        BencodeList hashes = BencodeList.of(Collections.nCopies(Links.MAX + 1, BencodeString.of(new byte[20])));
        assertThat(decode(root(file(i -> {}), r -> r.put("similar", hashes))).similar())
                .hasSize(1);
        BencodeList nodes =
                BencodeList.of(Collections.nCopies(Links.MAX + 1, BencodeList.of(List.of(text("h"), number(1)))));
        assertThat(reason(root(file(i -> {}), r -> r.put("nodes", nodes)))).contains("10000");
    }

    /** The largest metainfo that is accepted: it must fit beside its bytes in a small heap. */
    @Test
    void readsAMillionFilesAndNotOneMore() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Metainfo.MAX_LENGTH);
        out.writeBytes("d4:infod5:filesl".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < Metainfo.MAX_FILES; i++) {
            out.writeBytes(("d6:lengthi1e4:pathl" + (i % 5 == 0 ? "1:d" : "") + "6:" + (100_000 + i % 900_000) + "ee")
                    .getBytes(StandardCharsets.US_ASCII));
        }
        int pieces = Math.ceilDiv(Metainfo.MAX_FILES, K16);
        String end = "e4:name1:x12:piece lengthi16384e6:pieces" + (20 * pieces) + ":" + "h".repeat(20 * pieces) + "ee";
        int endOfFiles = out.size();
        out.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
        assertThat(out.size()).isLessThan(Metainfo.MAX_LENGTH);

        Metainfo metainfo = decode(out.toByteArray());
        assertThat(metainfo.files()).hasSize(1_000_000);
        assertThat(metainfo.files().get(7).pathText()).isEqualTo("100007");
        assertThat(metainfo.files().get(900_007).pathText()).isEqualTo("100007 (2)");
        assertThat(metainfo.files().get(999_999).offset()).isEqualTo(999_999);

        byte[] bytes = out.toByteArray();
        byte[] more = ("d6:lengthi1e4:pathl1:zee" + end).getBytes(StandardCharsets.US_ASCII);
        byte[] tooMany = Arrays.copyOf(bytes, endOfFiles + more.length);
        System.arraycopy(more, 0, tooMany, endOfFiles, more.length);
        assertThat(reason(tooMany)).contains("1000000 files");
    }
}
