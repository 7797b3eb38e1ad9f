package dev.spate.wire.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Messages for tests: one of each kind, or any, of a torrent with {@link #PIECES} pieces. */
final class PeerMessages {
    static final int PIECES = 1001;

    /** The number of kinds, which {@link #any} draws from. */
    private static final int KINDS = 21;

    private PeerMessages() {}

    static List<PeerMessage> oneOfEach(RandomGenerator random) {
        List<PeerMessage> messages = new ArrayList<>();
        for (int kind = 0; kind < KINDS; kind++) {
            messages.add(ofKind(kind, random));
        }
        return messages;
    }

    static PeerMessage any(RandomGenerator random) {
        return ofKind(random.nextInt(KINDS), random);
    }

    private static PeerMessage ofKind(int kind, RandomGenerator random) {
        return switch (kind) {
            case 0 -> new PeerMessage.KeepAlive();
            case 1 -> new PeerMessage.Choke();
            case 2 -> new PeerMessage.Unchoke();
            case 3 -> new PeerMessage.Interested();
            case 4 -> new PeerMessage.NotInterested();
            case 5 -> new PeerMessage.Have(random.nextInt(PIECES));
            case 6 -> new PeerMessage.Bitfield(pieces(random));
            case 7 -> new PeerMessage.Request(block(random));
            case 8 -> new PeerMessage.Piece(block(random));
            case 9 -> new PeerMessage.Cancel(block(random));
            case 10 -> new PeerMessage.Port(random.nextInt(65536));
            case 11 -> new PeerMessage.SuggestPiece(random.nextInt(PIECES));
            case 12 -> new PeerMessage.HaveAll();
            case 13 -> new PeerMessage.HaveNone();
            case 14 -> new PeerMessage.RejectRequest(block(random));
            case 15 -> new PeerMessage.AllowedFast(random.nextInt(PIECES));
            case 16 ->
                new PeerMessage.Extended(random.nextInt(256), ByteBuffer.wrap(bytes(random.nextInt(40), random)));
            case 17 -> new PeerMessage.HashRequest(span(random));
            case 18 -> hashes(random);
            case 19 -> new PeerMessage.HashReject(span(random));
            case 20 -> new PeerMessage.Unknown(24 + random.nextInt(232), random.nextInt(100));
            default -> throw new IllegalArgumentException("no kind " + kind);
        };
    }

    private static PeerMessage hashes(RandomGenerator random) {
        PeerMessage.HashSpan span = span(random);
        int count = span.length() + random.nextInt(span.proofLayers() + 1);
        List<Digest> hashes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hashes.add(Digest.of(bytes(Digest.SHA256_LENGTH, random)));
        }
        return new PeerMessage.Hashes(span, hashes);
    }

    private static PeerMessage.HashSpan span(RandomGenerator random) {
        int length = 1 << random.nextInt(5);
        return new PeerMessage.HashSpan(
                Digest.of(bytes(Digest.SHA256_LENGTH, random)),
                random.nextInt(20),
                length * random.nextInt(100),
                length,
                random.nextInt(10));
    }

    private static BlockRange block(RandomGenerator random) {
        return new BlockRange(
                random.nextInt(PIECES),
                random.nextInt(1 << 25),
                1 + random.nextInt(random.nextBoolean() ? 100 : PeerMessageDecoder.MAX_BLOCK_LENGTH));
    }

    private static PieceSet pieces(RandomGenerator random) {
        PieceSet set = new PieceSet(PIECES);
        for (int i = random.nextInt(PIECES); i > 0; i--) {
            set.add(random.nextInt(PIECES));
        }
        return set;
    }

    static byte[] bytes(int length, RandomGenerator random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The message as bytes, header only where there is a payload. */
    static byte[] encoded(PeerMessage message) {
        ByteBuffer buffer = ByteBuffer.allocate(PeerMessageEncoder.length(message));
        PeerMessageEncoder.encode(message, buffer);
        if (buffer.hasRemaining()) {
            throw new AssertionError("length() promised " + buffer.remaining() + " bytes more: " + message);
        }
        return buffer.array();
    }
}
