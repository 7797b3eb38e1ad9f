package dev.spate.engine.shell;

import dev.spate.engine.metrics.Metric;
import dev.spate.engine.storage.StorageException;
import dev.spate.engine.storage.TorrentStorage;
import dev.spate.engine.watch.Chronicle;
import dev.spate.io.memory.BufferPool;
import dev.spate.io.memory.Lease;
import dev.spate.io.work.Outcome;
import dev.spate.io.work.Workers;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the blocks that peers asked for. Confined to its lane.
 *
 * <p>Neighbouring blocks are read with one system call, up to {@link #RUN_LENGTH}, into one pooled buffer; each is then sent
 * from its slice of it. Reads are done on the lane itself while they are quick, which they are as long as the data lies in the
 * page cache: handing a read to another thread and its answer back costs more than the read. The lane must never wait for a
 * platter though, so one slow read sends this torrent's reads to the workers for a while, until those find them quick again.
 */
final class Uploads {

    /** The longest single read: sixteen blocks (measured: longer ones gain nothing, shorter ones cost system calls). */
    private static final int RUN_LENGTH = 16 * PieceLayout.BLOCK_LENGTH;

    /** A read that takes longer came from a device; the page cache needs some 50 microseconds for a run. */
    private static final long SLOW_NANOS = 2_000_000;

    /** How much may be on its way from workers for one peer; enough to keep a disk busy. */
    private static final int MAX_LOADING = 16 * RUN_LENGTH;

    private final SwarmRunner runner;
    private final TorrentStorage storage;
    private final BufferPool pool;
    private final Workers workers;
    private final Chronicle chronicle;
    private boolean slow;

    Uploads(SwarmRunner runner, TorrentStorage storage, BufferPool pool, Workers workers, Chronicle chronicle) {
        this.runner = runner;
        this.storage = storage;
        this.pool = pool;
        this.workers = workers;
        this.chronicle = chronicle;
    }

    /**
     * Takes blocks that a peer asked for and loads them for its writer.
     *
     * @param room about how many bytes can go to the socket now
     * @return whether there may be more to take later
     */
    boolean load(PeerConnection connection, int room) {
        if (pool.leasedBytes() + RUN_LENGTH > pool.maxBytes()) {
            // What is taken must be sent, so nothing is taken until some of what waits for sockets has gone.
            pool.whenReturned(() -> runner.soon(connection::blocksReady));
            return false;
        }
        int wanted = Math.min(room, MAX_LOADING - connection.loading());
        int taken = 0;
        List<BlockRange> run = new ArrayList<>(RUN_LENGTH / PieceLayout.BLOCK_LENGTH);
        while (taken < wanted) {
            BlockRange block = runner.swarm().takeBlock(connection.peer(), runner.now());
            if (block == null) {
                break;
            }
            if (!run.isEmpty() && !continues(run, block)) {
                loadRun(connection, run);
                run = new ArrayList<>(RUN_LENGTH / PieceLayout.BLOCK_LENGTH);
            }
            run.add(block);
            taken += block.length();
        }
        if (!run.isEmpty()) {
            loadRun(connection, run);
        }
        return taken >= wanted;
    }

    private static boolean continues(List<BlockRange> run, BlockRange next) {
        BlockRange last = run.getLast();
        return next.piece() == last.piece()
                && next.begin() == last.end()
                && next.end() - run.getFirst().begin() <= RUN_LENGTH;
    }

    private static int length(List<BlockRange> run) {
        return run.getLast().end() - run.getFirst().begin();
    }

    private void loadRun(PeerConnection connection, List<BlockRange> run) {
        Lease lease = pool.tryLease(length(run));
        if (lease == null) {
            // Another lane took the last of it meanwhile. The peer is told, or asks again.
            run.forEach(block -> runner.swarm().blockUnreadable(connection.peer(), block, runner.now()));
        } else if (slow) {
            loadElsewhere(connection, run, lease);
        } else {
            loadHere(connection, run, lease);
        }
    }

    private void loadHere(PeerConnection connection, List<BlockRange> run, Lease lease) {
        try (lease) {
            long begun = System.nanoTime();
            read(run, lease);
            slow = System.nanoTime() - begun > SLOW_NANOS;
            hand(connection, run, lease);
        } catch (StorageException e) {
            unreadable(connection, run, e);
        }
    }

    private void loadElsewhere(PeerConnection connection, List<BlockRange> run, Lease lease) {
        int length = length(run);
        connection.loadingStarted(length);
        workers.<Long>submit(
                () -> {
                    long begun = System.nanoTime();
                    read(run, lease);
                    return System.nanoTime() - begun;
                },
                runner.lane(),
                outcome -> loaded(connection, run, lease, outcome));
    }

    private void loaded(PeerConnection connection, List<BlockRange> run, Lease lease, Outcome<Long> outcome) {
        try (lease) {
            connection.loadingEnded(length(run));
            switch (outcome) {
                case Outcome.Done<Long>(var nanos) -> {
                    slow = nanos > SLOW_NANOS;
                    if (!connection.closed()) {
                        hand(connection, run, lease);
                    }
                }
                case Outcome.Failed<Long>(var cause) -> unreadable(connection, run, cause);
            }
        }
    }

    /** The peer is told that it gets nothing, and the owner that a file may be gone. */
    private void unreadable(PeerConnection connection, List<BlockRange> run, Throwable cause) {
        if (!connection.closed()) {
            run.forEach(block -> runner.swarm().blockUnreadable(connection.peer(), block, runner.now()));
        }
        runner.soon(() -> runner.listener().storageFailed(cause));
    }

    private void read(List<BlockRange> run, Lease lease) throws StorageException {
        BlockRange first = run.getFirst();
        ByteBuffer buffer = lease.buffer();
        buffer.clear().limit(length(run));
        storage.read(runner.layout().offset(first.piece()) + first.begin(), buffer);
    }

    private void hand(PeerConnection connection, List<BlockRange> run, Lease lease) {
        int begin = run.getFirst().begin();
        for (BlockRange block : run) {
            ByteBuffer payload = lease.buffer().slice(block.begin() - begin, block.length());
            connection.writer().send(new MessageWriter.Loaded(block, payload, lease.retain()));
        }
        chronicle.count(Metric.UPLOADED_BYTES, length(run));
    }
}
