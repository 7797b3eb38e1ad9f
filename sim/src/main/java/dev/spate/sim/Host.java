package dev.spate.sim;

import dev.spate.core.swarm.PeerSnapshot;
import dev.spate.core.swarm.PeerSource;
import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmStats;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A computer that may take part in the swarm, as a scenario sees it. Not safe for use by several threads. */
public final class Host {
    private final Simulation simulation;
    private final String name;
    private final int number;
    private final PeerAddress address;
    private final HostOptions options;
    private final Disk disk;
    private final RandomGenerator random;

    private @Nullable Shell shell;
    private long blocksSent;
    private long bytesSent;
    private int slowdown = 1;
    private boolean diskIsFull;
    private long clockAhead;
    private final List<Runnable> whenComplete = new ArrayList<>();
    private long unchokes;
    private @Nullable Duration completedAfter;
    private @Nullable Viewer viewer;

    Host(
            Simulation simulation,
            String name,
            int number,
            PeerAddress address,
            HostOptions options,
            RandomGenerator random) {
        this.simulation = simulation;
        this.name = name;
        this.number = number;
        this.address = address;
        this.options = options;
        this.random = random;
        this.disk = new Disk(
                name,
                simulation.options().layout(),
                options.disk(),
                options.has().copy());
    }

    /** Switches the host on: its swarm begins with what is on its disk. */
    public void join() {
        if (shell != null) {
            throw new IllegalStateException(name + " has joined already");
        }
        Swarm swarm = simulation.newSwarm(this, random);
        shell = new Shell(simulation, this, swarm, random);
        swarm.start(now());
        shell.settle();
    }

    /** Pulls the plug: nobody is told, and what was not on disk is lost. It may join again. */
    public void crash() {
        if (shell != null) {
            shell.cut();
            shell = null;
            disk.crash();
        }
    }

    /** Stops taking part, with all that politeness demands; {@link #resume} goes on. */
    public void pause() {
        running().swarm().pause(now());
        running().settle();
    }

    /** Goes on after {@link #pause}; without effect otherwise. */
    public void resume() {
        running().swarm().start(now());
        running().settle();
    }

    /** From now on its line carries only one part in so many of what it did; 1 sets it free. */
    public void clog(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("not a number of parts: " + parts);
        }
        slowdown = parts;
    }

    /** Its disk takes nothing more; as the engine does, it pauses when a write fails. */
    public void fillDisk() {
        diskIsFull = true;
    }

    /** There is room on its disk again, and it goes on. */
    public void freeDisk() {
        diskIsFull = false;
        if (shell != null) {
            resume();
        }
    }

    /** Its clock jumps forward, as after a computer was suspended. */
    public void clockJumps(Duration forward) {
        if (forward.isNegative()) {
            throw new IllegalArgumentException("a monotonic clock does not jump back: " + forward);
        }
        clockAhead += forward.toNanos();
        if (shell != null) {
            shell.clockJumped();
        }
    }

    /** Does something when it has become complete, each time; not for what it had from the beginning. */
    public void whenComplete(Runnable step) {
        whenComplete.add(step);
    }

    /** Somebody tells it of other hosts. */
    public void hearsOf(List<Host> others) {
        List<PeerAddress> addresses = new ArrayList<>();
        for (Host other : others) {
            if (other != this) {
                addresses.add(other.address);
            }
        }
        running().swarm().addPeers(PeerSource.USER, addresses, now());
        running().settle();
    }

    /** It is to super-seed (BEP 16), as soon as it has all pieces. */
    public void superSeed() {
        running().swarm().setSuperSeeding(true, now());
        running().settle();
    }

    /** Whether it still does, or will. */
    public boolean isSuperSeeding() {
        return running().swarm().isSuperSeeding();
    }

    /** A piece is gone from its disk; without effect if it was not there. */
    public void losesPiece(int piece) {
        if (disk.pieces().remove(piece)) {
            running().swarm().pieceLost(piece, now());
            running().settle();
        }
    }

    /**
     * Somebody watches the torrent, a film, on this host, which must be up and stay so; there is one at most. It has not begun.
     *
     * @param bytesPerSecond the rate of the film
     * @param startBytes how much must be there from its beginning on until it is played
     */
    public Viewer viewer(long bytesPerSecond, long startBytes) {
        if (viewer != null) {
            throw new IllegalStateException("somebody watches on " + name);
        }
        Viewer made = new Viewer(simulation, this, bytesPerSecond, startBytes);
        viewer = made;
        return made;
    }

    public String name() {
        return name;
    }

    public PeerAddress address() {
        return address;
    }

    public Conduct conduct() {
        return options.conduct();
    }

    /** Whether it takes part. */
    public boolean isUp() {
        return shell != null;
    }

    /** Whether it has all pieces on disk. */
    public boolean isComplete() {
        return disk.pieces().isFull();
    }

    /** The pieces on its disk; a copy. */
    public PieceSet pieces() {
        return disk.pieces().copy();
    }

    /** How long after the beginning of the simulation its swarm became complete; null if it has not, or was from the start. */
    public @Nullable Duration completedAfter() {
        return completedAfter;
    }

    /** What its swarm says of itself; the host must be up. */
    public SwarmStats stats() {
        return running().swarm().stats(now());
    }

    /** What its swarm says of each connection; the host must be up. */
    public List<PeerSnapshot> peers() {
        return running().swarm().peers(simulation.now());
    }

    /** The hosts that want something from it and may request it; none while it is off. */
    public List<Host> unchokedNow() {
        Shell present = shell;
        List<Host> served = new ArrayList<>();
        if (present != null && options.conduct().unchokes()) {
            for (PeerSnapshot peer : present.swarm().peers(now())) {
                Host there = peer.weChokePeer() || !peer.peerInterested()
                        ? null
                        : simulation.network().at(peer.address());
                if (there != null) {
                    served.add(there);
                }
            }
        }
        return served;
    }

    /** Adds the pieces on its disk to a count for each piece. */
    public void countPieces(int[] copies) {
        PieceSet pieces = disk.pieces();
        for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
            copies[piece]++;
        }
    }

    /** How many pieces are on its disk. */
    public int pieceCount() {
        return disk.pieces().count();
    }

    /** How many blocks it has sent. */
    public long blocksSent() {
        return blocksSent;
    }

    /** How many bytes of blocks it has sent. */
    public long bytesSent() {
        return bytesSent;
    }

    /** How often it has unchoked somebody. */
    public long unchokes() {
        return unchokes;
    }

    @Override
    public String toString() {
        return name + ", " + disk.pieces();
    }

    // ------------------------------------------------------------------ for the simulation's own parts

    @Nullable
    Shell shell() {
        return shell;
    }

    int number() {
        return number;
    }

    HostOptions options() {
        return options;
    }

    Disk disk() {
        return disk;
    }

    void flushed(int piece) {
        if (viewer != null) {
            viewer.flushed(piece);
        }
    }

    /** What its own clock says. */
    long now() {
        return simulation.now() + clockAhead;
    }

    long clockAhead() {
        return clockAhead;
    }

    int slowdown() {
        return slowdown;
    }

    boolean diskIsFull() {
        return diskIsFull;
    }

    void sentBlock(BlockRange block) {
        blocksSent++;
        bytesSent += block.length();
    }

    void unchoked() {
        unchokes++;
    }

    void completed() {
        completedAfter = simulation.elapsed();
        whenComplete.forEach(Runnable::run);
    }

    private Shell running() {
        Shell present = shell;
        if (present == null) {
            throw new IllegalStateException(name + " is not up");
        }
        return present;
    }
}
