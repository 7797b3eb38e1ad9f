package dev.spate.wire.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.bencode.BencodeInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetainfoEditorTest {
    private static final String PIECES = "6:pieces20:01234567890123456789";

    private final Metainfo original = MetainfoBuilder.ofFile("film", 10, 1 << 14)
            .pieces(new byte[20])
            .trackers(List.of(List.of("http://a/")))
            .comment("old")
            .with("zzz", BencodeInteger.of(7))
            .with("aaa", BencodeInteger.of(8))
            .withInInfo("x-cross-seed", BencodeInteger.of(9))
            .build();

    private static Metainfo made(MetainfoEditor editor) {
        return decoded(editor.build());
    }

    private static Metainfo decoded(Decoding<Metainfo> decoding) {
        if (decoding instanceof Decoding.Decoded<Metainfo>(var metainfo)) {
            return metainfo;
        }
        throw new AssertionError(decoding);
    }

    @Test
    void nothingChangedIsTheSameFile() {
        assertThat(made(new MetainfoEditor(original)).toBytes()).isEqualTo(original.toBytes());
        Metainfo same = made(new MetainfoEditor(original)
                .name("film")
                .source(null)
                .isPrivate(false)
                .comment("old")
                .trackers(original.trackers()));
        assertThat(same.toBytes()).isEqualTo(original.toBytes());
    }

    @Test
    void whatIsOutsideOfTheInfoDictionaryKeepsTheInfoHash() {
        Metainfo edited = made(new MetainfoEditor(original)
                .comment(null)
                .trackers(List.of(List.of("http://b/", "http://c/"), List.of("http://d/"))));
        assertThat(edited.infoHash()).isEqualTo(original.infoHash());
        assertThat(edited.comment()).isEmpty();
        assertThat(edited.trackers()).containsExactly(List.of("http://b/", "http://c/"), List.of("http://d/"));
        assertThat(edited.dictionary().integer("zzz")).hasValue(7);
        assertThat(edited.dictionary().integer("aaa")).hasValue(8);
        assertThat(made(new MetainfoEditor(original).trackers(List.of())).trackers())
                .isEmpty();
    }

    @Test
    void whatIsInTheInfoDictionaryChangesItAndNothingElseOfIt() {
        Metainfo edited =
                made(new MetainfoEditor(original).source("S").isPrivate(true).name("movie"));
        assertThat(edited.infoHash()).isNotEqualTo(original.infoHash());
        assertThat(edited.source()).hasValue("S");
        assertThat(edited.isPrivate()).isTrue();
        assertThat(edited.name()).isEqualTo("movie");
        assertThat(edited.infoDictionary().integer("x-cross-seed")).hasValue(9);
        Metainfo back =
                made(new MetainfoEditor(edited).source(null).isPrivate(false).name("film"));
        assertThat(back.toBytes()).isEqualTo(original.toBytes());
    }

    /** Keys of the info dictionary that are out of order are what its hash was made of. */
    @Test
    void anInfoDictionaryThatIsNotCanonicalStaysByteForByte() {
        String info = "d" + PIECES + "12:piece lengthi16384e6:lengthi10e4:name4:filme";
        Metainfo odd =
                decoded(Metainfo.decode(("d7:comment1:x4:info" + info + "e").getBytes(StandardCharsets.US_ASCII)));
        Metainfo edited = made(new MetainfoEditor(odd).comment("y"));
        assertThat(edited.infoBytes()).isEqualTo(info.getBytes(StandardCharsets.US_ASCII));
        assertThat(edited.infoHash()).isEqualTo(odd.infoHash());
        assertThat(new String(edited.toBytes(), StandardCharsets.US_ASCII)).startsWith("d7:comment1:y4:infod6:pieces");
    }

    @Test
    void whatWasWrittenTwiceForOldProgramsIsChangedTwice() {
        Metainfo old = decoded(Metainfo.decode(("d7:comment1:x13:comment.utf-81:z4:infod6:lengthi10e4:name4:film"
                        + "12:piece lengthi16384e" + PIECES + "ee")
                .getBytes(StandardCharsets.US_ASCII)));
        assertThat(old.comment()).hasValue("z");
        assertThat(made(new MetainfoEditor(old).comment("y")).comment()).hasValue("y");
    }
}
