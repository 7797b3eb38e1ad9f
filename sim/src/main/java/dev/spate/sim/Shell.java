package dev.spate.sim;

import dev.spate.core.announce.AnnounceOrder;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.picker.Verdict;
import dev.spate.core.swarm.Effect;
import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmEvent;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.tracker.AnnounceAnswer;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a swarm and the world, from the moment its host is switched on until it is switched off.
 *
 * <p>It does what the engine does in reality: tells the swarm what happens, and carries out its effects. And it watches: what is said or
 * stored passes {@link Dealings} and {@link Disk}, and after each event {@link Watch} has a look.
 */
final class Shell {
    private final Simulation simulation;
    private final EventQueue events;
    private final Trace trace;
    private final Host host;
    private final HostOptions options;
    private final int number;
    private final Disk disk;
    private final Swarm swarm;
    private final RandomGenerator random;
    private final Uplink uplink;
    private final Watch watch;

    /** By slot. */
    private @Nullable End[] ends = new @Nullable End[16];

    private boolean running = true;
    private long timerAt = Long.MAX_VALUE;
    private long downFreeAt = Long.MIN_VALUE;

    Shell(Simulation simulation, Host host, Swarm swarm, RandomGenerator random) {
        this.simulation = simulation;
        this.events = simulation.events();
        this.trace = simulation.trace();
        this.host = host;
        this.options = host.options();
        this.number = host.number();
        this.disk = host.disk();
        this.swarm = swarm;
        this.random = random;
        this.uplink = new Uplink(
                this, events, options.line(), simulation.options().network().windowBytes());
        this.watch = new Watch(host.name(), simulation.options(), options.settings());
    }

    Host host() {
        return host;
    }

    Swarm swarm() {
        return swarm;
    }

    boolean isRunning() {
        return running;
    }

    /** Ends at once and without a word. */
    void cut() {
        running = false;
        for (End end : ends) {
            if (end != null) {
                simulation.network().cut(end);
            }
        }
        Arrays.fill(ends, null);
    }

    // ------------------------------------------------------------------ what the network tells

    /** A connection that this host dialed stands. */
    void dialed(End end) {
        if (end.isOpen()) {
            swarm.dialed(end.slot, host.now());
            settle();
        }
    }

    /** A dial has failed. */
    void dialFailed(End end) {
        closed(end, new CloseReason(CloseReason.Kind.CONNECTION_FAILED, "refused"));
    }

    /** The other side is gone, or the way to it. */
    void closed(End end, CloseReason reason) {
        if (!end.isOpen()) {
            return;
        }
        end.shut();
        if (end.slot != End.NO_SLOT) {
            trace.add(events.now(), Trace.Kind.CLOSED, number, end.slot, 0, 0);
            ends[end.slot] = null;
            swarm.peerClosed(end.slot, reason, host.now());
            settle();
        }
    }

    /** The first byte of something is here: everything passes through the one line, in the order of arrival. */
    void arriving(End end, Packet packet) {
        if (!end.isOpen()) {
            return;
        }
        long begins = Math.max(events.now(), downFreeAt);
        long ends = begins + options.line().downNanos(packet.bytes()) * host.slowdown();
        boolean free = downFreeAt < events.now();
        downFreeAt = ends;
        if (packet instanceof Packet.Data data) {
            events.at(begins, () -> headerReceived(end, data));
            events.at(ends, () -> received(end, packet));
        } else if (free) {
            // Words are so short that on a free line they are here with their first byte.
            received(end, packet);
        } else {
            events.at(ends, () -> received(end, packet));
        }
    }

    private void headerReceived(End end, Packet.Data data) {
        if (!end.isOpen()) {
            return;
        }
        trace(Trace.Kind.BLOCK_HEADER, end.slot, data.block());
        end.dealings.receives(data.block());
        Verdict verdict = swarm.blockArriving(end.slot, data.block(), host.now());
        end.storing = verdict.isWanted() ? data.block() : null;
        settle();
    }

    private void received(End end, Packet packet) {
        if (!end.isOpen()) {
            return;
        }
        simulation.network().acknowledged(end.other(), packet);
        switch (packet) {
            case Packet.Greeting greeting -> greeted(end, greeting.handshake());
            case Packet.Words words -> {
                for (PeerMessage message : words.messages()) {
                    if (end.isOpen() && end.slot != End.NO_SLOT) {
                        heard(end, message);
                    }
                }
                settle();
            }
            case Packet.Data data -> blockReceived(end, data);
        }
    }

    private void greeted(End end, Handshake handshake) {
        trace.add(events.now(), Trace.Kind.HANDSHAKE, number, end.slot, 0, 0);
        if (end.slot != End.NO_SLOT) {
            swarm.handshakeReceived(end.slot, handshake, host.now());
        } else {
            PeerAddress remote = simulation.network().addressOf(end.other());
            int slot = swarm.accepted(remote, handshake, host.now());
            if (slot < 0) {
                end.shut();
                simulation.network().closed(end);
            } else {
                attach(end, slot);
            }
        }
        settle();
    }

    private void heard(End end, PeerMessage message) {
        trace.add(events.now(), Trace.Kind.MESSAGE, number, end.slot, Talk.number(message), Talk.detail(message));
        end.dealings.hears(message);
        swarm.messageReceived(end.slot, message, host.now());
    }

    private void blockReceived(End end, Packet.Data data) {
        trace(Trace.Kind.BLOCK, end.slot, data.block());
        swarm.payloadReceived(end.slot, data.block().length(), host.now());
        settle();
        if (end.isOpen() && data.block().equals(end.storing)) {
            end.storing = null;
            disk.store(data.block(), data.mark());
            swarm.blockArrived(end.slot, data.block(), host.now());
            settle();
        }
    }

    // ------------------------------------------------------------------ what the uplink asks

    /** The next block for a connection; null if there is none, or this host sends no more. */
    @Nullable
    Packet takeBlock(End end) {
        if (host.blocksSent() >= options.conduct().stallsAfter()) {
            return null;
        }
        BlockRange block = swarm.takeBlock(end.slot, host.now());
        if (block == null) {
            return null;
        }
        end.dealings.sends(block, disk);
        host.sentBlock(block);
        boolean lie = random.nextDouble() < options.conduct().lies();
        return new Packet.Data(block, lie ? Marks.bad(block, random.nextInt()) : Marks.good(block));
    }

    /** All of a block has left the house. */
    void left(End end, Packet.Data data) {
        swarm.blockSent(end.slot, data.block(), host.now());
        simulation.network().send(end, data, events.now());
    }

    /** Words will have left the house at that moment. */
    void leaves(End end, Packet words, long moment) {
        simulation.network().send(end, words, moment);
    }

    Uplink uplink() {
        return uplink;
    }

    // ------------------------------------------------------------------ effects

    /** Carries out what the swarm wants done, sets the timer, and looks whether all is as it must be. */
    void settle() {
        if (!running) {
            return;
        }
        int effects = 0;
        do {
            for (Effect effect = swarm.poll(); effect != null; effect = swarm.poll()) {
                carryOut(effect);
                watch.effect(++effects);
            }
        } while (uplink.serve());
        long deadline = swarm.deadline();
        if (deadline < timerAt) {
            timerAt = deadline;
            events.at(deadline - host.clockAhead(), () -> timeout(deadline));
        }
        watch.look(swarm, disk, host.now());
    }

    /** The clock has jumped, so the timer runs out at another moment. */
    void clockJumped() {
        timerAt = Long.MAX_VALUE;
        settle();
    }

    private void timeout(long planned) {
        if (!running || planned != timerAt) {
            return;
        }
        timerAt = Long.MAX_VALUE;
        if (swarm.deadline() <= host.now()) {
            trace.add(events.now(), Trace.Kind.TIMEOUT, number, 0, 0, 0);
            watch.timeout(events.now());
            swarm.timeout(host.now());
        }
        settle();
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Dial dial -> {
                trace.add(
                        events.now(),
                        Trace.Kind.DIAL,
                        number,
                        dial.peer(),
                        dial.address().port(),
                        0);
                End end = new End(this);
                attach(end, dial.peer());
                simulation.network().dial(end, dial.address());
            }
            case Effect.SendHandshake send -> {
                End end = end(send.peer());
                end.send(send.handshake());
                uplink.wake(end);
            }
            case Effect.Send send -> {
                End end = end(send.peer());
                if (isAboutChoking(send.message()) && !options.conduct().unchokes()) {
                    return;
                }
                end.dealings.says(send.message(), simulation.options().layout(), disk);
                if (send.message() instanceof PeerMessage.Unchoke) {
                    host.unchoked();
                }
                end.send(send.message());
                watch.waitingWords(end.waitingWords());
                uplink.wake(end);
            }
            case Effect.BlocksReady ready -> {
                End end = end(ready.peer());
                end.blocksReady();
                uplink.wake(end);
            }
            case Effect.DropArriving drop -> {
                trace.add(events.now(), Trace.Kind.DROP, number, drop.peer(), 0, 0);
                end(drop.peer()).storing = null;
            }
            case Effect.VerifyPiece verify -> verify(verify);
            case Effect.VerifyMetadata stray -> throw new IllegalStateException("a host has the metadata: " + stray);
            case Effect.DiscardPiece discard -> {
                trace.add(events.now(), Trace.Kind.DISCARD, number, discard.piece(), 0, 0);
                disk.free(discard.piece());
                swarm.budgetFreed(host.now());
            }
            case Effect.Close close -> {
                trace.add(events.now(), Trace.Kind.CLOSE, number, close.peer(), 0, 0);
                close(close.peer(), close.reason());
            }
            case Effect.Announce announce -> announce(announce.order());
            case Effect.Report report -> report(report.event());
        }
    }

    private static boolean isAboutChoking(PeerMessage message) {
        return message instanceof PeerMessage.Choke || message instanceof PeerMessage.Unchoke;
    }

    private void close(int peer, CloseReason reason) {
        End end = end(peer);
        end.shut();
        ends[peer] = null;
        simulation.network().closed(end);
        later(Duration.ZERO, () -> swarm.peerClosed(peer, reason, host.now()));
    }

    private void verify(Effect.VerifyPiece verify) {
        int piece = verify.piece();
        if (!disk.isWhole(piece)) {
            throw new InvariantBroken(host.name() + ": piece " + piece + " is to be verified and not whole");
        }
        trace.add(events.now(), Trace.Kind.VERIFY, number, piece, 0, 0);
        later(options.disk().hashing(), () -> {
            boolean good = disk.isGood(piece);
            trace.add(events.now(), good ? Trace.Kind.GOOD : Trace.Kind.BAD, number, piece, 0, 0);
            if (!good) {
                swarm.pieceCorrupt(piece, disk.digests(piece), host.now());
                return;
            }
            swarm.pieceVerified(piece, verify.digestBlocks() ? disk.digests(piece) : null, host.now());
            later(options.disk().writing(), () -> written(piece));
        });
    }

    private void written(int piece) {
        boolean failed = random.nextDouble() < options.disk().writeFailures();
        if (failed || host.diskIsFull()) {
            swarm.pieceWriteFailed(piece, host.now());
            if (host.diskIsFull()) {
                swarm.pause(host.now());
            }
            return;
        }
        disk.write(piece);
        trace.add(events.now(), Trace.Kind.FLUSHED, number, piece, 0, 0);
        swarm.pieceFlushed(piece, host.now());
        swarm.budgetFreed(host.now());
    }

    private void announce(AnnounceOrder order) {
        trace.add(events.now(), Trace.Kind.ANNOUNCE, number, order.order(), 0, 0);
        simulation.tracker().announce(host, order.event(), order.numWant(), (AnnounceAnswer answer) -> {
            if (running) {
                swarm.announceAnswered(order.order(), answer, host.now());
                settle();
            }
        });
    }

    private void report(SwarmEvent event) {
        switch (event) {
            case SwarmEvent.Completed completed -> host.completed();
            case SwarmEvent.PieceFlushed(var piece) -> host.flushed(piece);
            case SwarmEvent.PeerBanned banned -> simulation.banned(host, banned.address(), banned.evidence());
            case SwarmEvent.PeerClosed closed -> watch.closed(closed.reason());
            default -> {}
        }
    }

    private void attach(End end, int slot) {
        if (slot >= ends.length) {
            ends = Arrays.copyOf(ends, 2 * slot);
        }
        if (ends[slot] != null) {
            throw new InvariantBroken(host.name() + ": slot " + slot + " is given twice");
        }
        ends[slot] = end;
        end.slot = slot;
    }

    private void later(Duration after, Runnable action) {
        events.at(events.now() + after.toNanos(), () -> {
            if (running) {
                action.run();
                settle();
            }
        });
    }

    private End end(int peer) {
        End end = peer < ends.length ? ends[peer] : null;
        if (end == null) {
            throw new InvariantBroken(host.name() + ": an effect for peer " + peer + ", which is not there");
        }
        return end;
    }

    private void trace(Trace.Kind kind, int slot, BlockRange block) {
        trace.add(events.now(), kind, number, slot, block.piece(), block.begin());
    }
}
