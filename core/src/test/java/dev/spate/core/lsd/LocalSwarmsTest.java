package dev.spate.core.lsd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Digest;
import dev.spate.wire.lsd.LocalAnnounce;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalSwarmsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private final LocalSwarms local = new LocalSwarms("me", 0);

    /** What was said at which second. */
    private Map<Long, List<Digest>> run(long from, long to) {
        Map<Long, List<Digest>> said = new HashMap<>();
        for (long now = from; now < to; now = Math.max(now + 1, local.deadline())) {
            List<Digest> some = local.announce(now);
            if (!some.isEmpty()) {
                said.put(now / SECOND, some);
            }
        }
        return said;
    }

    @Test
    void tellsOfWhatBeginsTogetherInOneAnnounceAndAgainEveryFiveMinutes() {
        local.enter(hash(1), 0);
        local.enter(hash(2), SECOND / 2);
        Map<Long, List<Digest>> said = run(0, 11 * MINUTE);
        assertThat(said).containsOnlyKeys(1L, 301L, 601L);
        assertThat(said.values()).allSatisfy(some -> assertThat(some).containsExactlyInAnyOrder(hash(1), hash(2)));
    }

    @Test
    void aNewOneWaitsUntilAMinuteHasPassed() {
        local.enter(hash(1), 0);
        run(0, 10 * SECOND);
        local.enter(hash(2), 10 * SECOND);
        assertThat(run(10 * SECOND, 2 * MINUTE))
                .containsOnlyKeys(61L)
                .hasEntrySatisfying(61L, some -> assertThat(some).startsWith(hash(2)));
    }

    @Test
    void ofManyEachHasItsTurnWithoutMoreThanOneAnnounceAMinute() {
        IntStream.range(0, 250).forEach(i -> local.enter(hash(i), 0));
        Map<Long, List<Digest>> said = run(0, 14 * MINUTE);
        assertThat(said).hasSize(14);
        List<Digest> all = new ArrayList<>();
        said.values().forEach(all::addAll);
        assertThat(all.stream().distinct()).hasSize(250);
        assertThat(said.values()).allSatisfy(some -> assertThat(some).hasSizeLessThanOrEqualTo(20));
    }

    @Test
    void hearsOfItsOwnSwarmsFromOthersOnly() {
        local.enter(hash(1), 0);
        LocalAnnounce other = new LocalAnnounce(1, List.of(hash(2), hash(1), hash(1)), "you");
        assertThat(local.heard(other)).containsExactly(hash(1));
        assertThat(local.heard(new LocalAnnounce(1, other.infoHashes(), "me"))).isEmpty();
        local.leave(hash(1));
        assertThat(local.heard(other)).isEmpty();
        assertThat(local.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    private static Digest hash(int number) {
        byte[] bytes = new byte[Digest.SHA1_LENGTH];
        bytes[0] = (byte) number;
        bytes[1] = (byte) (number >> 8);
        return Digest.of(bytes);
    }
}
