package dev.spate.wire.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {

    @Test
    void nobodyCanChangeThem() {
        byte[] content = {1, 2};
        Bytes bytes = Bytes.of(content);
        content[0] = 9;
        bytes.toBytes()[1] = 9;
        assertThat(bytes).hasToString("0102").isEqualTo(Bytes.of(new byte[] {1, 2}));
    }

    @Test
    void numbersComeBack() {
        assertThat(Bytes.ofInt(0x80ff0102).toInt()).isEqualTo(0x80ff0102);
        assertThat(Bytes.ofLong(-5).toLong()).isEqualTo(-5);
        assertThatThrownBy(() -> Bytes.EMPTY.toInt()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Bytes.EMPTY.toLong()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void longOnesAreShownInPart() {
        assertThat(Bytes.of(new byte[1000]).toString()).hasSize(65).endsWith("…");
    }
}
