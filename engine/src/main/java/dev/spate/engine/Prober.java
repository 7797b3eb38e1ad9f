package dev.spate.engine;

import dev.spate.engine.probe.FetchOutcome;
import dev.spate.engine.probe.FetchWatcher;
import dev.spate.engine.probe.ProbeOptions;
import dev.spate.engine.probe.ProbeResult;
import dev.spate.engine.shell.Gate;
import dev.spate.engine.shell.WayOut;
import dev.spate.engine.talk.Conversations;
import dev.spate.engine.talk.PeerDialer;
import dev.spate.engine.talk.PeerProbe;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.metainfo.Metainfo;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the peers of a torrent without taking part in its swarm, and fetches it from a single one of them. Its methods wait, and an
 * interrupt ends them; cheap on virtual threads. For any thread.
 *
 * <pre>{@code
 * Prober prober = session.prober(metainfo);
 * List<PeerAddress> peers = prober.findPeers(true, Duration.ofSeconds(10));
 * prober.probe(peers, ProbeOptions.DEFAULTS, result -> System.out.println(result.peer() + ": " + result.stage()));
 * }</pre>
 */
public final class Prober {
    private final Session session;
    private final Metainfo metainfo;
    private final PeerId sessionId;
    private final WayOut way;
    private final Gate gate;
    private final PeerSearch search;

    Prober(Session session, Metainfo metainfo, PeerId sessionId, WayOut way, Gate gate, PeerSearch search) {
        this.session = session;
        this.metainfo = metainfo;
        this.sessionId = sessionId;
        this.way = way;
        this.gate = gate;
        this.search = search;
    }

    /**
     * Asks who is in the swarm: the torrent's trackers, all of them at once, and unless it is private the DHT and the program's
     * finders, as far as the session has them.
     *
     * @param askTrackers whether the trackers are asked
     * @return at most 2,000 addresses, those that are known when all have answered or the time is over
     */
    public List<PeerAddress> findPeers(boolean askTrackers, Duration atMost) throws InterruptedException {
        return search.find(askTrackers, atMost);
    }

    /**
     * Looks at peers, many at the same time.
     *
     * @param listener told of each when it is done, on the caller's thread
     * @return all of it, in the order in which it came
     */
    public List<ProbeResult> probe(
            List<PeerAddress> peers, ProbeOptions options, Consumer<? super ProbeResult> listener)
            throws InterruptedException {
        List<ProbeResult> results = new ArrayList<>();
        Conversations.untilEnough(peers, options.atOnce(), look(options)::look, result -> {
            results.add(result);
            listener.accept(result);
            return false;
        });
        return results;
    }

    /**
     * Looks at peers until one is found that has everything and serves, and fetches from that one alone what is missing of a torrent of
     * the session; when it fails, for whatever reason, from the next. What was verified is kept.
     *
     * @param torrent one that was added with {@link AddOptions#onlyWith}, of the same metainfo
     * @param patience how long a peer may send nothing
     * @throws SpateException if the torrent fails or is removed
     */
    public FetchOutcome fetch(
            Torrent torrent, List<PeerAddress> peers, ProbeOptions options, Duration patience, FetchWatcher watcher)
            throws InterruptedException {
        if (!torrent.infoHash().equals(metainfo.infoHash())
                || !(torrent.life() instanceof TorrentLife life)
                || !life.isExclusive()) {
            throw new SpateException.Refused(torrent.name() + " was not added to deal with single peers only");
        }
        try (SingleSource source = new SingleSource(session, torrent, life, patience)) {
            if (source.isComplete()) {
                return new FetchOutcome.Complete(Optional.empty());
            }
            AtomicReference<@Nullable PeerAddress> last = new AtomicReference<>();
            AtomicInteger tried = new AtomicInteger();
            boolean got = Conversations.untilEnough(peers, options.atOnce(), look(options)::look, result -> {
                watcher.probed(result);
                if (!result.isSource()) {
                    return false;
                }
                tried.incrementAndGet();
                last.set(result.peer());
                watcher.chosen(result.peer());
                Optional<String> trouble = source.fetchFrom(result.peer());
                trouble.ifPresent(why -> watcher.failed(result.peer(), why));
                return trouble.isEmpty();
            });
            return got
                    ? new FetchOutcome.Complete(Optional.ofNullable(last.get()))
                    : new FetchOutcome.NobodyServed(tried.get());
        }
    }

    private PeerProbe look(ProbeOptions options) {
        SecureRandom random = new SecureRandom();
        return new PeerProbe(
                metainfo,
                new PeerProbe.Names(PeerId.random(Version.PEER_ID_PREFIX, random), sessionId, Version.USER_AGENT),
                new PeerDialer(way),
                address -> gate.filter().blocks(address),
                options,
                random);
    }
}
