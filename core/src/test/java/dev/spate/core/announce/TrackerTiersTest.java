package dev.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrackerTiersTest {
    private final TrackerTiers tiers = new TrackerTiers(List.of(List.of("a", "b"), List.of("c")));

    @Test
    void doublesAndEmptyTiersAreLeftOut() {
        assertThat(new TrackerTiers(List.of(List.of(), List.of("a", "a"), List.of("a"), List.of("b", "a"))).tiers())
                .containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void aUrlGoesToTheEndOfItsTier() {
        assertThat(tiers.with("d", 0).tiers()).containsExactly(List.of("a", "b", "d"), List.of("c"));
        assertThat(tiers.with("d", 2).tiers()).containsExactly(List.of("a", "b"), List.of("c"), List.of("d"));
        assertThat(tiers.with("d", 99)).isEqualTo(tiers.with("d", 2));
        assertThatThrownBy(() -> tiers.with("d", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneThatIsThereMoves() {
        assertThat(tiers.with("a", 1).tiers()).containsExactly(List.of("b"), List.of("c", "a"));
        assertThat(tiers.with("c", 0).tiers()).containsExactly(List.of("a", "b", "c"));
        assertThat(tiers.with("c", 2).tiers()).containsExactly(List.of("a", "b"), List.of("c"));
    }

    @Test
    void oneThatGoesTakesItsTierAlong() {
        assertThat(tiers.without("c").tiers()).containsExactly(List.of("a", "b"));
        assertThat(tiers.without("x")).isEqualTo(tiers);
        assertThat(tiers.contains("c")).isTrue();
        assertThat(tiers.without("c").contains("c")).isFalse();
    }

    @Test
    void isBounded() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 2 * Announcer.MAX_TRACKERS; i++) {
            many.add("http://" + i);
        }
        assertThat(new TrackerTiers(List.of(many)).size()).isEqualTo(Announcer.MAX_TRACKERS);
    }

    @Test
    void whatCannotBeAnnouncedToIsNamed() {
        assertThat(TrackerTiers.objection("UDP://t:80")).isEmpty();
        assertThat(TrackerTiers.objection("https://t/announce?key=1")).isEmpty();
        assertThat(TrackerTiers.objection("wss://t")).isPresent();
        assertThat(TrackerTiers.objection("http://t/a b")).isPresent();
        assertThat(TrackerTiers.objection("http://t/\n")).isPresent();
        assertThat(TrackerTiers.objection("http://" + "t".repeat(TrackerTiers.MAX_URL)))
                .isPresent();
    }
}
