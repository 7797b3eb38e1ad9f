package dev.spate.classic.course.log;

import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One log from its first line to its last: what it shows alone, and what others' logs are compared with. */
final class LogWalk {
    /** Times are whole seconds, and rounds may be late. */
    private static final long GRACE_SECONDS = 1;

    /** What this log knows of a neighbour. */
    private static final class Known {
        boolean connected;
        boolean interested;
        boolean chokesUs = true;
    }

    private final LogCheck check;
    private final Common common;
    private final PeerList peers;
    private final PeerLine line;
    private final int pieces;
    private final Map<Integer, Known> known = new HashMap<>();
    private final Set<Integer> connectedTo = new HashSet<>();
    private final Set<Integer> connectedFrom = new HashSet<>();
    private final Set<Integer> everChosen = new HashSet<>();
    private final Map<Integer, Integer> unchokes = new HashMap<>();
    // Bits, since a log of a large file has a line for each piece and neighbour.
    private final BitSet downloaded = new BitSet();
    private final BitSet sinceRestart = new BitSet();
    private final Map<Integer, BitSet> sources = new HashMap<>();
    private final Map<Integer, BitSet> haves = new HashMap<>();
    private final Map<Integer, BitSet> havesSinceRestart = new HashMap<>();
    private long preferredAt = LogLine.NO_TIME;
    private long optimisticAt = LogLine.NO_TIME;
    private List<Integer> preferred = List.of();
    private int count = -1;
    private int completions;
    private int lastCount;

    LogWalk(LogCheck check, Common common, PeerList peers, PeerLine line) {
        this.check = check;
        this.common = common;
        this.peers = peers;
        this.line = line;
        this.pieces = common.layout().pieces();
    }

    void line(LogLine read) {
        LogEvent event = read.event();
        if (event.self() != line.id()) {
            broken(Rule.OWN_LOG, read, "it speaks of peer " + event.self());
            return;
        }
        switch (event) {
            case LogEvent.Connects(int _, var other) -> {
                if (isPeer(read, other)) {
                    connected(other);
                    connectedTo.add(other);
                }
            }
            case LogEvent.IsConnected(int _, var other) -> {
                if (isPeer(read, other)) {
                    connected(other);
                    connectedFrom.add(other);
                }
            }
            case LogEvent.Prefers(int _, var neighbours) -> prefers(read, neighbours);
            case LogEvent.Optimistic(int _, var other) -> {
                if (isPeer(read, other)) {
                    optimisticAt = turn(read, Rule.OPTIMISTIC_INTERVAL, optimisticAt, common.optimisticSeconds());
                    chosen(read, other);
                }
            }
            case LogEvent.Unchoked(int _, var other) -> {
                if (isPeer(read, other)) {
                    known(other).chokesUs = false;
                    unchokes.putIfAbsent(other, read.number());
                }
            }
            case LogEvent.Choked(int _, var other) -> {
                if (isPeer(read, other)) {
                    known(other).chokesUs = true;
                }
            }
            case LogEvent.Interested(int _, var other) -> {
                if (isPeer(read, other)) {
                    known(other).interested = true;
                }
            }
            case LogEvent.NotInterested(int _, var other) -> {
                if (isPeer(read, other)) {
                    known(other).interested = false;
                }
            }
            case LogEvent.Have(int _, var other, var piece) -> have(read, other, piece);
            case LogEvent.Downloaded(int _, var other, var piece, var now) -> downloaded(read, other, piece, now);
            case LogEvent.Complete _ -> complete(read);
        }
    }

    /** A second connection with the same neighbour: it, or this peer itself, was started again. */
    private void connected(int other) {
        if (known(other).connected) {
            preferredAt = LogLine.NO_TIME;
            optimisticAt = LogLine.NO_TIME;
            preferred = List.of();
            count = -1;
            sinceRestart.clear();
        }
        Known fresh = new Known();
        fresh.connected = true;
        known.put(other, fresh);
        havesSinceRestart.remove(other);
    }

    private void prefers(LogLine read, List<Integer> neighbours) {
        if (neighbours.size() > common.preferredNeighbours()) {
            broken(
                    Rule.PREFERRED_COUNT,
                    read,
                    neighbours.size() + " preferred neighbours where k is " + common.preferredNeighbours());
        }
        if (neighbours.stream().distinct().count() < neighbours.size()) {
            broken(Rule.PREFERRED_COUNT, read, "a neighbour is in the list twice");
        }
        List<Integer> sorted = neighbours.stream().sorted().toList();
        if (sorted.equals(preferred)) {
            // It did not change; some groups log each round.
            return;
        }
        preferred = sorted;
        preferredAt = turn(read, Rule.PREFERRED_INTERVAL, preferredAt, common.unchokingSeconds());
        for (int other : neighbours) {
            if (isPeer(read, other)) {
                chosen(read, other);
            }
        }
    }

    private long turn(LogLine read, Rule rule, long former, int interval) {
        if (read.seconds() != LogLine.NO_TIME && former != LogLine.NO_TIME) {
            long after = read.seconds() - former;
            if (after >= 0 && after < interval - GRACE_SECONDS) {
                broken(rule, read, "a change after " + after + " seconds, and the interval is " + interval);
            }
        }
        return read.seconds();
    }

    private void chosen(LogLine read, int other) {
        everChosen.add(other);
        if (!known(other).interested) {
            broken(Rule.INTERESTED_ONLY, read, other + " was chosen and is not interested");
        }
    }

    private void have(LogLine read, int other, int piece) {
        if (!isPeer(read, other)) {
            return;
        }
        if (piece >= pieces) {
            broken(Rule.HAVE_TRUE, read, "there is no piece " + piece + " of " + pieces);
            return;
        }
        BitSet lately = havesSinceRestart.computeIfAbsent(other, _ -> new BitSet());
        if (lately.get(piece)) {
            broken(Rule.HAVE_TRUE, read, other + " told of piece " + piece + " before");
        }
        lately.set(piece);
        haves.computeIfAbsent(other, _ -> new BitSet()).set(piece);
    }

    private void downloaded(LogLine read, int other, int piece, int now) {
        if (!isPeer(read, other)) {
            return;
        }
        if (piece >= pieces) {
            broken(Rule.PIECE_ONCE, read, "there is no piece " + piece + " of " + pieces);
            return;
        }
        if (sinceRestart.get(piece)) {
            broken(Rule.PIECE_ONCE, read, "piece " + piece + " was downloaded before");
        }
        sinceRestart.set(piece);
        downloaded.set(piece);
        sources.computeIfAbsent(other, _ -> new BitSet()).set(piece);
        if (known(other).chokesUs) {
            broken(Rule.CHOKED_SERVED, read, "piece " + piece + " came from " + other + ", which chokes it");
        }
        // A log may begin with pieces of a former run, and so does one that goes on after a restart.
        boolean counted = count < 0 ? now >= 1 : now == count + 1;
        if (!counted || now > pieces) {
            broken(
                    Rule.PIECE_COUNT,
                    read,
                    "the number of pieces is " + now + (count < 0 ? "" : " after " + count) + ", of " + pieces);
        }
        count = now;
        lastCount = now;
    }

    private void complete(LogLine read) {
        completions++;
        if (line.hasFile()) {
            broken(Rule.COMPLETE, read, "it has the file from the start");
        } else if (completions > 1) {
            broken(Rule.COMPLETE, read, "it said so before");
        } else if (lastCount != pieces) {
            broken(Rule.COMPLETE, read, "it has " + lastCount + " of " + pieces + " pieces");
        }
    }

    /** Behind the last line. */
    void end() {
        if (line.hasFile()) {
            return;
        }
        if (completions == 0 && lastCount == pieces) {
            check.found(Rule.COMPLETE, line.id(), 0, "it has all pieces and does not log that it is complete");
        }
        if (!isComplete()) {
            check.found(Rule.TERMINATION, line.id(), 0, "it ends with " + lastCount + " of " + pieces + " pieces");
        }
    }

    private boolean isPeer(LogLine read, int other) {
        boolean good = other != line.id() && peers.find(other).isPresent();
        if (!good) {
            broken(
                    Rule.OWN_LOG,
                    read,
                    other == line.id() ? "it names itself as a neighbour" : "there is no peer " + other);
        }
        return good;
    }

    private Known known(int other) {
        return known.computeIfAbsent(other, _ -> new Known());
    }

    private void broken(Rule rule, LogLine read, String what) {
        check.found(rule, line.id(), read.number(), what);
    }

    int id() {
        return line.id();
    }

    PeerLine line() {
        return line;
    }

    boolean isComplete() {
        return line.hasFile() || completions > 0 || lastCount == pieces;
    }

    /** Whom it connected to. */
    Set<Integer> connectedTo() {
        return connectedTo;
    }

    /** Who connected to it. */
    Set<Integer> connectedFrom() {
        return connectedFrom;
    }

    /** Who was its preferred or optimistic neighbour at some time. */
    Set<Integer> everChosen() {
        return everChosen;
    }

    /** Who unchoked it. */
    Set<Integer> unchokedBy() {
        return unchokes.keySet();
    }

    int lineOfUnchoke(int other) {
        return unchokes.getOrDefault(other, 0);
    }

    /** Every piece that it ever downloaded. */
    BitSet downloaded() {
        return downloaded;
    }

    /** The pieces that came from a peer. */
    BitSet downloadedFrom(int other) {
        return sources.getOrDefault(other, new BitSet());
    }

    /** The pieces that a peer told of. */
    BitSet haves(int other) {
        return haves.getOrDefault(other, new BitSet());
    }
}
