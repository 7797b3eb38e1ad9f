package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for the nodes that are nearest to a target, of one family: asks those that are known for nearer ones, until the
 * eight nearest that there are have answered.
 */
final class Lookup {
    /*
     *   UNASKED ── ask ──► ASKED ── answer ──► ANSWERED
     *                       │  ▲                  ▲
     *                  1 s  ▼  │ (not any more)   │ answer
     *                      SLOW ──────────────────┘
     *                       │ 15 s, refusal, somebody else
     *                       ▼
     *                     FAILED
     *
     * The search looks at the candidates from the nearest one on, passing over those that failed or are slow, until it has
     * seen eight that answered. Whom it meets on the way is asked, five at a time; when nobody is left to be asked or waited
     * for, it is over. Slow ones are not waited for: with a few dead nodes in each answer that would cost fifteen seconds each.
     *
     * Liars tell of nodes that are not there, nearer than any that is, and of nodes that are there under wrong names. Of each answer
     * the eight nearest count; of each owner of addresses one may be in the result, and three may be tried, so that the right name
     * of a node finds room beside wrong ones; who answers under another name is a candidate by that.
     */

    /** How many are asked at a time. */
    static final int BRANCHING = 5;

    /** No more candidates are remembered, the nearest ones. */
    static final int MAX_CANDIDATES = 128;

    /** Nor more queries sent: a search in a DHT of ten million nodes takes some forty. */
    static final int MAX_QUERIES = 256;

    /** So many candidates may have one owner. */
    private static final int TRIES_A_PLACE = 3;

    /** What the search is good for. */
    interface Purpose {
        Question question(NodeId target);

        /** A node has answered; returns whether to go on. */
        boolean heard(Lookup lookup, NodeInfo node, Results results, long now);

        /** All have answered; returns whether to ask the nearest ones once more. */
        boolean asksAgain(Lookup lookup);

        /** The search has ended, which it does once. */
        void ended(Lookup lookup, long now);
    }

    /** A node that may be one of the nearest. */
    final class Candidate implements Queries.Reply {
        final NodeInfo node;
        final int hops;
        private State state = State.UNASKED;
        /** What it answered; null before. */
        @Nullable
        Results results;

        Candidate(NodeInfo node, int hops) {
            this.node = node;
            this.hops = hops;
        }

        @Override
        public void answered(KrpcMessage.Answer answer, long now) {
            leave();
            heardFrom(this, answer.results(), now);
        }

        @Override
        public void refused(long code, long now) {
            silent(now);
        }

        @Override
        public void silent(long now) {
            leave();
            state = State.FAILED;
            step(now);
        }

        @Override
        public void misnamed(KrpcMessage.Answer answer, long now) {
            leave();
            state = State.FAILED;
            Candidate real = learn(new NodeInfo(answer.id(), node.address()), hops);
            if (real != null) {
                heardFrom(real, answer.results(), now);
            } else {
                step(now);
            }
        }

        @Override
        public void slow(long now) {
            leave();
            state = State.SLOW;
            step(now);
        }

        private void leave() {
            if (state == State.ASKED) {
                inFlight--;
            }
        }

        @Nullable
        Bytes token() {
            return results == null ? null : results.token();
        }
    }

    /** An address of which it is not known who is there; asked where nobody else is known. */
    private final class Door implements Queries.Reply {
        private final PeerAddress address;
        private boolean waiting = true;

        Door(PeerAddress address) {
            this.address = address;
        }

        @Override
        public void answered(KrpcMessage.Answer answer, long now) {
            leave();
            Candidate candidate = learn(new NodeInfo(answer.id(), address), 0);
            if (candidate != null) {
                heardFrom(candidate, answer.results(), now);
            } else {
                step(now);
            }
        }

        @Override
        public void refused(long code, long now) {
            silent(now);
        }

        @Override
        public void silent(long now) {
            leave();
            step(now);
        }

        @Override
        public void slow(long now) {
            leave();
            step(now);
        }

        private void leave() {
            if (waiting) {
                waiting = false;
                inFlight--;
                doorsAsked--;
            }
        }
    }

    private enum State {
        UNASKED,
        ASKED,
        SLOW,
        ANSWERED,
        FAILED
    }

    final Half half;
    final NodeId target;
    private final Purpose purpose;

    /** The nearest one first. */
    private final List<Candidate> candidates = new ArrayList<>();

    /** How many candidates each owner has. Never walked through. */
    private final Map<Object, Integer> tries = new HashMap<>();

    /** Of those that have answered. Never walked through. */
    private final Set<Object> answeredPlaces = new HashSet<>();

    private final List<PeerAddress> doors = new ArrayList<>();
    private int doorsAsked;
    private int inFlight;
    private int queries;
    private int answers;
    private boolean askedAgain;
    private boolean ended;

    Lookup(Half half, NodeId target, Purpose purpose) {
        this.half = half;
        this.target = target;
        this.purpose = purpose;
    }

    /** Begins with the nearest nodes of the table, and addresses to fall back to. */
    void begin(List<NodeInfo> known, List<PeerAddress> doorsToTry, long now) {
        for (NodeInfo node : known) {
            learn(node, 0);
        }
        doors.addAll(doorsToTry);
        step(now);
    }

    /** Ends before it has begun. */
    void giveUp(long now) {
        ended = true;
        purpose.ended(this, now);
    }

    /** The nearest that answered, the nearest one first. */
    List<Candidate> closest() {
        return candidates.stream()
                .filter(candidate -> candidate.state == State.ANSWERED)
                .limit(RoutingTable.K)
                .toList();
    }

    int queries() {
        return queries;
    }

    int answers() {
        return answers;
    }

    /** How many nodes in a row told of the next until the nearest one was known. */
    int hops() {
        List<Candidate> closest = closest();
        return closest.isEmpty() ? 0 : closest.getFirst().hops + 1;
    }

    private void heardFrom(Candidate candidate, Results results, long now) {
        answers++;
        boolean first = answeredPlaces.add(Addresses.place(candidate.node.address()));
        candidate.state = first ? State.ANSWERED : State.FAILED;
        candidate.results = results;
        if (ended) {
            return;
        }
        List<NodeInfo> told = half.family() == Family.IPV4 ? results.nodes() : results.nodes6();
        if (told != null) {
            learnNearest(told, candidate);
        }
        if (purpose.heard(this, candidate.node, results, now)) {
            step(now);
        } else {
            end(now);
        }
    }

    private void learnNearest(List<NodeInfo> told, Candidate teller) {
        List<NodeInfo> nearest = told;
        if (told.size() > RoutingTable.K) {
            nearest = told.stream()
                    .sorted((a, b) -> target.compareDistance(a.id(), b.id()))
                    .limit(RoutingTable.K)
                    .toList();
        }
        for (NodeInfo node : nearest) {
            if (Addresses.isReachable(node.address(), teller.node.address().ip()) && !half.isUs(node)) {
                learn(node, teller.hops + 1);
            }
        }
    }

    /** Takes a node for a candidate; null if it is one already, or there are enough nearer ones. */
    private @Nullable Candidate learn(NodeInfo node, int hops) {
        Object place = Addresses.place(node.address());
        if (tries.getOrDefault(place, 0) == TRIES_A_PLACE) {
            return null;
        }
        int at = candidates.size();
        while (at > 0
                && target.compareDistance(node.id(), candidates.get(at - 1).node.id()) < 0) {
            at--;
        }
        if (at > 0 && candidates.get(at - 1).node.id().equals(node.id())) {
            return null;
        }
        if (candidates.size() == MAX_CANDIDATES) {
            Candidate farthest = candidates.getLast();
            if (at == candidates.size() || farthest.state == State.ASKED) {
                return null;
            }
            candidates.removeLast();
            tries.merge(Addresses.place(farthest.node.address()), -1, Integer::sum);
        }
        tries.merge(place, 1, Integer::sum);
        Candidate candidate = new Candidate(node, hops);
        candidates.add(at, candidate);
        return candidate;
    }

    private void step(long now) {
        if (ended) {
            return;
        }
        int answered = 0;
        boolean waiting = doorsAsked > 0;
        for (int i = 0; i < candidates.size() && answered < RoutingTable.K; i++) {
            Candidate candidate = candidates.get(i);
            switch (candidate.state) {
                case ANSWERED -> answered++;
                case ASKED -> waiting = true;
                case UNASKED -> {
                    if (inFlight < BRANCHING && queries < MAX_QUERIES) {
                        ask(candidate, now);
                    }
                    waiting |= inFlight > 0;
                }
                case SLOW, FAILED -> {}
            }
        }
        while (answered + inFlight < RoutingTable.K && inFlight < BRANCHING && !doors.isEmpty()) {
            PeerAddress door = doors.removeFirst();
            Door reply = new Door(door);
            if (half.ask(door, null, purpose.question(target), reply, now)) {
                queries++;
                inFlight++;
                doorsAsked++;
                waiting = true;
            }
        }
        if (!waiting) {
            end(now);
        }
    }

    private void ask(Candidate candidate, long now) {
        NodeInfo node = candidate.node;
        if (half.ask(node.address(), node.id(), purpose.question(target), candidate, now)) {
            candidate.state = State.ASKED;
            inFlight++;
            queries++;
        } else {
            candidate.state = State.FAILED;
        }
    }

    private void end(long now) {
        if (!askedAgain && queries < MAX_QUERIES && purpose.asksAgain(this)) {
            askedAgain = true;
            for (Candidate candidate : closest()) {
                candidate.state = State.UNASKED;
                answeredPlaces.remove(Addresses.place(candidate.node.address()));
            }
            step(now);
            return;
        }
        ended = true;
        purpose.ended(this, now);
        half.lookups().ended(now);
    }
}
