package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Choking;
import dev.spate.core.choke.Trading;
import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import dev.spate.engine.store.FileStamp;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ResumeFileTest {

    private static ResumeData data(int pieces, int... flushed) {
        PieceSet set = new PieceSet(pieces);
        for (int piece : flushed) {
            set.add(piece);
        }
        return new ResumeData(
                Samples.INFO_HASH,
                new ResumeData.Claim(
                        set, List.of(new FileStamp(12, 1_700_000_000_123_456_789L), TorrentStorage.NO_FILE), false),
                new ResumeData.Notes(
                        "/home/\u00e4nne/Downloads",
                        new ResumeData.Transferred(1L << 40, 7, 3),
                        Instant.ofEpochSecond(1_700_000_000),
                        Optional.of(Instant.ofEpochSecond(1_700_000_777)),
                        Optional.of(List.of(List.of("http://a/", "udp://b:1"), List.of())),
                        List.of(0, 7, 4),
                        true,
                        true,
                        new Places(
                                Path.of("/elsewhere"),
                                Optional.of("top"),
                                new TreeMap<>(Map.of(3, List.of("a", "b"))),
                                true),
                        KeptRules.NONE
                                .withLimits(new RateLimits(1_000, RateLimits.NO_LIMIT))
                                .withPeerLimits(new RateLimits(RateLimits.NO_LIMIT, 7))
                                .withGroup(Optional.of("f\u00fcr alle"))
                                .withMaxConnections(9)
                                .withUploadSlots(3)
                                .withChoking(Optional.of(new Choking(Trading.BIT_TYRANT, ChokeStrategy.FASTEST_UPLOAD)))
                                .withSuperSeeding(true)
                                .withSeedLimits(Optional.of(new SeedLimits(
                                        OptionalDouble.of(1.5),
                                        Optional.of(Duration.ofHours(3)),
                                        Optional.of(Duration.ofMinutes(7)),
                                        AfterSeeding.REMOVE))),
                        Optional.of(new QueueRank(1_700_000_000_123L, true))));
    }

    private static byte[] file(ResumeData data, int... begun) {
        byte[] encoded = ResumeFile.encode(data);
        ByteBuffer file = ByteBuffer.allocate(encoded.length + begun.length * ResumeFile.RECORD_LENGTH);
        file.put(encoded);
        for (int i = 0; i < begun.length; i++) {
            file.put(ResumeFile.record(ResumeFile.checksum(encoded), i, begun[i]));
        }
        return file.array();
    }

    private static ResumeFile.Found decoded(byte[] file) {
        return switch (ResumeFile.decode(file)) {
            case Decoding.Decoded<ResumeFile.Found>(var found) -> found;
            case Decoding<ResumeFile.Found> other -> throw new AssertionError(other);
        };
    }

    @Test
    void saysWhatWasWritten() {
        ResumeFile.Found found = decoded(file(data(11, 0, 3, 10), 4, 5));

        assertThat(found.data()).isEqualTo(data(11, 0, 3, 10));
        assertThat(found.begun().count()).isEqualTo(2);
        assertThat(found.begun().contains(4)).isTrue();
        assertThat(found.begun().contains(5)).isTrue();
    }

    @Test
    void needsNeitherTrackersNorCompletion() {
        ResumeData data = new ResumeData(Samples.INFO_HASH, data(9).claim(), Samples.NOTES);

        assertThat(decoded(file(data)).data()).isEqualTo(data);
    }

    /** A flipped bit must never make a claim that was not written. */
    @Test
    void noticesEveryFlippedBit() {
        byte[] file = file(data(11, 0, 3, 10), 4, 5);
        int records = file.length - 2 * ResumeFile.RECORD_LENGTH;
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);

            if (bit / 8 < records) {
                assertThat(ResumeFile.decode(damaged)).as("bit %d", bit).isInstanceOf(Decoding.Malformed.class);
            } else {
                // A piece whose record cannot be read was reported maybe, and is to be looked for.
                assertThat(decoded(damaged).data()).isEqualTo(data(11, 0, 3, 10));
                assertThat(decoded(damaged).begun().isFull()).isTrue();
            }
        }
    }

    @Test
    void noticesEveryTruncation() {
        byte[] file = file(data(11, 0, 3, 10), 4, 5);
        int records = file.length - 2 * ResumeFile.RECORD_LENGTH;
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            if (length < records) {
                assertThat(ResumeFile.decode(cut)).as("length %d", length).isInstanceOf(Decoding.Malformed.class);
            } else {
                assertThat(decoded(cut).begun().count()).isEqualTo((length - records) / ResumeFile.RECORD_LENGTH);
            }
        }
    }

    @Test
    void doesNotBelieveRecordsOfAnotherFile() {
        byte[] other = ResumeFile.encode(data(11, 0));
        byte[] encoded = ResumeFile.encode(data(11, 1));
        byte[] mixed = Arrays.copyOf(encoded, encoded.length + ResumeFile.RECORD_LENGTH);
        System.arraycopy(
                ResumeFile.record(ResumeFile.checksum(other), 0, 7),
                0,
                mixed,
                encoded.length,
                ResumeFile.RECORD_LENGTH);

        assertThat(decoded(mixed).begun().isFull()).isTrue();
    }

    @Test
    void recordsThatTheDeviceNeverGotAreNone() {
        byte[] file = file(data(11, 0), 7);

        byte[] longer = Arrays.copyOf(file, file.length + 3 * ResumeFile.RECORD_LENGTH);

        assertThat(decoded(longer).begun().count()).isEqualTo(1);
        assertThat(decoded(longer).begun().contains(7)).isTrue();
    }

    @Test
    void namesALaterVersion() {
        byte[] file = file(data(11));
        file[11] = 3;

        assertThat(ResumeFile.decode(file).toString()).contains("version 3");
    }

    @Test
    void neverThrowsOnNoise() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            byte[] good = file(data(11, 2));
            System.arraycopy(good, 0, noise, 0, Math.min(noise.length, random.nextInt(24)));

            assertThat(ResumeFile.decode(noise)).as("seed %d", seed).isInstanceOf(Decoding.Malformed.class);
        }
    }
}
