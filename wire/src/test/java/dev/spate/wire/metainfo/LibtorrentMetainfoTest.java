package dev.spate.wire.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Torrents that libtorrent made, against what libtorrent itself says about them. {@code make.py} beside them made both, from
 * invented data.
 */
class LibtorrentMetainfoTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file-v1",
                "file-v2",
                "file-hybrid",
                "tiny-v1",
                "tiny-v2",
                "tiny-hybrid",
                "folder-v1",
                "folder-v2",
                "folder-hybrid"
            })
    void readsWhatLibtorrentMade(String name) throws IOException {
        byte[] bytes = resource(name + ".torrent");
        Metainfo metainfo = Metainfos.decode(bytes);

        assertThat(describe(metainfo)).isEqualTo(expected(metainfo.version(), resource(name + ".txt")));
        assertThat(metainfo.toBytes()).isEqualTo(bytes);
        assertThat(metainfo.trackers())
                .containsExactly(List.of("http://tracker.example/announce"), List.of("udp://tracker.example:80"));
        assertThat(metainfo.comment()).contains("made to be read by others ☃");
        assertThat(metainfo.webSeeds()).containsExactly("http://seed.example/files/");
        assertThat(metainfo.nodes()).containsExactly(new HostPort("router.example", 6881));
        assertThat(metainfo.collections()).containsExactly("a collection");
        assertThat(metainfo.similar()).containsExactly(Digest.ofHex("000102030405060708090a0b0c0d0e0f10111213"));
        assertThat(metainfo.createdBy())
                .hasValueSatisfying(program -> assertThat(program).startsWith("libtorrent"));
        assertThat(metainfo.isPrivate()).isFalse();
    }

    /** The description that {@code make.py} writes, of our own reading. */
    private static List<String> describe(Metainfo metainfo) {
        List<String> lines = new ArrayList<>();
        lines.add("name " + metainfo.name());
        lines.add("v1 " + Objects.requireNonNullElse(metainfo.infoHash().v1(), "-"));
        lines.add("v2 " + Objects.requireNonNullElse(metainfo.infoHash().v2(), "-"));
        lines.add("pieces " + metainfo.layout().pieces() + " of "
                + metainfo.layout().pieceLength());
        for (FileEntry file : metainfo.files()) {
            lines.add("file " + file.offset() + " " + file.length() + " " + (file.isPad() ? "pad" : file.pathText()));
        }
        if (metainfo.version() != Version.V2) {
            for (int piece = 0; piece < metainfo.layout().pieces(); piece++) {
                assertThat(metainfo.pieceHashMatches(
                                piece, metainfo.pieceHash(piece).toBytes()))
                        .isTrue();
                lines.add("piece " + metainfo.pieceHash(piece));
            }
        }
        return lines;
    }

    private static List<String> expected(Version version, byte[] description) {
        return new String(description, StandardCharsets.UTF_8)
                .lines()
                // libtorrent counts the gap behind the last file of a v2 torrent, and calls gaps pad files.
                .filter(line -> version != Version.V2 || !line.endsWith(" pad"))
                .map(line -> line.startsWith("pieces ") ? line.substring(0, line.indexOf(',')) : line)
                .toList();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = LibtorrentMetainfoTest.class.getResourceAsStream("libtorrent/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
