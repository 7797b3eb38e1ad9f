package dev.spate.engine;

/**
 * A session at one moment.
 *
 * @param torrents how many it has
 * @param connections sockets to peers, half-open ones included
 * @param downloadRate bytes per second, payload
 * @param uploadRate bytes per second, payload
 * @param refusedByFilter connections that the IP filter refused so far
 * @param pieceMemoryUsed bytes of piece buffers in use
 * @param pieceMemoryLimit their bound
 */
public record SessionStats(
        int torrents,
        int connections,
        long downloadRate,
        long uploadRate,
        long refusedByFilter,
        long pieceMemoryUsed,
        long pieceMemoryLimit) {}
