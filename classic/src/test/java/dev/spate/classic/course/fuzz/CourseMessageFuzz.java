package dev.spate.classic.course.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.wire.Dialect;
import dev.spate.classic.course.wire.Handshake;
import dev.spate.classic.course.wire.Message;
import dev.spate.classic.course.wire.MessageDecoder;
import dev.spate.classic.course.wire.MessageEncoder;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What no neighbour may do with its bytes. The first two bytes of an input choose the file and the dialect, the rest is the stream. */
public final class CourseMessageFuzz {
    private CourseMessageFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        PieceLayout layout = new PieceLayout(1 + (input[0] & 0xff) * 7L, 1 + (input[1] >>> 3 & 0x1f));
        boolean guess = (input[1] & 4) != 0;
        MessageDecoder decoder = guess
                ? MessageDecoder.guessing(layout)
                : MessageDecoder.of(layout, new Dialect((input[1] & 1) != 0, (input[1] & 2) != 0));
        ByteBuffer stream = ByteBuffer.wrap(input, 2, input.length - 2);
        if (Handshake.decode(stream) instanceof Decoding.Decoded<Handshake>(var handshake)) {
            ByteBuffer again = ByteBuffer.allocate(Handshake.LENGTH);
            handshake.encode(again);
            assertThat(Handshake.decode(again.flip())).isEqualTo(new Decoding.Decoded<>(handshake));
        }
        while (true) {
            int begin = stream.position();
            switch (decoder.decode(stream)) {
                case Decoding.Decoded<Message>(Message message) -> {
                    assertThat(stream.position()).isGreaterThan(begin);
                    byte[] bytes = Arrays.copyOfRange(input, begin, stream.position());
                    comesBack(message, bytes, decoder.dialect(), layout);
                    int content = message instanceof Message.Piece(var piece) ? layout.length(piece) : 0;
                    stream.position(stream.position() + Math.min(content, stream.remaining()));
                }
                case Decoding.NeedMore<Message>(int bytes) -> {
                    assertThat(bytes).isGreaterThan(stream.remaining()).isLessThan(1 << 20);
                    assertThat(stream.position()).isEqualTo(begin);
                    return;
                }
                case Decoding.Malformed<Message> malformed -> {
                    assertThat(malformed.reason()).isNotEmpty();
                    assertThat(stream.position()).isEqualTo(begin);
                    return;
                }
            }
        }
    }

    private static void comesBack(Message message, byte[] bytes, Dialect dialect, PieceLayout layout) {
        MessageEncoder encoder = new MessageEncoder(layout);
        ByteBuffer again = ByteBuffer.allocate(encoder.length(message));
        encoder.encode(message, dialect, again);
        byte[] encoded = Arrays.copyOf(again.array(), again.position());
        if (dialect.lowBitFirst() && message instanceof Message.Bitfield) {
            // Zero bytes at the end may have been there.
            assertThat(MessageDecoder.of(layout, dialect).decode(ByteBuffer.wrap(encoded)))
                    .isEqualTo(new Decoding.Decoded<>(message));
        } else {
            assertThat(encoded).isEqualTo(bytes);
        }
    }
}
