package dev.spate.core.swarm;

/**
 * How far the connected peers have what is missing.
 *
 * @param missing pieces that are wanted and not on disk
 * @param nowhere those of them that no connected peer has
 * @param copies how often the connected peers together have the missing pieces: the whole number is that of the rarest, the
 *     fraction the part of the others that there are more of; 0 if nothing is missing
 */
public record Scarcity(int missing, int nowhere, double copies) {}
