package dev.spate.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.peer.MetadataMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * Four honest peers and eight who say anything: the input tells who comes, says what, and goes, and how the time passes. Nobody honest is
 * distrusted, nothing wrong is taken for the metadata, and in the end one honest peer who stays suffices.
 */
public final class MetadataExchangeFuzz {
    private MetadataExchangeFuzz() {}

    private static final long SECOND = 1_000_000_000L;
    private static final int HONEST = 4;
    private static final int PEERS = 12;
    private static final int MAX_STEPS = 10_000;

    /** Of three pieces. */
    private static final byte[] METADATA = new byte[2 * MetadataMessage.PIECE_LENGTH + 7000];

    private static final int[] SIZES = {
        METADATA.length, METADATA.length, 1, 16_384, 50_000, MetadataMessage.MAX_METADATA, -1, METADATA.length + 1
    };

    static {
        new Random(1).nextBytes(METADATA);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        new Offers(ByteBuffer.wrap(input)).run();
    }

    private static final class Offers {
        private final ByteBuffer script;
        private final MetadataExchange exchange = new MetadataExchange();
        private final TreeSet<Integer> present = new TreeSet<>();
        private final List<MetadataStep.Ask> asked = new ArrayList<>();
        private final List<MetadataStep.Verify> verifying = new ArrayList<>();
        private long now = 1000 * SECOND;

        Offers(ByteBuffer script) {
            this.script = script;
        }

        void run() {
            while (script.remaining() >= 2 && !exchange.isDone()) {
                int step = script.get();
                int argument = script.get() & 0xff;
                int peer = argument % PEERS;
                switch (step & 7) {
                    case 0 -> now += argument * SECOND / 4;
                    case 1 -> offer(peer, SIZES[(step >> 3) & 7]);
                    case 2 -> leave(peer);
                    case 3 -> verify();
                    case 4 -> say(peer, (step >> 3) & 3, argument % 5);
                    default -> answer(argument, (step >> 3) & 7);
                }
                settle();
            }
            endWithOneHonestPeer();
        }

        private void offer(int peer, int size) {
            present.add(peer);
            exchange.offered(peer, peer < HONEST ? METADATA.length : size, now);
        }

        private void leave(int peer) {
            present.remove(peer);
            asked.removeIf(ask -> ask.peer() == peer);
            exchange.left(peer, now);
        }

        private void settle() {
            int steps = 0;
            for (MetadataStep step = exchange.poll(now); step != null; step = exchange.poll(now)) {
                assertThat(++steps).as("steps at once").isLessThan(MAX_STEPS);
                switch (step) {
                    case MetadataStep.Ask ask -> {
                        assertThat(present).as("asked").contains(ask.peer());
                        asked.add(ask);
                    }
                    case MetadataStep.Verify verify -> verifying.add(verify);
                    case MetadataStep.Distrust distrust -> {
                        assertThat(distrust.peer()).as(distrust.evidence()).isGreaterThanOrEqualTo(HONEST);
                        leave(distrust.peer());
                    }
                }
            }
            assertThat(verifying).as("drafts under way").hasSizeLessThanOrEqualTo(MetadataExchange.MAX_DRAFTS);
        }

        private void verify() {
            if (!verifying.isEmpty()) {
                MetadataStep.Verify next = verifying.removeFirst();
                boolean good = next.bytes().equals(ByteBuffer.wrap(METADATA));
                boolean wasDone = exchange.isDone();
                exchange.verified(next.draft(), good, now);
                assertThat(exchange.isDone()).isEqualTo(wasDone || good);
            }
        }

        /** Somebody answers who was asked. */
        private void answer(int which, int how) {
            if (!asked.isEmpty()) {
                MetadataStep.Ask ask = asked.remove(which % asked.size());
                if (ask.peer() < HONEST) {
                    exchange.received(ask.peer(), data(ask.piece()), now);
                } else {
                    say(ask.peer(), how, ask.piece());
                }
            }
        }

        /** A liar says something about a piece, asked or not; the honest say nothing of themselves. */
        private void say(int peer, int how, int piece) {
            if (peer < HONEST) {
                return;
            }
            MetadataMessage message = switch (how) {
                case 0 -> new MetadataMessage.Reject(piece);
                case 1 -> data(piece);
                case 2 -> new MetadataMessage.Data(piece, METADATA.length, ByteBuffer.allocate(7000));
                case 3 -> new MetadataMessage.Data(piece, 0, ByteBuffer.allocate(MetadataMessage.PIECE_LENGTH));
                case 4 -> new MetadataMessage.Data(piece, 50_000, ByteBuffer.allocate(1));
                case 5 -> new MetadataMessage.Request(piece);
                default -> new MetadataMessage.Unrecognized(how);
            };
            exchange.received(peer, message, now);
        }

        /** The real thing, or rubbish of the same look for a piece that there is not. */
        private static MetadataMessage data(int piece) {
            int begin = piece * MetadataMessage.PIECE_LENGTH;
            int length = Math.min(MetadataMessage.PIECE_LENGTH, METADATA.length - begin);
            return new MetadataMessage.Data(
                    piece,
                    METADATA.length,
                    length > 0 ? ByteBuffer.wrap(METADATA, begin, length).slice() : ByteBuffer.allocate(1));
        }

        private void endWithOneHonestPeer() {
            if (exchange.isDone()) {
                return;
            }
            offer(0, 0);
            for (int round = 0; !exchange.isDone(); round++) {
                assertThat(round).as("seconds with an honest peer").isLessThan(MAX_STEPS);
                settle();
                for (MetadataStep.Ask ask : List.copyOf(asked)) {
                    if (ask.peer() == 0) {
                        asked.remove(ask);
                        exchange.received(0, data(ask.piece()), now);
                    }
                }
                settle();
                while (!verifying.isEmpty()) {
                    verify();
                }
                now += SECOND;
            }
        }
    }
}
