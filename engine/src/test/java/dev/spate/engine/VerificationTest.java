package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PieceSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VerificationTest {

    @TempDir
    private Path folder;

    @Test
    void tellsWhichPiecesAreGoodAndMakesNothing() throws Exception {
        Payload payload = Payload.folder("top", List.of(100_000, 0, 50_000), 1 << 14);
        AtomicInteger checked = new AtomicInteger();

        assertThat(Verification.goodPieces(payload.metainfo(), folder, checked::set)
                        .isEmpty())
                .isTrue();
        assertThat(folder).isEmptyDirectory();
        assertThat(checked).hasValue(payload.metainfo().layout().pieces());

        payload.writeTo(folder);
        assertThat(Verification.goodPieces(payload.metainfo(), folder, checked::set)
                        .isFull())
                .isTrue();

        Files.write(folder.resolve("top/d/2"), new byte[50_000]);
        PieceSet good = Verification.goodPieces(payload.metainfo(), folder, checked::set);
        assertThat(good.nextLacking(0)).isEqualTo(100_000 >> 14);
        assertThat(good.count()).isEqualTo(100_000 >> 14);
    }
}
