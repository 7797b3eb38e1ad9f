package dev.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;

/** What no kept state of a DHT node may do. */
public final class DhtStateFuzz {
    private DhtStateFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (DhtState.decode(input) instanceof Decoding.Decoded<DhtState> state) {
            assertThat(DhtState.decode(state.value().encode())).isEqualTo(state);
        }
    }
}
