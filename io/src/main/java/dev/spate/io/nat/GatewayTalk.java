package dev.spate.io.nat;

import dev.spate.io.nat.GatewayMessages.Answer;
import dev.spate.io.nat.Mapping.Method;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one gateway about some ports, without a socket: PCP, or NAT-PMP with those who know no better.
 *
 * <pre>
 *              +------------------ answered: mapped, until half of its life is over ---------+
 *              v                                                                             |
 *   (added) ASKING --silence: again after 250, 500, 1000, 2000 ms--> silent, or what is mapped lapses
 *              \--refused: again after a while
 * </pre>
 *
 * <p>Inputs end in the present moment, monotonic nanoseconds; after each {@link #poll} gives datagrams to be sent. A gateway
 * that was restarted shows it by its clock (RFC 6887, section 8.5); then everything is asked for anew. Not for several threads.
 */
final class GatewayTalk {

    /** RFC 6886, section 3.3 recommends two hours. */
    static final int LIFETIME_SECONDS = 7200;

    /** RFC 6886, section 3.1: 250 ms, doubled each time; nine times would take two minutes, in which UPnP could have answered. */
    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(250).toNanos();

    static final int TRIES = 4;

    /** After a refusal, and at the earliest after an answer: no gateway makes us ask without end. */
    private static final long REFUSAL_PAUSE_NANOS = Duration.ofMinutes(5).toNanos();

    private static final long LEAST_LIFE_SECONDS = 60;

    /** RFC 6887, section 8.5: clocks may differ by an eighth, and two seconds more. */
    private static final long EPOCH_SLACK_SECONDS = 2;

    private final List<Entry> entries;
    private final InetAddress client;
    private final byte[] nonce = new byte[GatewayMessages.NONCE_LENGTH];
    private final Queue<ByteBuffer> datagrams = new ArrayDeque<>();
    private Method method = Method.PCP;
    private @Nullable InetAddress externalAddress;
    private boolean wasHeard;
    private boolean pcpWasHeard;
    private boolean addressIsWanted;
    private long epochSeconds;
    private long epochAt;
    private boolean epochIsKnown;

    /** One port. */
    private static final class Entry {
        final Wanted wanted;
        int externalPort;
        int tries;
        long askAt;
        long lapsesAt;
        boolean silent;
        String trouble = "";

        Entry(Wanted wanted, long now) {
            this.wanted = wanted;
            this.askAt = now;
        }
    }

    /**
     * A conversation that begins now.
     *
     * @param client our own address on the way to the gateway
     * @param random for a nonce that strangers cannot guess
     */
    GatewayTalk(List<Wanted> wanted, InetAddress client, RandomGenerator random, long now) {
        this.entries = wanted.stream().map(each -> new Entry(each, now)).toList();
        this.client = client;
        random.nextBytes(nonce);
        timeout(now);
    }

    /** The next datagram to be sent, or null. */
    @Nullable
    ByteBuffer poll() {
        return datagrams.poll();
    }

    /** When {@link #timeout} is due. */
    long deadline() {
        long earliest = Long.MAX_VALUE;
        for (Entry each : entries) {
            earliest = Math.min(earliest, each.askAt);
        }
        return earliest;
    }

    /** Whether there was never an answer, and no try is left: there is nobody who speaks any of the two. */
    boolean isDeaf() {
        return !wasHeard && entries.stream().allMatch(each -> each.silent);
    }

    /** Whether it ever answered. */
    boolean wasHeard() {
        return wasHeard;
    }

    /** How each port stands. */
    List<Mapping> mappings() {
        List<Mapping> all = new ArrayList<>();
        for (Entry each : entries) {
            all.add(new Mapping(each.wanted, method, externalAddress, each.externalPort, each.trouble));
        }
        return all;
    }

    /** Time has passed. */
    void timeout(long now) {
        for (Entry each : entries) {
            if (each.externalPort != 0 && each.lapsesAt - now <= 0) {
                each.externalPort = 0;
                each.trouble = "the gateway does not answer any more";
            }
            if (each.askAt - now <= 0) {
                if (each.tries == TRIES) {
                    each.silent = true;
                    each.tries = 0;
                    each.askAt = now + REFUSAL_PAUSE_NANOS;
                    each.trouble = each.externalPort == 0 ? "the gateway does not answer" : "";
                } else {
                    // Some that know NAT-PMP only do not say so, but say nothing to what they do not know.
                    addressIsWanted |= each.tries == TRIES / 2 && !wasHeard;
                    ask(each, LIFETIME_SECONDS);
                    each.askAt = now + (FIRST_PAUSE_NANOS << each.tries++);
                }
            }
        }
        if (addressIsWanted) {
            ByteBuffer datagram = ByteBuffer.allocate(2);
            GatewayMessages.writeNatPmpAddress(datagram);
            datagrams.add(datagram.flip());
            addressIsWanted = false;
        }
    }

    private void ask(Entry entry, int lifetimeSeconds) {
        ByteBuffer datagram = ByteBuffer.allocate(GatewayMessages.MAX_LENGTH);
        int port = entry.externalPort != 0 ? entry.externalPort : entry.wanted.port();
        if (method == Method.PCP) {
            GatewayMessages.writePcpMap(entry.wanted, client, nonce, port, lifetimeSeconds, datagram);
        } else {
            GatewayMessages.writeNatPmpMap(entry.wanted, lifetimeSeconds == 0 ? 0 : port, lifetimeSeconds, datagram);
        }
        datagrams.add(datagram.flip());
    }

    /** A datagram came from the gateway; from others none may be given here. */
    void received(ByteBuffer datagram, long now) {
        Answer answer = GatewayMessages.read(datagram, nonce);
        if (answer == null) {
            return;
        }
        wasHeard = true;
        switch (answer) {
            case Answer.OnlyNatPmp() -> {
                addressIsWanted = true;
                fallBack(now);
            }
            case Answer.Address(var address, var epoch) -> {
                externalAddress = address;
                fallBack(now);
                heardEpoch(epoch, now);
            }
            case Answer.Mapped mapped -> mapped(mapped, now);
            case Answer.Refused(var wanted, var reason) -> {
                Entry entry = find(wanted);
                if (entry != null) {
                    entry.externalPort = 0;
                    entry.trouble = reason;
                    entry.tries = 0;
                    entry.askAt = now + REFUSAL_PAUSE_NANOS;
                }
            }
        }
    }

    /** To NAT-PMP, unless the gateway has spoken PCP. */
    private void fallBack(long now) {
        if (method == Method.PCP && !pcpWasHeard) {
            method = Method.NAT_PMP;
            askAllAgain(now);
        }
    }

    private void mapped(Answer.Mapped mapped, long now) {
        Entry entry = find(mapped.wanted());
        if (entry == null || mapped.isPcp() != (method == Method.PCP) || mapped.lifetimeSeconds() == 0) {
            return;
        }
        pcpWasHeard |= mapped.isPcp();
        heardEpoch(mapped.epochSeconds(), now);
        if (mapped.externalAddress() != null) {
            externalAddress = mapped.externalAddress();
        }
        long life = Duration.ofSeconds(Math.max(mapped.lifetimeSeconds(), LEAST_LIFE_SECONDS))
                .toNanos();
        entry.externalPort = mapped.externalPort();
        entry.trouble = "";
        entry.silent = false;
        entry.tries = 0;
        entry.lapsesAt = now + life;
        // RFC 6886, section 3.3: renewed halfway to its end.
        entry.askAt = now + life / 2;
    }

    private void heardEpoch(long seconds, long now) {
        long passed = Duration.ofNanos(now - epochAt).toSeconds();
        boolean restarted = epochIsKnown && seconds + EPOCH_SLACK_SECONDS < epochSeconds + passed - passed / 8;
        epochIsKnown = true;
        epochSeconds = seconds;
        epochAt = now;
        if (restarted) {
            addressIsWanted = method == Method.NAT_PMP;
            askAllAgain(now);
        }
    }

    private void askAllAgain(long now) {
        for (Entry each : entries) {
            each.tries = 0;
            each.silent = false;
            each.askAt = now;
        }
    }

    private @Nullable Entry find(@Nullable Wanted wanted) {
        for (Entry each : entries) {
            if (each.wanted.equals(wanted)) {
                return each;
            }
        }
        return null;
    }

    /** Nothing is wanted any more: what is mapped is deleted, by datagrams that are still to be polled and sent. */
    void release() {
        datagrams.clear();
        for (Entry each : entries) {
            if (each.externalPort != 0) {
                ask(each, 0);
                each.externalPort = 0;
            }
            each.askAt = Long.MAX_VALUE;
        }
    }
}
