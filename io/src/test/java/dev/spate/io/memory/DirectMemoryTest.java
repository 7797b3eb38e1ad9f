package dev.spate.io.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectMemoryTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 1500, 4096, 4097, 256 * 1024})
    void givesSoManyBytesFromTheBeginningOfACacheLine(int bytes) {
        // All kept, so that each begins elsewhere.
        List<ByteBuffer> buffers =
                Stream.generate(() -> DirectMemory.allocate(bytes)).limit(50).toList();

        assertThat(buffers).allSatisfy(buffer -> {
            assertThat(buffer.isDirect()).isTrue();
            assertThat(buffer.capacity()).isEqualTo(bytes);
            assertThat(buffer.remaining()).isEqualTo(bytes);
            assertThat(buffer.alignmentOffset(0, 64)).isZero();
        });
    }
}
