package dev.spate.wire.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What no stranger may do with the first bytes of a connection. */
public final class HandshakeFuzz {
    private static final byte[] NAME = "\023BitTorrent protocol".getBytes(StandardCharsets.US_ASCII);

    private HandshakeFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        decode(input);
        // Behind the protocol's name, too, which no fuzzer guesses.
        byte[] name = Arrays.copyOf(NAME, NAME.length + input.length);
        System.arraycopy(input, 0, name, NAME.length, input.length);
        decode(name);
    }

    private static void decode(byte[] input) {
        ByteBuffer buffer = ByteBuffer.wrap(input);
        Decoding<Digest> infoHash = Handshake.decodeInfoHash(buffer);
        assertThat(buffer.position()).isZero();
        switch (Handshake.decode(buffer)) {
            case Decoding.Decoded<Handshake>(Handshake handshake) -> {
                ByteBuffer again = ByteBuffer.allocate(Handshake.LENGTH);
                handshake.encode(again);
                assertThat(again.array()).isEqualTo(Arrays.copyOf(input, buffer.position()));
                assertThat(infoHash).isEqualTo(new Decoding.Decoded<>(handshake.infoHash()));
            }
            case Decoding.NeedMore<Handshake>(int bytes) -> {
                assertThat(bytes).isEqualTo(Handshake.LENGTH).isGreaterThan(input.length);
                assertThat(infoHash).isNotInstanceOf(Decoding.Malformed.class);
            }
            case Decoding.Malformed<Handshake> malformed -> assertThat(infoHash).isEqualTo(malformed.as());
        }
    }
}
