package dev.spate.wire.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;

/** What no peer may do with the payload of the messages by which metadata and addresses are exchanged. */
public final class ExtensionExchangesFuzz {
    private ExtensionExchangesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer payload = ByteBuffer.wrap(input);
        if (MetadataMessage.decode(payload) instanceof Decoding.Decoded<MetadataMessage> metadata) {
            assertThat(MetadataMessage.decode(metadata.value().message(1).payload()))
                    .isEqualTo(metadata);
        }
        if (PeerExchange.decode(payload) instanceof Decoding.Decoded<PeerExchange> exchange) {
            assertThat(exchange.value().added()).hasSizeLessThanOrEqualTo(PeerExchange.MAX_CONTACTS);
            assertThat(PeerExchange.decode(exchange.value().message(1).payload()))
                    .isEqualTo(exchange);
        }
        if (Holepunch.decode(payload) instanceof Decoding.Decoded<Holepunch> holepunch) {
            assertThat(Holepunch.decode(holepunch.value().message(1).payload())).isEqualTo(holepunch);
        }
        assertThat(payload.position()).isZero();
    }
}
