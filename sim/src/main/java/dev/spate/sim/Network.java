package dev.spate.sim;

import dev.spate.core.peer.CloseReason;
import dev.spate.wire.PeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What lies between hosts: it brings packets to their destination late, in order, or not at all because the connection breaks. */
final class Network {
    private static final CloseReason BROKEN = new CloseReason(CloseReason.Kind.CONNECTION_FAILED, "broken");
    private static final CloseReason ENDED = CloseReason.of(CloseReason.Kind.CLOSED_BY_PEER);
    private static final int MAX_PARTINGS = 1000;

    /** How long a shell waits for a connection, as the engine does. */
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(10);

    private static final int FIRST_EPHEMERAL_PORT = 32768;

    private final EventQueue events;
    private final NetworkOptions options;
    private final RandomGenerator random;
    private final TreeMap<PeerAddress, Host> hosts = new TreeMap<>();
    /** Who used an address last to dial from. */
    private final TreeMap<PeerAddress, Host> dialers = new TreeMap<>();

    private int connections;
    private final List<Parting> partings = new ArrayList<>();

    /** Some hosts cannot speak with the others for a time; what they send to each other arrives when that is over. */
    private record Parting(Set<Integer> apart, long from, long until) {
        boolean parts(Host one, Host another, long now) {
            return now >= from && now < until && apart.contains(one.number()) != apart.contains(another.number());
        }
    }

    Network(EventQueue events, NetworkOptions options, RandomGenerator random) {
        this.events = events;
        this.options = options;
        this.random = random;
    }

    void add(Host host) {
        hosts.put(host.address(), host);
    }

    /** Parts some hosts, by their numbers, from all others for a time. */
    void part(Set<Integer> apart, long from, long until) {
        if (partings.size() == MAX_PARTINGS) {
            throw new IllegalStateException("more than " + MAX_PARTINGS + " partitions");
        }
        partings.add(new Parting(apart, from, until));
    }

    /** When two hosts can speak with each other again; now, if they can. */
    private long passable(Host one, Host another) {
        long passable = events.now();
        for (Parting parting : partings) {
            if (parting.parts(one, another, passable)) {
                passable = parting.until();
            }
        }
        return passable;
    }

    private long passable(End one, End another) {
        return passable(one.shell.host(), another.shell.host());
    }

    /** Whether a dial gets through; one that does not is not answered at all. No hole is punched, as is the way with TCP. */
    private boolean canReach(Host caller, Host called) {
        return line(called).reachable() && passable(caller, called) <= events.now();
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
        Host called = hosts.get(address);
        if (called == null) {
            events.at(events.now() + 2 * options.latency().toNanos(), () -> caller.dialFailed(end));
            return;
        }
        long delay = delay(caller.host(), called);
        events.at(events.now() + delay, () -> {
            if (!canReach(caller.host(), called)) {
                events.at(events.now() + DIAL_TIMEOUT.toNanos(), () -> caller.dialFailed(end));
                return;
            }
            Shell answerer = called.shell();
            if (answerer == null) {
                events.at(events.now() + delay, () -> caller.dialFailed(end));
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
            events.at(events.now() + delay(caller.host(), called), () -> caller.dialed(end));
        });
    }

    /** @param leaving when all of the packet is on its way; now or later */
    void send(End end, Packet packet, long leaving) {
        if (random.nextDouble() < options.breakage()) {
            breakUp(end);
            return;
        }
        End receiver = end.other();
        Host from = end.shell.host();
        Host to = receiver.shell.host();
        long arrival = Math.max(passable(from, to), leaving) + delay(from, to);
        double kept = (1 - options.loss()) * (1 - line(from).loss()) * (1 - line(to).loss());
        if (random.nextDouble() < 1 - kept) {
            arrival += options.lossDelay().toNanos();
        }
        arrival = Math.max(arrival, end.lastArrival);
        end.lastArrival = arrival;
        events.at(arrival, () -> receiver.shell.arriving(receiver, packet));
    }

    /** The receiver has taken a packet in, so there is room for more. */
    void acknowledged(End sender, Packet packet) {
        sender.arrived(packet);
        if (!sender.isQueued && sender.hasSomething()) {
            sender.shell.uplink().wake(sender);
            sender.shell.settle();
        }
    }

    /** One side has closed the connection, in order: what it sent before still arrives. */
    void closed(End end) {
        End other = end.otherOrNull();
        if (other != null) {
            long arrival =
                    Math.max(passable(end, other) + delay(end.shell.host(), other.shell.host()), end.lastArrival) + 1;
            events.at(arrival, () -> other.shell.closed(other, ENDED));
        }
    }

    /** One side is gone without a word; the other finds out. */
    void cut(End end) {
        end.shut();
        End other = end.otherOrNull();
        if (other != null) {
            events.at(
                    passable(end, other) + delay(end.shell.host(), other.shell.host()),
                    () -> other.shell.closed(other, BROKEN));
        }
    }

    private void breakUp(End end) {
        End other = end.other();
        Host one = end.shell.host();
        Host another = other.shell.host();
        events.at(events.now() + delay(one, another), () -> end.shell.closed(end, BROKEN));
        events.at(events.now() + delay(one, another), () -> other.shell.closed(other, BROKEN));
    }

    private long delay(Host from, Host to) {
        Duration jitter = options.jitter();
        long own = line(from).latency().toNanos() + line(to).latency().toNanos();
        return options.latency().toNanos() + own + (jitter.isZero() ? 0 : random.nextLong(jitter.toNanos()));
    }

    private static Line line(Host host) {
        return host.options().line();
    }
}
