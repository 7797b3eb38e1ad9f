package dev.spate.engine.talk;

import dev.spate.engine.probe.ProbeOptions;
import dev.spate.engine.probe.ProbeReason;
import dev.spate.engine.probe.ProbeResult;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.metainfo.Metainfo;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Looks at peers of one torrent: dials one and holds the {@link PeerConversation} with it. For any number of threads. */
public final class PeerProbe {

    /** How long a peer that will be connected to again may take to forget the look at it. */
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(1);

    /**
     * Who talks.
     *
     * @param us our name in these conversations
     * @param session what our own session calls itself, which may be met
     * @param client our name and version (BEP 10 {@code v})
     */
    public record Names(PeerId us, PeerId session, String client) {}

    private final Metainfo metainfo;
    private final Names names;
    private final Dial dial;
    private final Predicate<InetAddress> shutOut;
    private final ProbeOptions options;
    private final RandomGenerator random;
    private final PieceMemory memory = new PieceMemory();

    /**
     * Dials nobody yet.
     *
     * @param metainfo not v2-only
     * @param shutOut the addresses that are not to be connected to
     * @param random for many threads; chooses pieces
     */
    public PeerProbe(
            Metainfo metainfo,
            Names names,
            Dial dial,
            Predicate<InetAddress> shutOut,
            ProbeOptions options,
            RandomGenerator random) {
        this.metainfo = metainfo;
        this.names = names;
        this.dial = dial;
        this.shutOut = shutOut;
        this.options = options;
        this.random = random;
    }

    /** Connects, talks, and tells what came of it. */
    public ProbeResult look(PeerAddress peer) {
        if (shutOut.test(peer.ip())) {
            return PeerConversation.never(peer, metainfo, Verdict.of(ProbeReason.FILTERED));
        }
        switch (dial.dial(peer, options.connectLimit())) {
            case Dial.Dialed.Failed(var obstacle, var reason) -> {
                return PeerConversation.never(peer, metainfo, verdict(obstacle, reason));
            }
            case Dial.Dialed.Connected(var channel) -> {
                try (channel) {
                    ProbeResult result =
                            new PeerConversation(peer, metainfo, names, channel, options, random, memory).hold();
                    if (result.isSource()) {
                        channel.leave(channel.now() + LEAVE_LIMIT.toNanos());
                    }
                    return result;
                }
            }
        }
    }

    private static Verdict verdict(Dial.Dialed.Obstacle obstacle, String reason) {
        return switch (obstacle) {
            case REFUSED -> Verdict.of(ProbeReason.REFUSED);
            case TIMED_OUT -> Verdict.of(ProbeReason.CONNECT_TIMED_OUT);
            case UNREACHABLE -> new Verdict(ProbeReason.UNREACHABLE, reason);
            case PROXY -> new Verdict(ProbeReason.PROXY, reason);
        };
    }
}
