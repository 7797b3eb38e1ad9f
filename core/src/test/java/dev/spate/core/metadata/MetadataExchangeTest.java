package dev.spate.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.peer.MetadataMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataExchangeTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int PIECE = MetadataMessage.PIECE_LENGTH;

    /** How a peer behaves. */
    private enum Nature {
        HONEST,
        SILENT,
        REJECTING,
        GARBAGE,
        ANOTHER_SIZE,
        WRONG_LENGTH,
        /** One piece of garbage shortly before patience ends. */
        DRIPPING
    }

    private record Answer(long at, int peer, MetadataMessage message) {}

    private final byte[] metadata = new byte[5 * PIECE + 77];
    private final MetadataExchange exchange = new MetadataExchange();
    private final Map<Integer, Nature> peers = new TreeMap<>();
    private final ArrayDeque<Answer> answers = new ArrayDeque<>();
    private final List<Integer> distrusted = new ArrayList<>();
    private final Map<Integer, Integer> asked = new TreeMap<>();
    private final Random random = new Random(7);
    private byte[] found = new byte[0];
    private long now = 1000 * SECOND;

    MetadataExchangeTest() {
        random.nextBytes(metadata);
    }

    @Test
    void asksSeveralPeersAtOnce() {
        join(Nature.HONEST, Nature.HONEST, Nature.HONEST);

        run(SECOND);

        assertThat(found).isEqualTo(metadata);
        assertThat(asked).containsOnlyKeys(0, 1, 2);
        assertThat(distrusted).isEmpty();
        assertThat(exchange.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void oneHonestPeerIsEnough() {
        join(Nature.HONEST);

        run(SECOND);

        assertThat(found).isEqualTo(metadata);
    }

    @Test
    void metadataOfOnePieceIsFound() {
        exchange.offered(0, 10, now);
        assertThat(exchange.poll(now)).isEqualTo(new MetadataStep.Ask(0, 0));
        exchange.received(0, new MetadataMessage.Data(0, 10, ByteBuffer.allocate(10)), now);

        assertThat(exchange.poll(now)).isInstanceOf(MetadataStep.Verify.class);
        exchange.verified(0, true, now);
        assertThat(exchange.isDone()).isTrue();
        assertThat(exchange.poll(now)).isNull();
    }

    /** The first peer lies, so the shared draft fails, then each is tried alone and the liar is found. */
    @Test
    void aLiarIsFoundAndTheHonestPeerWins() {
        join(Nature.GARBAGE, Nature.HONEST);

        run(60 * SECOND);

        assertThat(found).isEqualTo(metadata);
        assertThat(distrusted).containsExactly(0);
    }

    @Test
    void aLoneLiarIsConvictedAtOnce() {
        join(Nature.GARBAGE);

        run(SECOND);

        assertThat(distrusted).containsExactly(0);
        assertThat(exchange.sources()).isZero();
        exchange.offered(0, metadata.length, now);
        assertThat(exchange.sources()).as("it is not trusted again").isZero();
        exchange.left(0, now);
        exchange.offered(0, metadata.length, now);
        assertThat(exchange.sources()).as("another peer at its place is").isEqualTo(1);
    }

    @Test
    void aPieceThatDoesNotFitItsSizeConvicts() {
        join(Nature.WRONG_LENGTH);

        run(SECOND);

        assertThat(distrusted).containsExactly(0);
    }

    @Test
    void silentPeersAreLeftAloneForAWhileAndAskedAgain() {
        join(Nature.SILENT);

        run(MetadataExchange.PATIENCE - 1);
        int before = asked.getOrDefault(0, 0);
        run(MetadataExchange.PATIENCE + MetadataExchange.REST);

        assertThat(before).isEqualTo(MetadataExchange.REQUESTS);
        assertThat(asked.get(0)).isEqualTo(2 * before);
    }

    @Test
    void whatASilentPeerOwesIsAskedOfAnother() {
        join(Nature.SILENT, Nature.REJECTING, Nature.HONEST);

        run(SECOND);

        assertThat(found).isEqualTo(metadata);
    }

    @Test
    void sizesBeyondTheLimitAreRefused() {
        exchange.offered(0, MetadataMessage.MAX_METADATA + 1, now);
        exchange.offered(1, 0, now);

        assertThat(exchange.sources()).isZero();
        assertThat(exchange.poll(now)).isNull();
    }

    @Test
    void memoryAndDraftsAreBounded() {
        for (int peer = 0; peer < MetadataExchange.MAX_SOURCES + 10; peer++) {
            exchange.offered(peer, MetadataMessage.MAX_METADATA - peer, now);
        }
        assertThat(exchange.sources()).isEqualTo(MetadataExchange.MAX_SOURCES);

        List<Integer> largest = askedPeers();
        for (int peer = 0; peer < MetadataExchange.MAX_SOURCES; peer++) {
            exchange.left(peer, now);
        }
        for (int peer = 0; peer < 10; peer++) {
            exchange.offered(peer, 100 + peer, now);
        }

        assertThat(largest).as("drafts of the longest metadata").hasSize(2);
        assertThat(askedPeers()).as("drafts of short metadata").hasSize(MetadataExchange.MAX_DRAFTS);
    }

    private List<Integer> askedPeers() {
        List<Integer> result = new ArrayList<>();
        for (MetadataStep step = exchange.poll(now); step != null; step = exchange.poll(now)) {
            if (step instanceof MetadataStep.Ask(int peer, int _) && !result.contains(peer)) {
                result.add(peer);
            }
        }
        return result;
    }

    @Test
    void remembersABoundedNumberOfSpoiltSizes() {
        for (int i = 0; i <= MetadataExchange.MAX_SPOILT; i++) {
            int size = PIECE + 1 + i;
            exchange.offered(0, size, now);
            exchange.offered(1, size, now);
            askedPeers();
            exchange.received(0, new MetadataMessage.Data(0, size, ByteBuffer.allocate(PIECE)), now);
            exchange.received(1, new MetadataMessage.Data(1, size, ByteBuffer.allocate(1 + i)), now);
            assertThat(exchange.poll(now)).isInstanceOf(MetadataStep.Verify.class);
            exchange.verified(i, false, now);
            exchange.left(0, now);
            exchange.left(1, now);
        }

        exchange.offered(0, PIECE + 1, now);
        exchange.offered(1, PIECE + 1, now);
        askedPeers();
        // A shared draft again: the first size is forgotten, so its two pieces may come from two peers.
        exchange.received(0, new MetadataMessage.Data(0, 0, ByteBuffer.allocate(PIECE)), now);
        exchange.received(1, new MetadataMessage.Data(1, 0, ByteBuffer.allocate(1)), now);
        assertThat(exchange.poll(now)).isInstanceOf(MetadataStep.Verify.class);
    }

    @Test
    void remembersABoundedNumberOfSuspectPieces() {
        int size = MetadataMessage.MAX_METADATA;
        for (int i = 0; i < 6; i++) {
            int alleged = size - i;
            exchange.offered(0, alleged, now);
            exchange.offered(1, alleged, now);
            for (MetadataStep step = exchange.poll(now); step != null; step = exchange.poll(now)) {
                switch (step) {
                    case MetadataStep.Ask(int peer, int piece) -> {
                        int length = Math.min(PIECE, alleged - piece * PIECE);
                        exchange.received(peer, new MetadataMessage.Data(piece, 0, ByteBuffer.allocate(length)), now);
                    }
                    case MetadataStep.Verify(int draft, ByteBuffer _) -> {
                        exchange.verified(draft, false, now);
                        exchange.left(0, now);
                        exchange.left(1, now);
                    }
                    case MetadataStep.Distrust distrust -> throw new AssertionError(distrust);
                }
            }
        }
        assertThat(exchange.suspectPieces()).isEqualTo(MetadataExchange.MAX_EVIDENCE);
    }

    /** Whatever the others do, one honest peer is enough; and no honest peer is ever distrusted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void oneHonestPeerAlwaysWins(int seed) {
        Random choice = new Random(seed);
        int honest = choice.nextInt(12);
        for (int peer = 0; peer < 12; peer++) {
            Nature[] all = Nature.values();
            join(peer == honest ? Nature.HONEST : all[choice.nextInt(all.length)]);
        }

        run(60 * 60 * SECOND);

        assertThat(found).as("seed %d, %s", seed, peers).isEqualTo(metadata);
        assertThat(distrusted).noneMatch(peer -> peers.get(peer) == Nature.HONEST);
    }

    private void join(Nature... natures) {
        for (Nature nature : natures) {
            int peer = peers.size();
            peers.put(peer, nature);
            exchange.offered(peer, nature == Nature.ANOTHER_SIZE ? metadata.length - peer - 1 : metadata.length, now);
        }
    }

    /** Lets that much time pass, or less when the metadata is found. */
    private void run(long nanos) {
        long end = now + nanos;
        while (!exchange.isDone()) {
            settle();
            long next = Math.min(
                    exchange.deadline(),
                    answers.isEmpty() ? Long.MAX_VALUE : answers.peek().at());
            if (next > end || exchange.isDone()) {
                break;
            }
            now = Math.max(now, next);
            while (!answers.isEmpty() && answers.peek().at() <= now) {
                Answer answer = answers.remove();
                exchange.received(answer.peer(), answer.message(), now);
            }
        }
        settle();
        now = exchange.isDone() ? now : end;
    }

    private void settle() {
        for (MetadataStep step = exchange.poll(now); step != null; step = exchange.poll(now)) {
            switch (step) {
                case MetadataStep.Ask(int peer, int piece) -> ask(peer, piece);
                case MetadataStep.Verify(int draft, ByteBuffer buffer) -> {
                    byte[] bytes = new byte[buffer.remaining()];
                    buffer.get(bytes);
                    boolean good = Arrays.equals(bytes, metadata);
                    found = good ? bytes : found;
                    exchange.verified(draft, good, now);
                }
                case MetadataStep.Distrust(int peer, String _) -> distrusted.add(peer);
            }
        }
    }

    private void ask(int peer, int piece) {
        asked.merge(peer, 1, Integer::sum);
        Nature nature = peers.getOrDefault(peer, Nature.SILENT);
        int size = nature == Nature.ANOTHER_SIZE ? metadata.length - peer - 1 : metadata.length;
        int length = Math.min(PIECE, size - piece * PIECE);
        byte[] bytes = Arrays.copyOfRange(metadata, piece * PIECE, piece * PIECE + length);
        switch (nature) {
            case HONEST, ANOTHER_SIZE -> answer(peer, data(piece, size, bytes), SECOND / 20);
            case SILENT -> {}
            case REJECTING -> answer(peer, new MetadataMessage.Reject(piece), SECOND / 20);
            case GARBAGE, DRIPPING -> {
                random.nextBytes(bytes);
                answer(peer, data(piece, 0, bytes), nature == Nature.GARBAGE ? SECOND / 20 : 9 * SECOND);
            }
            case WRONG_LENGTH -> answer(peer, data(piece, size, new byte[7]), SECOND / 20);
        }
    }

    private static MetadataMessage data(int piece, int size, byte[] bytes) {
        return new MetadataMessage.Data(piece, size, ByteBuffer.wrap(bytes));
    }

    private void answer(int peer, MetadataMessage message, long after) {
        List<Answer> all = new ArrayList<>(answers);
        all.add(new Answer(now + after, peer, message));
        all.sort((a, b) -> Long.compare(a.at(), b.at()));
        answers.clear();
        answers.addAll(all);
    }
}
