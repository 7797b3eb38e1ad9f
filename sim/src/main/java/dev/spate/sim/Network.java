package dev.spate.sim;

import dev.spate.core.peer.CloseReason;
import dev.spate.wire.PeerAddress;
import java.time.Duration;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What lies between hosts: it brings packets to their destination late, in order, or not at all because the connection breaks. */
final class Network {
    private static final CloseReason BROKEN = new CloseReason(CloseReason.Kind.CONNECTION_FAILED, "broken");
    private static final CloseReason ENDED = CloseReason.of(CloseReason.Kind.CLOSED_BY_PEER);
    private static final int FIRST_EPHEMERAL_PORT = 32768;

    private final EventQueue events;
    private final NetworkOptions options;
    private final RandomGenerator random;
    private final TreeMap<PeerAddress, Host> hosts = new TreeMap<>();
    /** Who used an address last to dial from. */
    private final TreeMap<PeerAddress, Host> dialers = new TreeMap<>();

    private int connections;

    Network(EventQueue events, NetworkOptions options, RandomGenerator random) {
        this.events = events;
        this.options = options;
        this.random = random;
    }

    void add(Host host) {
        hosts.put(host.address(), host);
    }

    /** The host at an address, be it where it listens or from where it dialed; null if there is none. */
    @Nullable
    Host at(PeerAddress address) {
        Host listening = hosts.get(address);
        return listening != null ? listening : dialers.get(address);
    }

    /** The address that the other side sees: of one that dialed, not the one at which it listens. */
    PeerAddress addressOf(End end) {
        return end.shell.host().address().withPort(FIRST_EPHEMERAL_PORT + end.port);
    }

    void dial(End end, PeerAddress address) {
        Shell caller = end.shell;
        events.at(events.now() + delay(), () -> {
            Host called = hosts.get(address);
            Shell answerer = called == null ? null : called.shell();
            if (answerer == null) {
                events.at(events.now() + delay(), () -> caller.dialFailed(end));
                return;
            }
            if (!end.isOpen()) {
                return;
            }
            End answering = new End(answerer);
            end.port = connections++ % FIRST_EPHEMERAL_PORT;
            answering.port = end.port;
            dialers.put(addressOf(end), caller.host());
            End.connect(end, answering);
            events.at(events.now() + delay(), () -> caller.dialed(end));
        });
    }

    void send(End end, Packet packet) {
        if (random.nextDouble() < options.breakage()) {
            breakUp(end);
            return;
        }
        long arrival = events.now() + delay();
        if (random.nextDouble() < options.loss()) {
            arrival += options.lossDelay().toNanos();
        }
        arrival = Math.max(arrival, end.lastArrival);
        end.lastArrival = arrival;
        End receiver = end.other();
        events.at(arrival, () -> receiver.shell.arriving(receiver, packet));
    }

    /** The receiver has taken a packet in, so there is room for more. */
    void acknowledged(End sender, Packet packet) {
        sender.arrived(packet);
        sender.shell.uplink().wake(sender);
    }

    /** One side has closed the connection, in order: what it sent before still arrives. */
    void closed(End end) {
        End other = end.otherOrNull();
        if (other != null) {
            long arrival = Math.max(events.now() + delay(), end.lastArrival) + 1;
            events.at(arrival, () -> other.shell.closed(other, ENDED));
        }
    }

    /** One side is gone without a word; the other finds out. */
    void cut(End end) {
        end.shut();
        End other = end.otherOrNull();
        if (other != null) {
            events.at(events.now() + delay(), () -> other.shell.closed(other, BROKEN));
        }
    }

    private void breakUp(End end) {
        End other = end.other();
        events.at(events.now() + delay(), () -> end.shell.closed(end, BROKEN));
        events.at(events.now() + delay(), () -> other.shell.closed(other, BROKEN));
    }

    private long delay() {
        Duration jitter = options.jitter();
        return options.latency().toNanos() + (jitter.isZero() ? 0 : random.nextLong(jitter.toNanos()));
    }
}
