package dev.spate.wire.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What no input may do to metainfo. */
public final class MetainfoFuzz {
    private MetainfoFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (Metainfo.decode(input) instanceof Decoding.Decoded<Metainfo>(var metainfo)) {
            assertThat(Metainfo.decode(metainfo.toBytes())).isEqualTo(new Decoding.Decoded<>(metainfo));
            assertThat(input).startsWith(metainfo.toBytes());
            infoDictionaryAloneIsTheSameTorrent(metainfo);
            namesAreSafe(metainfo);
            filesLieInTheRun(metainfo);
            everythingCanBeAsked(metainfo);
        }
    }

    private static void infoDictionaryAloneIsTheSameTorrent(Metainfo metainfo) {
        var again = Metainfo.ofInfoDictionary(metainfo.infoBytes(), metainfo.trackers());
        assertThat(again).isInstanceOfSatisfying(Decoding.Decoded.class, decoded -> {
            Metainfo other = (Metainfo) decoded.value();
            assertThat(other.infoHash()).isEqualTo(metainfo.infoHash());
            assertThat(other.trackers()).isEqualTo(metainfo.trackers());
        });
    }

    /** The rule that matters, said anew: no part steers a file system elsewhere, and no two files meet. */
    static void namesAreSafe(Metainfo metainfo) {
        assertSafe(metainfo.name());
        Set<String> files = new HashSet<>();
        List<String> folders = new ArrayList<>();
        for (FileEntry file : metainfo.files()) {
            file.path().forEach(MetainfoFuzz::assertSafe);
            if (!file.isPad()) {
                String folded = SafeNames.folded(file.pathText());
                assertThat(files.add(folded)).as("%s is there once", folded).isTrue();
                for (int i = folded.indexOf('/'); i >= 0; i = folded.indexOf('/', i + 1)) {
                    folders.add(folded.substring(0, i));
                }
            }
        }
        assertThat(folders).as("no file where a folder is needed").noneMatch(files::contains);
    }

    private static void assertSafe(String name) {
        assertThat(name)
                .isNotEmpty()
                .doesNotContain("/", "\\", "\u0000", "\n", "\u202e")
                .doesNotEndWith(".")
                .doesNotEndWith(" ")
                .isEqualTo(SafeNames.clean(name));
    }

    private static void filesLieInTheRun(Metainfo metainfo) {
        long end = 0;
        for (FileEntry file : metainfo.files()) {
            assertThat(file.offset()).isGreaterThanOrEqualTo(end);
            if (file.length() > 0) {
                end = file.end();
                assertThat(metainfo.fileIndexAt(file.offset())).isEqualTo(file.index());
                assertThat(metainfo.fileIndexAt(end - 1)).isEqualTo(file.index());
            }
        }
        assertThat(metainfo.layout().totalLength()).isEqualTo(end);
        assertThat(metainfo.fileIndexAt(end)).isEqualTo(-1);
    }

    private static void everythingCanBeAsked(Metainfo metainfo) {
        if (metainfo.version() != Version.V2 && metainfo.layout().pieces() > 0) {
            int last = metainfo.layout().pieces() - 1;
            assertThat(metainfo.pieceHashMatches(last, metainfo.pieceHash(last).toBytes()))
                    .isTrue();
        }
        metainfo.comment();
        metainfo.createdBy();
        metainfo.creationDate();
        metainfo.encoding();
        metainfo.source();
        metainfo.updateUrl();
        metainfo.originator();
        assertThat(metainfo.magnet().toString()).startsWith("magnet:?xt=urn:bt");
    }
}
