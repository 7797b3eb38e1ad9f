package dev.spate.wire.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What no peer may do with its messages. The first byte of an input chooses the torrent, the rest is the stream. */
public final class PeerMessageFuzz {
    private PeerMessageFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        int pieces = input.length == 0 ? 0 : (input[0] & 0xff) * 7;
        PeerMessageDecoder decoder =
                pieces == 255 * 7 ? PeerMessageDecoder.ofUnknownTorrent() : new PeerMessageDecoder(pieces);
        ByteBuffer stream = ByteBuffer.wrap(input, Math.min(1, input.length), Math.max(0, input.length - 1));
        while (true) {
            int begin = stream.position();
            switch (decoder.decode(stream)) {
                case Decoding.Decoded<PeerMessage>(PeerMessage message) -> {
                    byte[] bytes = Arrays.copyOfRange(input, begin, stream.position());
                    assertThat(PeerMessages.encoded(message)).isEqualTo(bytes);
                    everyBeginningNeedsMore(decoder, bytes);
                    int passed = Math.min(message.payloadLength(), stream.remaining());
                    stream.position(stream.position() + passed);
                }
                case Decoding.NeedMore<PeerMessage>(int bytes) -> {
                    assertThat(bytes)
                            .isGreaterThan(stream.remaining())
                            .isLessThanOrEqualTo(MessageType.PREFIX + PeerMessageDecoder.MAX_LENGTH);
                    assertThat(stream.position()).isEqualTo(begin);
                    return;
                }
                case Decoding.Malformed<PeerMessage> malformed -> {
                    assertThat(malformed.reason()).isNotEmpty();
                    assertThat(stream.position()).isEqualTo(begin);
                    return;
                }
            }
        }
    }

    private static void everyBeginningNeedsMore(PeerMessageDecoder decoder, byte[] message) {
        // All lengths of a short message, the interesting ones of a long one.
        for (int there = 0; there < message.length; there += there < 100 ? 1 : message.length / 10) {
            ByteBuffer beginning = ByteBuffer.wrap(message, 0, there);
            assertThat(decoder.decode(beginning)).isInstanceOf(Decoding.NeedMore.class);
            assertThat(beginning.position()).isZero();
        }
    }
}
