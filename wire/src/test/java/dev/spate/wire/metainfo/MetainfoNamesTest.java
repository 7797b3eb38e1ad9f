package dev.spate.wire.metainfo;

import static dev.spate.wire.metainfo.Metainfos.at;
import static dev.spate.wire.metainfo.Metainfos.decode;
import static dev.spate.wire.metainfo.Metainfos.entry;
import static dev.spate.wire.metainfo.Metainfos.file;
import static dev.spate.wire.metainfo.Metainfos.folder;
import static dev.spate.wire.metainfo.Metainfos.paths;
import static dev.spate.wire.metainfo.Metainfos.root;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Seeds;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a stranger's names land: never outside, never two on one path. */
class MetainfoNamesTest {

    private static List<String> landing(String... paths) {
        BencodeDictionary[] files = new BencodeDictionary[paths.length];
        for (int i = 0; i < paths.length; i++) {
            files[i] = at(paths[i]);
        }
        return paths(decode(root(folder(files))));
    }

    @Test
    void keepsFilesInside() {
        assertThat(landing("..|..|etc|passwd", "/etc/shadow", "a|../../b", "C:|x"))
                .containsExactly("etc/passwd", "_etc_shadow", "a/.._.._b", "C_/x");
    }

    @Test
    void numbersFilesThatWouldMeet() {
        assertThat(landing("a", "A", "a.", "b|x.txt", "B|X.TXT", "b|y"))
                .containsExactly("a", "A (2)", "a (3)", "b/x.txt", "B/X (2).TXT", "b/y");
        assertThat(landing("é", "e\u0301")).containsExactly("é", "e\u0301 (2)");
    }

    @Test
    void numbersAreFreeThemselves() {
        assertThat(landing("a (2)", "a", "a", "a (3)", "A"))
                .containsExactly("a (2)", "a", "a (3)", "a (3) (2)", "A (4)");
    }

    @Test
    void aFileGivesWayToAFolder() {
        assertThat(landing("a", "a|b", "A|c")).containsExactly("a (2)", "a/b", "A/c");
        assertThat(landing("a|b|c", "a|B")).containsExactly("a/b/c", "a/B (2)");
        assertThat(landing("a", "a (2)|x", "a|y")).containsExactly("a (3)", "a (2)/x", "a/y");
    }

    @Test
    void longNamesThatMeetWhenTheyAreCutStayApart() {
        String stem = "x".repeat(255);
        assertThat(landing(stem + "1", stem + "2", stem + "3"))
                .containsExactly(stem, "x".repeat(245) + " (2)", "x".repeat(245) + " (3)");
    }

    @Test
    void keepsTheOriginalBeside() {
        Metainfo metainfo = decode(root(folder(at("..|CON."), at("x"))));
        assertThat(metainfo.files().getFirst().originalPath()).containsExactly("..", "CON.");
        assertThat(metainfo.files().getFirst().path()).containsExactly("_CON");
        assertThat(decode(root(file(info -> info.put("name", "../x\u0000")))).originalName())
                .isEqualTo("../x\u0000");
    }

    @Test
    void nameOfTheTorrentIsSafeToo() {
        Metainfo evil = decode(root(file(info -> info.put("name", "../../evil\u0000"))));
        assertThat(evil.name()).isEqualTo(".._.._evil");
        assertThat(paths(evil)).containsExactly(".._.._evil");
        for (String nothing : List.of("..", ".", "", "\u0000", " ")) {
            Metainfo metainfo = decode(root(file(info -> info.put("name", nothing))));
            assertThat(metainfo.name()).isEqualTo(metainfo.infoHash().toString());
            assertThat(paths(metainfo)).containsExactly(metainfo.name());
        }
        assertThat(decode(root(file(info -> info.remove("name")))).name()).hasSize(40);
    }

    @Test
    void padFilesClaimNothing() {
        Metainfo metainfo =
                decode(root(folder(entry(1, ".pad|7", "p"), at(".pad|7"), entry(2, ".pad|7", "p"), at(".pad"))));
        assertThat(paths(metainfo)).containsExactly(".pad/7", ".pad/7", ".pad/7", ".pad (2)");
    }

    /** Bytes of a GBK system, as old torrents have them, with and without the UTF-8 form beside. */
    @Test
    void readsNamesInTheDeclaredEncoding() {
        BencodeString gbk = BencodeString.of("中文".getBytes(Charset.forName("GBK")));
        BencodeDictionary plain = file(info -> info.put(BencodeString.of("name"), gbk));
        assertThat(decode(root(plain, r -> r.put("encoding", "GBK"))).name()).isEqualTo("中文");
        assertThat(decode(root(plain)).name()).doesNotContain("\ufffd").contains("_");
        assertThat(decode(root(plain, r -> r.put("encoding", "no such\u0000thing")))
                        .originalName())
                .contains("\ufffd");
        BencodeDictionary both =
                file(info -> info.put(BencodeString.of("name"), gbk).put("name.utf-8", "漢字"));
        assertThat(decode(root(both, r -> r.put("encoding", "GBK"))).name()).isEqualTo("漢字");

        BencodeDictionary path = BencodeDictionary.builder()
                .put("length", 1)
                .put("path", BencodeList.of(List.of(gbk)))
                .build();
        assertThat(paths(decode(root(folder(path), r -> r.put("encoding", "GBK")))))
                .containsExactly("中文");
        BencodeDictionary utf8 = BencodeDictionary.builder()
                .putAll(path)
                .put("path.utf-8", BencodeList.ofTexts(List.of("漢字")))
                .build();
        assertThat(paths(decode(root(folder(utf8))))).containsExactly("漢字");
    }

    @Test
    void anyNamesLandApartAndInside() {
        String[] parts = {"a", "A", "a (2)", "..", "", "b", "a.", "CON", "_CON", "a/b", "é", "e\u0301", "\u0000", "_"};
        Seeds.run(150, random -> {
            BencodeDictionary[] files = new BencodeDictionary[1 + random.nextInt(30)];
            for (int i = 0; i < files.length; i++) {
                StringBuilder path = new StringBuilder(parts[random.nextInt(parts.length)]);
                for (int depth = random.nextInt(3); depth > 0; depth--) {
                    path.append('|').append(parts[random.nextInt(parts.length)]);
                }
                files[i] = at(path.toString());
            }
            Metainfo metainfo = decode(root(folder(files)));
            MetainfoFuzz.namesAreSafe(metainfo);
            assertThat(paths(metainfo)).isEqualTo(paths(decode(metainfo.toBytes())));
        });
    }
}
