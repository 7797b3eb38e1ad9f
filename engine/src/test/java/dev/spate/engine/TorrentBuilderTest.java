package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorrentBuilderTest {

    @TempDir
    Path folder;

    @Test
    void sameFilesGiveTheSameBytes(@TempDir Path other) throws Exception {
        for (Path parent : List.of(folder, other)) {
            Path root = Files.createDirectory(parent.resolve("album"));
            Files.writeString(root.resolve("b"), "second");
            Files.writeString(root.resolve("a"), "first");
        }
        Files.setLastModifiedTime(other.resolve("album/a"), FileTime.fromMillis(0));

        byte[] bytes = TorrentBuilder.of(folder.resolve("album")).build().toBytes();

        assertThat(TorrentBuilder.of(other.resolve("album")).threads(1).build().toBytes())
                .isEqualTo(bytes);
    }

    @Test
    void saysWhatItWasTold() throws Exception {
        Path file = Files.writeString(folder.resolve("data.bin"), "x".repeat(40_000));

        Metainfo metainfo = TorrentBuilder.of(file)
                .name("other.bin")
                .pieceLength(32_768)
                .trackers(List.of(List.of("http://a/announce"), List.of("udp://b:1")))
                .webSeeds(List.of("http://c/"))
                .isPrivate(true)
                .comment("for you")
                .source("tests")
                .build();

        assertThat(metainfo.isSingleFile()).isTrue();
        assertThat(metainfo.name()).isEqualTo("other.bin");
        assertThat(metainfo.layout().pieces()).isEqualTo(2);
        assertThat(metainfo.trackers()).hasSize(2);
        assertThat(metainfo.webSeeds()).containsExactly("http://c/");
        assertThat(metainfo.isPrivate()).isTrue();
        assertThat(metainfo.comment()).hasValue("for you");
        assertThat(metainfo.source()).hasValue("tests");
        assertThat(metainfo.creationDate()).isEmpty();
    }

    @Test
    void choosesAPieceLengthByTheTotal() {
        assertThat(TorrentBuilder.automatic(1)).isEqualTo(16 << 10);
        assertThat(TorrentBuilder.automatic(32 << 20)).isEqualTo(16 << 10);
        assertThat(TorrentBuilder.automatic((32 << 20) + 1)).isEqualTo(32 << 10);
        assertThat(TorrentBuilder.automatic(1L << 30)).isEqualTo(512 << 10);
        assertThat(TorrentBuilder.automatic(1L << 40)).isEqualTo(16 << 20);
        assertThat(TorrentBuilder.automatic(1L << 47)).isEqualTo(32 << 20);
    }

    @Test
    void refusesImpossibleSettings() {
        TorrentBuilder builder = TorrentBuilder.of(folder);

        assertThatIllegalArgumentException().isThrownBy(() -> builder.pieceLength(20_000));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.pieceLength(128 << 20));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.threads(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.name(""));
    }

    @Test
    void namesWhatCannotBeRead() {
        assertThatExceptionOfType(SpateException.Storage.class)
                .isThrownBy(() -> TorrentBuilder.of(folder.resolve("nowhere")).build())
                .satisfies(e -> assertThat(e.trouble()).isEqualTo(StorageTrouble.MISSING))
                .withMessageContaining("nowhere");
    }
}
