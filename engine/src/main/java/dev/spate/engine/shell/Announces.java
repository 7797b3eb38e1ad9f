package dev.spate.engine.shell;

import dev.spate.core.announce.AnnounceOrder;
import dev.spate.core.swarm.Effect;
import dev.spate.core.swarm.SwarmIdentity;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceOutcome;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.AnnounceRequest;
import java.util.concurrent.RejectedExecutionException;

/** Carries announces to trackers and their answers back to the swarm. Confined to its lane. */
final class Announces {
    private final SwarmRunner runner;
    private final SwarmIdentity identity;
    private final TrackerClient trackers;

    Announces(SwarmRunner runner, SwarmIdentity identity, TrackerClient trackers) {
        this.runner = runner;
        this.identity = identity;
        this.trackers = trackers;
    }

    void make(Effect.Announce announce) {
        AnnounceOrder order = announce.order();
        AnnounceRequest request = order.request(
                identity.infoHash(),
                identity.peerId(),
                identity.listenPort(),
                announce.uploaded(),
                announce.downloaded(),
                announce.left());
        try {
            trackers.announce(order.url(), order.route(), request, runner.lane(), reply -> {
                replied(order, reply);
                runner.drain();
            });
        } catch (RejectedExecutionException e) {
            replied(order, new TrackerReply.Failed<>("too many announces wait"));
        }
    }

    private void replied(AnnounceOrder order, TrackerReply<AnnounceOutcome> reply) {
        switch (reply) {
            case TrackerReply.Answered<AnnounceOutcome>(AnnounceAnswer answer) -> {
                runner.gathering().announceAnswered(order.order(), answer, runner.now());
                runner.listener().trackerAnswered(order.url(), answer.peers().size());
            }
            case TrackerReply.Answered<AnnounceOutcome>(AnnounceRefusal refusal) -> {
                runner.gathering().announceRefused(order.order(), refusal, runner.now());
                runner.listener().trackerFailed(order.url(), refusal.reason());
            }
            case TrackerReply.NoRoute<AnnounceOutcome>(String reason) ->
                runner.gathering().announceFailed(order.order(), reason, runner.now());
            case TrackerReply.Failed<AnnounceOutcome>(String reason) -> {
                runner.gathering().announceFailed(order.order(), reason, runner.now());
                runner.listener().trackerFailed(order.url(), reason);
            }
        }
    }
}
