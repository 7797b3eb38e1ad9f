package dev.spate.wire.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;

/** What no peer may do with the payload of an extended message. */
public final class ExtensionHandshakeFuzz {
    private ExtensionHandshakeFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer payload = ByteBuffer.wrap(input);
        if (ExtensionHandshake.decode(payload) instanceof Decoding.Decoded<ExtensionHandshake>(var handshake)) {
            assertThat(handshake.extensions()).hasSizeLessThanOrEqualTo(ExtensionHandshake.MAX_EXTENSIONS);
            assertThat(ExtensionHandshake.decode(handshake.message().payload()))
                    .isEqualTo(new Decoding.Decoded<>(handshake));
        }
        if (DontHave.decode(payload, 1000) instanceof Decoding.Decoded<DontHave>(var dontHave)) {
            assertThat(dontHave.message(1).payload()).isEqualTo(payload);
        }
        assertThat(payload.position()).isZero();
    }
}
