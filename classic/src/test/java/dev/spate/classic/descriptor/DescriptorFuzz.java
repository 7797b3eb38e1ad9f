package dev.spate.classic.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;

/** What no descriptor file may do to its reader. */
public final class DescriptorFuzz {
    private DescriptorFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        switch (Descriptor.decode(input)) {
            case Decoding.Decoded<Descriptor>(Descriptor descriptor) -> {
                byte[] bytes = descriptor.toBytes();
                Descriptor again = ((Decoding.Decoded<Descriptor>) Descriptor.decode(bytes)).value();
                assertThat(again.toBytes()).isEqualTo(bytes);
                assertThat(again.key()).isEqualTo(descriptor.key());
                assertThat(again.name()).isEqualTo(descriptor.name());
                assertThat(again.nodes()).isEqualTo(descriptor.nodes());
                assertThat(again.metainfo()).isEqualTo(descriptor.metainfo());
            }
            case Decoding.Malformed<Descriptor> malformed ->
                assertThat(malformed.reason()).isNotBlank();
            case Decoding.NeedMore<Descriptor> needMore -> throw new AssertionError(needMore);
        }
    }
}
