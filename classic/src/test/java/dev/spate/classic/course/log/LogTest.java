package dev.spate.classic.course.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.wire.PieceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Log lines word for word, logs of other hands, and runs that break one rule each. */
class LogTest {
    private static final List<LogEvent> EVENTS = List.of(
            new LogEvent.Connects(1002, 1001),
            new LogEvent.IsConnected(1001, 1002),
            new LogEvent.Prefers(1001, List.of(1002, 1003)),
            new LogEvent.Optimistic(1001, 1004),
            new LogEvent.Unchoked(1002, 1001),
            new LogEvent.Choked(1002, 1001),
            new LogEvent.Have(1001, 1002, 7),
            new LogEvent.Interested(1001, 1002),
            new LogEvent.NotInterested(1001, 1002),
            new LogEvent.Downloaded(1002, 1001, 7, 12),
            new LogEvent.Complete(1002));

    @Test
    void linesAreWordForWordThoseOfTheText() {
        assertThat(EVENTS.stream().map(LogText::of))
                .containsExactly(
                        "Peer 1002 makes a connection to Peer 1001.",
                        "Peer 1001 is connected from Peer 1002.",
                        "Peer 1001 has the preferred neighbors 1002,1003.",
                        "Peer 1001 has the optimistically unchoked neighbor 1004.",
                        "Peer 1002 is unchoked by 1001.",
                        "Peer 1002 is choked by 1001.",
                        "Peer 1001 received the 'have' message from 1002 for the piece 7.",
                        "Peer 1001 received the 'interested' message from 1002.",
                        "Peer 1001 received the 'not interested' message from 1002.",
                        "Peer 1002 has downloaded the piece 7 from 1001. Now the number of pieces it has is 12.",
                        "Peer 1002 has downloaded the complete file.");
    }

    @Test
    void readsWhatItWrites() {
        LogReader reader = new LogReader();
        for (LogEvent event : EVENTS) {
            assertThat(reader.read("[2025-12-03 19:08:04]: " + LogText.of(event)))
                    .hasValueSatisfying(line -> {
                        assertThat(line.event()).isEqualTo(event);
                        assertThat(line.exact()).isTrue();
                    });
        }
    }

    @Test
    void readsOtherHands() {
        LogReader reader = new LogReader();
        for (String line : List.of(
                "12/03/2025 07:08:04 PM: Peer [1001] received the \u2018have\u2019 message from [1002] for the piece [7].",
                "Wed Dec 03 19:08:04 EST 2025: Peer 1001 received the \"have\" message from 1002 for the piece 7",
                "[19:08:04.123]:Peer 1001  received the have message from Peer 1002 for the piece: 7.",
                "2025-12-03T19:08:04Z - PEER 1001 received the 'have' message from 1002 for piece 7.")) {
            assertThat(reader.read(line)).as(line).hasValueSatisfying(read -> {
                assertThat(read.event()).isEqualTo(new LogEvent.Have(1001, 1002, 7));
                assertThat(read.exact()).isFalse();
                assertThat(Math.floorMod(read.seconds(), 86_400L)).isEqualTo(19 * 3600 + 8 * 60 + 4);
            });
        }
        assertThat(reader.read("[19:00:00]: Peer 1 has the preferred neighbors [2, 3 ,4]."))
                .hasValueSatisfying(
                        read -> assertThat(read.event()).isEqualTo(new LogEvent.Prefers(1, List.of(2, 3, 4))));
        assertThat(reader.read("hello")).isEmpty();
        assertThat(reader.read("[19:00:00]: Peer 1 is tired.")).isEmpty();
        assertThat(reader.read("Peer 99999999999 has downloaded the complete file."))
                .isEmpty();
        assertThat(reader.read("Peer 1 ".repeat(LogReader.MAX_LINE))).isEmpty();
    }

    @Test
    void timeGoesOnOverMidnight() {
        LogReader reader = new LogReader();
        long before = reader.read("[23:59:59]: Peer 1 has downloaded the complete file.")
                .orElseThrow()
                .seconds();
        long after = reader.read("[00:00:02]: Peer 1 has downloaded the complete file.")
                .orElseThrow()
                .seconds();

        assertThat(after - before).isEqualTo(3);
    }

    // Runs of three pieces and two peers, good but for one thing.

    private final Common common = new Common(1, 5, 10, "f", new PieceLayout(30, 10));
    private final PeerList peers = new PeerList(List.of(new PeerLine(1, "a", 1, true), new PeerLine(2, "b", 1, false)));
    private final List<String> one = new ArrayList<>(List.of(
            "[10:00:00]: Peer 1 is connected from Peer 2.",
            "[10:00:00]: Peer 1 received the 'interested' message from 2.",
            "[10:00:05]: Peer 1 has the preferred neighbors 2.",
            "[10:00:06]: Peer 1 received the 'have' message from 2 for the piece 1.",
            "[10:00:06]: Peer 1 received the 'have' message from 2 for the piece 0.",
            "[10:00:06]: Peer 1 received the 'have' message from 2 for the piece 2.",
            "[10:00:06]: Peer 1 received the 'not interested' message from 2."));
    private final List<String> two = new ArrayList<>(List.of(
            "[10:00:00]: Peer 2 makes a connection to Peer 1.",
            "[10:00:00]: Peer 2 received the 'not interested' message from 1.",
            "[10:00:05]: Peer 2 is unchoked by 1.",
            "[10:00:06]: Peer 2 has downloaded the piece 1 from 1. Now the number of pieces it has is 1.",
            "[10:00:06]: Peer 2 has downloaded the piece 0 from 1. Now the number of pieces it has is 2.",
            "[10:00:06]: Peer 2 has downloaded the piece 2 from 1. Now the number of pieces it has is 3.",
            "[10:00:06]: Peer 2 has downloaded the complete file."));

    private LogCheck.Report check() {
        Map<Integer, Stream<String>> logs = new TreeMap<>();
        logs.put(1, one.stream());
        logs.put(2, two.stream());
        return LogCheck.check(common, peers, logs);
    }

    private void assertBroken(Rule... rules) {
        assertThat(check().findings()).extracting(Finding::rule).containsOnly(rules);
    }

    @Test
    void aGoodRunBreaksNothing() {
        assertThat(check().findings()).isEmpty();
        assertThat(check().complete()).containsExactly(1, 2);
    }

    @Test
    void unreadableLinesAndMissingLogsAreFound() {
        one.add("[10:00:07]: Peer 1 says good-bye.");
        assertBroken(Rule.READABLE);
        assertThat(LogCheck.check(common, peers, Map.of(1, Stream.<String>of())).findings())
                .extracting(Finding::rule)
                .contains(Rule.READABLE);
    }

    @Test
    void aForeignLogIsFound() {
        one.set(1, "[10:00:00]: Peer 7 received the 'interested' message from 2.");
        assertBroken(Rule.OWN_LOG, Rule.INTERESTED_ONLY);
    }

    @Test
    void aMissingConnectionIsFound() {
        one.removeFirst();
        assertBroken(Rule.CONNECTIONS);
    }

    @Test
    void tooManyPreferredNeighboursAreFound() {
        one.set(2, "[10:00:05]: Peer 1 has the preferred neighbors 2,2.");
        assertBroken(Rule.PREFERRED_COUNT);
    }

    @Test
    void changesThatComeTooSoonAreFound() {
        one.add("[10:00:07]: Peer 1 received the 'interested' message from 2.");
        one.add("[10:00:07]: Peer 1 has the preferred neighbors .");
        one.add("[10:00:08]: Peer 1 has the optimistically unchoked neighbor 2.");
        one.add("[10:00:10]: Peer 1 has the optimistically unchoked neighbor 2.");
        assertBroken(Rule.PREFERRED_INTERVAL, Rule.OPTIMISTIC_INTERVAL);
    }

    @Test
    void whoIsNotInterestedMayNotBePreferred() {
        one.remove(1);
        assertBroken(Rule.INTERESTED_ONLY);
    }

    @Test
    void anUnchokeWithoutAReasonIsFound() {
        one.remove(2);
        assertBroken(Rule.UNCHOKE_FOUNDED);
    }

    @Test
    void servingWhoIsChokedIsFound() {
        two.add(4, "[10:00:06]: Peer 2 is choked by 1.");
        assertBroken(Rule.CHOKED_SERVED);
    }

    @Test
    void aPieceThatComesTwiceIsFound() {
        two.set(5, "[10:00:06]: Peer 2 has downloaded the piece 0 from 1. Now the number of pieces it has is 3.");
        one.remove(5);
        assertBroken(Rule.PIECE_ONCE);
    }

    @Test
    void aWrongCountIsFound() {
        two.set(4, "[10:00:06]: Peer 2 has downloaded the piece 0 from 1. Now the number of pieces it has is 1.");
        assertBroken(Rule.PIECE_COUNT);
    }

    @Test
    void aHaveThatIsNotTrueIsFound() {
        one.set(3, "[10:00:06]: Peer 1 received the 'have' message from 2 for the piece 0.");
        one.set(5, "[10:00:06]: Peer 1 received the 'have' message from 2 for the piece 4.");
        assertBroken(Rule.HAVE_TRUE);
    }

    @Test
    void anEndWithoutTheFileIsFound() {
        two.subList(5, 7).clear();
        one.remove(5);
        assertBroken(Rule.TERMINATION);
    }

    @Test
    void aSilentOrFalseCompletionIsFound() {
        two.removeLast();
        one.add("[10:00:07]: Peer 1 has downloaded the complete file.");
        assertBroken(Rule.COMPLETE);
    }

    @Test
    void aPieceFromOneWhoNeverHadItIsFound() {
        PeerList three = new PeerList(
                List.of(new PeerLine(1, "a", 1, true), new PeerLine(2, "b", 1, false), new PeerLine(3, "c", 1, false)));
        List<String> third = List.of(
                "[10:00:00]: Peer 3 makes a connection to Peer 1.",
                "[10:00:00]: Peer 3 makes a connection to Peer 2.",
                "[10:00:00]: Peer 3 is unchoked by 2.",
                "[10:00:00]: Peer 3 has downloaded the piece 1 from 2. Now the number of pieces it has is 1.");
        two.remove(3);
        assertThat(LogCheck.check(common, three, Map.of(1, one.stream(), 2, two.stream(), 3, third.stream()))
                        .findings())
                .extracting(Finding::rule)
                .contains(Rule.PIECE_SOURCE);
    }

    @Test
    void findingsOfOneKindAreBounded() {
        for (int i = 0; i < 3 * LogCheck.MOST_FINDINGS; i++) {
            one.add("nonsense " + i);
        }
        assertThat(check().findings()).hasSize(LogCheck.MOST_FINDINGS);
        assertThat(check().more()).isEqualTo(2 * LogCheck.MOST_FINDINGS);
    }
}
