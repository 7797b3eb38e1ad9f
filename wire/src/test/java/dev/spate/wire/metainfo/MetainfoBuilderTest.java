package dev.spate.wire.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.metainfo.MetainfoBuilder.NewFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetainfoBuilderTest {
    private static final int K16 = Metainfos.K16;

    @Test
    void writesAFileAndNothingThatWasNotGiven() {
        Metainfo metainfo =
                MetainfoBuilder.ofFile("n", 1, K16).pieces(new byte[20]).build();
        assertThat(new String(metainfo.toBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        "d4:infod6:lengthi1e4:name1:n12:piece lengthi16384e6:pieces20:" + "\u0000".repeat(20) + "ee");
    }

    @Test
    void givesBackAllThatWasGiven() {
        NewFile link = new NewFile(List.of("l"), 0, Set.of(FileAttribute.SYMLINK), List.of("d", "a"));
        NewFile program =
                new NewFile(List.of("p"), 3, Set.of(FileAttribute.HIDDEN, FileAttribute.EXECUTABLE), List.of());
        MetainfoBuilder builder =
                MetainfoBuilder.ofFolder("folder", List.of(new NewFile(List.of("d", "a"), K16), link, program), K16);
        assertThat(builder.layout().pieces()).isEqualTo(2);
        Metainfo metainfo = builder.pieces(new byte[40])
                .trackers(List.of(List.of("http://a", "http://b"), List.of(), List.of("udp://c")))
                .webSeeds(List.of("http://w/"))
                .httpSeeds(List.of("http://h"))
                .nodes(List.of(new HostPort("node", 1)))
                .similar(List.of(Digest.of(new byte[20])))
                .collections(List.of("c"))
                .isPrivate(true)
                .comment("comment")
                .createdBy("program")
                .source("source")
                .updateUrl("http://u")
                .creationDate(Instant.ofEpochSecond(5, 999))
                .with("x", BencodeInteger.of(1))
                .withInInfo("y", BencodeInteger.of(2))
                .build();

        assertThat(Metainfos.paths(metainfo)).containsExactly("d/a", "l", "p");
        assertThat(metainfo.files().get(1).symlinkPath()).containsExactly("d", "a");
        assertThat(metainfo.files().get(2).attributes())
                .containsExactlyInAnyOrder(FileAttribute.HIDDEN, FileAttribute.EXECUTABLE);
        assertThat(metainfo.trackers()).containsExactly(List.of("http://a", "http://b"), List.of("udp://c"));
        assertThat(metainfo.dictionary().text("announce")).contains("http://a");
        assertThat(metainfo.webSeeds()).containsExactly("http://w/");
        assertThat(metainfo.httpSeeds()).containsExactly("http://h");
        assertThat(metainfo.nodes()).containsExactly(new HostPort("node", 1));
        assertThat(metainfo.similar()).containsExactly(Digest.of(new byte[20]));
        assertThat(metainfo.collections()).containsExactly("c");
        assertThat(metainfo.isPrivate()).isTrue();
        assertThat(metainfo.comment()).contains("comment");
        assertThat(metainfo.createdBy()).contains("program");
        assertThat(metainfo.source()).contains("source");
        assertThat(metainfo.updateUrl()).contains("http://u");
        assertThat(metainfo.creationDate()).contains(Instant.ofEpochSecond(5));
        assertThat(metainfo.dictionary().integer("x")).hasValue(1);
        assertThat(metainfo.infoDictionary().integer("y")).hasValue(2);
    }

    @Test
    void takesThingsBack() {
        Metainfo metainfo = MetainfoBuilder.ofFile("n", 1, K16)
                .pieces(new byte[20])
                .trackers(List.of(List.of("a", "b")))
                .trackers(List.of(List.of("c")))
                .isPrivate(true)
                .isPrivate(false)
                .comment("x")
                .comment(null)
                .webSeeds(List.of("w"))
                .webSeeds(List.of())
                .build();
        assertThat(metainfo.dictionary().size()).isEqualTo(2);
        assertThat(metainfo.dictionary().contains("announce-list")).isFalse();
        assertThat(metainfo.trackers()).containsExactly(List.of("c"));
        assertThat(metainfo.infoDictionary().contains("private")).isFalse();
    }

    @Test
    void anEmptyTorrentNeedsNoHashes() {
        Metainfo metainfo = MetainfoBuilder.ofFolder("n", List.of(new NewFile(List.of("empty"), 0)), K16)
                .build();
        assertThat(metainfo.layout().pieces()).isZero();
        assertThat(metainfo.files()).hasSize(1);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> MetainfoBuilder.ofFile("", 1, K16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MetainfoBuilder.ofFile("n", -1, K16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MetainfoBuilder.ofFolder("n", List.of(), K16))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MetainfoBuilder.ofFile("n", 1, K16).pieces(new byte[40]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MetainfoBuilder.ofFile("n", 1, K16).build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> MetainfoBuilder.ofFile("n", 1, 1000)
                        .pieces(new byte[20])
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("piece length");
        assertThatThrownBy(() -> new NewFile(List.of(), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NewFile(List.of("a", ""), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NewFile(List.of("a"), -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NewFile(List.of("a"), 0, Set.of(FileAttribute.SYMLINK), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NewFile(List.of("a"), 0, Set.of(), List.of("b")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
