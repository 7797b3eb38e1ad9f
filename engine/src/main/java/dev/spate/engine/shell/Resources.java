package dev.spate.engine.shell;

import dev.spate.engine.storage.CheckTurns;
import dev.spate.engine.storage.PieceBuffers;
import dev.spate.engine.storage.PieceChecker;
import dev.spate.engine.store.ContentStore;
import dev.spate.engine.watch.Chronicle;
import dev.spate.io.memory.BufferPool;
import dev.spate.io.work.Workers;

/**
 * What the torrents of a session share, each under one bound. All parts may be used by any thread.
 *
 * @param workers hash, write and read
 * @param mover one thread that moves torrents from one folder to another
 * @param contents where files lie
 * @param pieces memory for pieces that arrive
 * @param blocks memory for blocks that leave
 * @param checker compares pieces with their hashes
 * @param checkTurns where torrents wait whose files are to be read
 * @param connections counts sockets to peers
 * @param wayOut how connections to peers leave this machine
 * @param limits how fast bytes may flow
 * @param chronicle is told what happens
 */
public record Resources(
        Workers workers,
        Workers mover,
        ContentStore contents,
        PieceBuffers pieces,
        BufferPool blocks,
        PieceChecker checker,
        CheckTurns checkTurns,
        ConnectionLimit connections,
        WayOut wayOut,
        SessionLimits limits,
        Chronicle chronicle) {}
