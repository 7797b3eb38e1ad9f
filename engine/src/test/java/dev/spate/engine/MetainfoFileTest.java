package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.metainfo.Metainfo;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetainfoFileTest {

    @TempDir
    private Path folder;

    @Test
    void readsWhatWasWritten() throws Exception {
        Metainfo metainfo = Payload.file("file.bin", 100_000, 1 << 14).metainfo();
        Path file = Files.write(folder.resolve("x.torrent"), metainfo.toBytes());

        assertThat(MetainfoFile.read(file)).isEqualTo(metainfo);
    }

    @Test
    void saysWhyAFileIsNoTorrent() throws Exception {
        byte[] bytes = Payload.file("file.bin", 100_000, 1 << 14).metainfo().toBytes();
        Path cut = Files.write(folder.resolve("cut.torrent"), Arrays.copyOf(bytes, 100));
        Path text = Files.writeString(folder.resolve("text.torrent"), "<html>");
        Path longer = folder.resolve("long.torrent");
        try (RandomAccessFile sparse = new RandomAccessFile(longer.toFile(), "rw")) {
            sparse.setLength(Metainfo.MAX_LENGTH + 1L);
        }

        assertThatThrownBy(() -> MetainfoFile.read(cut))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("cut.torrent: not a torrent file: ");
        assertThatThrownBy(() -> MetainfoFile.read(text))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("not a torrent file: ")
                .hasMessageContaining("(at byte 0)");
        assertThatThrownBy(() -> MetainfoFile.read(longer))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> MetainfoFile.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
