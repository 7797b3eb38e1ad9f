package dev.spate.classic.descriptor;

/**
 * What a node is and has done.
 *
 * @param peers joined, and proved to be at their addresses
 * @param callsIn calls that reached it, those that were passed over included
 * @param callsOut calls that it sent, each try counted
 * @param repliesIn answers that were expected
 * @param repliesOut answers that it sent
 * @param passedOn walks that it passed on
 * @param looped walks that it had seen before
 * @param limited calls that were passed over because too many came
 * @param malformed datagrams that made no sense
 * @param stray answers that nobody waited for
 */
public record NodeStats(
        int peers,
        long callsIn,
        long callsOut,
        long repliesIn,
        long repliesOut,
        long passedOn,
        long looped,
        long limited,
        long malformed,
        long stray) {}
