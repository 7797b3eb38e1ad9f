package dev.spate.engine;

import java.util.ArrayList;
import java.util.List;

/** Finds the reasons why a torrent does not go on, the most telling first. A pure function of a {@link Situation}. */
final class Diagnosis {

    /** Below this a limit on the rate is a reason by itself: a block takes longer than a second. */
    static final long SLOW = 16 << 10;

    private final Situation situation;
    private final List<Hindrance> reasons = new ArrayList<>();

    private Diagnosis(Situation situation) {
        this.situation = situation;
    }

    /** Empty if the torrent goes on, or has all that it wants. */
    static List<Hindrance> of(Situation situation) {
        Diagnosis diagnosis = new Diagnosis(situation);
        diagnosis.find();
        return List.copyOf(diagnosis.reasons);
    }

    private void find() {
        switch (situation.state()) {
            case SEEDING -> {}
            case PAUSED -> {
                if (!situation.complete()) {
                    reasons.add(new Hindrance.Paused());
                }
            }
            case QUEUED ->
                situation
                        .queue()
                        .ifPresent(place ->
                                reasons.add(new Hindrance.Queued(place.complete(), place.limit(), place.ahead())));
            case CHECKING -> checking(situation.look());
            case MOVING -> reasons.add(new Hindrance.Moving());
            case FAILED -> situation.failure().ifPresent(failure -> reasons.add(new Hindrance.Failed(failure)));
            case REMOVED -> reasons.add(new Hindrance.Ended());
            case FETCHING_METADATA -> metadata();
            case DOWNLOADING -> download();
        }
    }

    private void checking(Situation.Look look) {
        if (look.roomless() > 0) {
            reasons.add(new Hindrance.TakingRoom(look.roomless()));
        } else if (look.ahead() > 0) {
            reasons.add(new Hindrance.CheckAwaited(look.ahead()));
        } else {
            reasons.add(new Hindrance.Checking(look.checkedPieces(), situation.pieces()));
        }
    }

    private void metadata() {
        Situation.Metadata metadata = situation.metadata();
        int peers = situation.peers().connected();
        if (peers == 0) {
            nobody();
        } else if (metadata.offering() == 0) {
            reasons.add(new Hindrance.NobodyOffersMetadata(peers));
            elsewhere();
        } else if (metadata.refusing() >= metadata.offering()) {
            reasons.add(new Hindrance.MetadataRefused(metadata.refusing()));
        } else {
            reasons.add(new Hindrance.MetadataAwaited(metadata.offering()));
        }
    }

    private void download() {
        for (Situation.RateLimit limit : situation.rateLimits()) {
            if (limit.bytesPerSecond() < SLOW) {
                reasons.add(new Hindrance.RateLimited(limit.level(), limit.bytesPerSecond()));
            }
        }
        if (situation.downloadRate() > 0) {
            return;
        }
        Situation.Memory memory = situation.memory();
        if (memory.waiting() > 0) {
            reasons.add(new Hindrance.MemorySpent(memory.usedBytes(), memory.limitBytes()));
        }
        Situation.Peers peers = situation.peers();
        if (peers.connected() == 0) {
            nobody();
            return;
        }
        if (peers.interesting() > 0 && peers.choking() == peers.interesting()) {
            reasons.add(new Hindrance.AllChoke(peers.choking()));
        } else if (peers.interesting() > 0 && reasons.isEmpty()) {
            reasons.add(new Hindrance.PeersSilent(peers.interesting() - peers.choking()));
        }
        Situation.Needs needs = situation.needs();
        if (needs.nowhere() > 0) {
            reasons.add(new Hindrance.NobodyHas(needs.missing(), needs.nowhere(), needs.copies()));
        }
        if (peers.interesting() == 0) {
            elsewhere();
        }
    }

    /** Nobody is connected. */
    private void nobody() {
        Situation.Sources sources = situation.sources();
        int trying = sources.ready() + situation.peers().connecting();
        boolean full = sources.ofTorrent().isFull() || sources.ofSession().isFull();
        if (trying > 0 && !full) {
            reasons.add(new Hindrance.Connecting(trying));
        }
        if (sources.trackers().isEmpty()
                && sources.dht().isEmpty()
                && trying + sources.failing() + sources.resting() == 0) {
            reasons.add(new Hindrance.NobodyToAsk());
        }
        elsewhere();
    }

    /** Why nobody else comes. */
    private void elsewhere() {
        Situation.Sources sources = situation.sources();
        if (sources.failing() > 0) {
            reasons.add(new Hindrance.PeersUnreachable(sources.failing(), sources.trouble()));
        }
        if (sources.resting() > 0 && situation.peers().connected() == 0) {
            reasons.add(new Hindrance.PeersGone(sources.resting()));
        }
        if (sources.filtered() > 0) {
            reasons.add(new Hindrance.ShutOutByFilter(sources.filtered()));
        }
        if (sources.banned() > 0) {
            reasons.add(new Hindrance.Banned(sources.banned()));
        }
        if (sources.ofTorrent().isFull()) {
            reasons.add(new Hindrance.TooManyConnections(sources.ofTorrent().limit(), false));
        }
        if (sources.ofSession().isFull()) {
            reasons.add(new Hindrance.TooManyConnections(sources.ofSession().limit(), true));
        }
        // Each way to find peers says here why it found nobody; a further one gets a part of Sources and a method
        // below.
        trackers(sources.trackers());
        sources.dht().map(Diagnosis::of).ifPresent(reasons::add);
        if (situation.isPrivate() && sources.trackers().stream().noneMatch(TrackerStats::works)) {
            reasons.add(new Hindrance.OnlyTrackersMayTell());
        }
    }

    private static Hindrance of(Situation.DhtSearch dht) {
        if (!dht.over()) {
            return new Hindrance.DhtAwaited();
        }
        return dht.nodes() == 0 ? new Hindrance.DhtUnreachable() : new Hindrance.DhtKnowsNobody(dht.nodes());
    }

    private void trackers(List<TrackerStats> trackers) {
        for (TrackerStats tracker : trackers) {
            String message = tracker.message().orElse("no reason is known");
            switch (tracker.state()) {
                case GIVEN_UP -> reasons.add(new Hindrance.TrackerGivenUp(tracker.url(), message));
                case FAILING -> failing(tracker, message);
                case WORKING -> reasons.add(new Hindrance.TrackerKnowsNobody(tracker.url()));
                case ASKED -> {
                    if (tracker.failures() > 0) {
                        failing(tracker, message);
                    } else {
                        reasons.add(new Hindrance.TrackerAwaited(tracker.url()));
                    }
                }
                // Those before it answer, or fail and say so themselves.
                case IDLE -> {}
            }
        }
    }

    private void failing(TrackerStats tracker, String message) {
        reasons.add(
                tracker.refused()
                        ? new Hindrance.TrackerRefuses(tracker.url(), message)
                        : new Hindrance.TrackerUnreachable(tracker.url(), message, tracker.failures()));
    }
}
