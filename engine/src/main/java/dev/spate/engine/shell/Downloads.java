package dev.spate.engine.shell;

import dev.spate.core.swarm.BlockDigests;
import dev.spate.engine.metrics.Metric;
import dev.spate.engine.storage.ArrivingPiece;
import dev.spate.engine.storage.ArrivingPieces;
import dev.spate.engine.storage.StorageException;
import dev.spate.engine.watch.Chronicle;
import dev.spate.engine.watch.PieceVerified;
import dev.spate.io.work.Outcome;
import dev.spate.io.work.Workers;
import dev.spate.wire.BlockRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the blocks that arrive to disk: into their piece's memory on the lane, then through the hash and to the files on a worker.
 * Confined to its lane.
 */
final class Downloads {

    /**
     * What a worker made of a whole piece.
     *
     * @param failure why a good piece could not be written, or null
     */
    private record Settled(
            ArrivingPiece.Verdict verdict, @Nullable StorageException failure) {}

    private final SwarmRunner runner;
    private final ArrivingPieces pieces;
    private final Workers workers;
    private final Chronicle chronicle;
    private final List<PeerConnection> held = new ArrayList<>();
    private int underWay;
    private @Nullable Runnable whenIdle;

    Downloads(SwarmRunner runner, ArrivingPieces pieces, Workers workers, Chronicle chronicle) {
        this.runner = runner;
        this.pieces = pieces;
        this.workers = workers;
        this.chronicle = chronicle;
    }

    /** The next payload bytes of a block that is stored. */
    void put(BlockRange block, int begin, ByteBuffer part) {
        piece(block.piece()).put(begin, part);
    }

    /** All payload of a block is stored. */
    void end(PeerConnection from, BlockRange block) {
        ArrivingPiece piece = piece(block.piece());
        if (piece.blockArrived(block.begin())) {
            spill(piece);
        }
        if (piece.isShortOfMemory()) {
            held.add(from);
            from.pauseReading();
        }
        chronicle.count(Metric.DOWNLOADED_BYTES, block.length());
        runner.swarm().blockArrived(from.peer(), block, runner.now());
    }

    /** All blocks of a piece are there. */
    void verify(int number, boolean digestBlocks) {
        ArrivingPiece piece = piece(number);
        submit(() -> settle(piece, digestBlocks), outcome -> settled(number, outcome));
    }

    /** A piece is given up. */
    void discard(int number) {
        pieces.close(number);
    }

    /** Runs {@code task} on the lane as soon as no worker is busy for us, at once if none is. */
    void whenIdle(Runnable task) {
        whenIdle = task;
        idle();
    }

    /** Gives up everything that arrives. */
    void close() {
        pieces.close();
    }

    private ArrivingPiece piece(int number) {
        ArrivingPiece piece = pieces.get(number);
        assert piece != null : "the swarm speaks of piece " + number + ", which is not open";
        return piece;
    }

    /** On a worker. */
    private Settled settle(ArrivingPiece piece, boolean digestBlocks) throws StorageException {
        PieceVerified event = chronicle.verifying();
        ArrivingPiece.Verdict verdict = piece.verify(digestBlocks);
        chronicle.verified(event, runner.infoHash(), piece.piece(), verdict.good());
        if (verdict.good()) {
            try {
                piece.flush();
            } catch (StorageException e) {
                return new Settled(verdict, e);
            }
        }
        return new Settled(verdict, null);
    }

    private void settled(int number, Outcome<Settled> outcome) {
        switch (outcome) {
            case Outcome.Done<Settled>(Settled(var verdict, var failure)) -> {
                BlockDigests digests = digests(verdict.blockDigests());
                if (!verdict.good()) {
                    pieces.close(number);
                    runner.swarm().pieceCorrupt(number, digests, runner.now());
                } else {
                    runner.swarm().pieceVerified(number, digests, runner.now());
                    pieces.close(number);
                    if (failure == null) {
                        runner.swarm().pieceFlushed(number, runner.now());
                    } else {
                        runner.swarm().pieceWriteFailed(number, runner.now());
                        runner.listener().storageFailed(failure);
                    }
                }
            }
            // It could not be read back. Nobody is to blame but the disk, so the swarm is not told that the piece is
            // bad.
            case Outcome.Failed<Settled>(var cause) -> runner.listener().storageFailed(cause);
        }
    }

    private static @Nullable BlockDigests digests(Optional<long[]> digests) {
        return digests.map(BlockDigests::of).orElse(null);
    }

    private void spill(ArrivingPiece piece) {
        submit(
                () -> {
                    piece.spill();
                    return true;
                },
                outcome -> {
                    if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
                        runner.listener().storageFailed(cause);
                    }
                    List<PeerConnection> released = List.copyOf(held);
                    held.clear();
                    released.forEach(PeerConnection::resumeReading);
                });
    }

    private <T> void submit(Callable<T> task, Consumer<Outcome<T>> completion) {
        underWay++;
        workers.<T>submit(task, runner.lane(), outcome -> {
            underWay--;
            completion.accept(outcome);
            runner.drain();
            idle();
        });
    }

    private void idle() {
        Runnable task = whenIdle;
        if (underWay == 0 && task != null) {
            whenIdle = null;
            task.run();
        }
    }
}
