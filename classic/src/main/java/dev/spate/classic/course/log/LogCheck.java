package dev.spate.classic.course.log;

import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.wire.PlainText;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Holds the logs of a run against the {@linkplain Rule rules}. Pure.
 *
 * <p>Implementation note: each log is walked once ({@link LogWalk}) for what it shows alone; then the logs are compared for what takes two:
 * connections, unchokes, sources, haves. No two clocks are compared, since peers run on different hosts, and intervals get a second's
 * grace, since times are whole seconds. Where a connection is logged a second time for the same pair somebody was started again: what
 * was known of that neighbour then, the turns of choking and the number of pieces begin anew.
 */
public final class LogCheck {
    /** Of one rule in one log, more would only repeat it. */
    public static final int MOST_FINDINGS = 10;

    /**
     * What came of it.
     *
     * @param findings what broke which rule, in the order of the peers; {@link #MOST_FINDINGS} of a rule in a log at most
     * @param more how many findings were left out
     * @param inexact for each peer how many lines differ from the project text in form only
     * @param complete the peers that have the file at the end
     */
    public record Report(List<Finding> findings, int more, Map<Integer, Integer> inexact, List<Integer> complete) {
        public Report {
            findings = List.copyOf(findings);
            complete = List.copyOf(complete);
        }

        /** Whether no rule was broken. */
        public boolean good() {
            return findings.isEmpty();
        }
    }

    private final Common common;
    private final PeerList peers;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Integer, Map<Rule, Integer>> counts = new HashMap<>();
    private int more;

    private LogCheck(Common common, PeerList peers) {
        this.common = common;
        this.peers = peers;
    }

    /**
     * Checks a run.
     *
     * @param logs the lines of each peer's log, by its id, each read once; of a peer that is not in it there is no log
     */
    public static Report check(Common common, PeerList peers, Map<Integer, Stream<String>> logs) {
        return new LogCheck(common, peers).check(logs);
    }

    private Report check(Map<Integer, Stream<String>> logs) {
        Map<Integer, LogWalk> walks = new TreeMap<>();
        Map<Integer, Integer> inexact = new TreeMap<>();
        for (PeerLine line : peers.peers()) {
            Stream<String> log = logs.get(line.id());
            if (log == null) {
                found(Rule.READABLE, line.id(), 0, "there is no such file");
                continue;
            }
            LogWalk walk = new LogWalk(this, common, peers, line);
            LogReader reader = new LogReader();
            int number = 0;
            for (Iterator<String> lines = log.iterator(); lines.hasNext(); ) {
                String text = lines.next();
                number++;
                Optional<LogLine> read = reader.read(text);
                if (read.isPresent()) {
                    walk.line(read.get());
                    if (!read.get().exact()) {
                        inexact.merge(line.id(), 1, Integer::sum);
                    }
                } else if (!text.isBlank()) {
                    found(Rule.READABLE, line.id(), number, "not a line of the project: " + quoted(text));
                }
            }
            if (number == 0) {
                found(Rule.READABLE, line.id(), 0, "it is empty");
            }
            walk.end();
            walks.put(line.id(), walk);
        }
        walks.values().forEach(walk -> compare(walk, walks));
        List<Integer> complete = walks.values().stream()
                .filter(LogWalk::isComplete)
                .map(LogWalk::id)
                .toList();
        return new Report(findings, more, inexact, complete);
    }

    private static String quoted(String text) {
        return "'" + PlainText.of(text, 80) + "'";
    }

    void found(Rule rule, int peer, int line, String what) {
        int count = counts.computeIfAbsent(peer, _ -> new EnumMap<>(Rule.class)).merge(rule, 1, Integer::sum);
        if (count <= MOST_FINDINGS) {
            findings.add(new Finding(rule, peer, line, what));
        } else {
            more++;
        }
    }

    /** What one log says of others, against what theirs say. */
    private void compare(LogWalk walk, Map<Integer, LogWalk> walks) {
        int self = walk.id();
        for (PeerLine line : peers.peers()) {
            LogWalk other = walks.get(line.id());
            if (line.id() == self) {
                continue;
            }
            boolean earlier = peers.peers().indexOf(line) < peers.peers().indexOf(walk.line());
            if (earlier && !walk.connectedTo().contains(line.id())) {
                found(
                        Rule.CONNECTIONS,
                        self,
                        0,
                        "it never connected to " + line.id() + ", which is on an earlier line");
            }
            if (other == null) {
                continue;
            }
            if (walk.connectedTo().contains(line.id()) && !other.connectedFrom().contains(self)) {
                found(Rule.CONNECTIONS, line.id(), 0, "it did not log the connection from " + self);
            }
            if (walk.unchokedBy().contains(line.id()) && !other.everChosen().contains(self)) {
                found(
                        Rule.UNCHOKE_FOUNDED,
                        self,
                        walk.lineOfUnchoke(line.id()),
                        line.id() + " unchoked it, and its log never has it as preferred or optimistic neighbour");
            }
            if (!line.hasFile()) {
                compareSource(walk, other);
            }
            compareHaves(walk, other);
        }
    }

    private void compareSource(LogWalk walk, LogWalk source) {
        lacking(walk.downloadedFrom(source.id()), source)
                .forEach(piece -> found(
                        Rule.PIECE_SOURCE,
                        walk.id(),
                        0,
                        "piece " + piece + " came from " + source.id() + ", which never downloaded it"));
    }

    private void compareHaves(LogWalk walk, LogWalk teller) {
        lacking(walk.haves(teller.id()), teller)
                .forEach(piece -> found(
                        Rule.HAVE_TRUE,
                        walk.id(),
                        0,
                        teller.id() + " told of piece " + piece + ", which it never downloaded"));
    }

    private static IntStream lacking(BitSet pieces, LogWalk at) {
        BitSet lacking = (BitSet) pieces.clone();
        lacking.andNot(at.downloaded());
        return lacking.stream();
    }
}
