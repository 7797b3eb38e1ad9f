package dev.spate.core.picker;

/**
 * A look at one open piece.
 *
 * @param state {@link PieceState#PARTIAL} or {@link PieceState#FULL}
 * @param blocks how many it has
 * @param arrived how many of them are here
 * @param inFlight how many of the missing ones are asked of at least one peer
 * @param exclusive whether one peer alone delivers this piece
 */
public record PieceProgress(int piece, PieceState state, int blocks, int arrived, int inFlight, boolean exclusive) {}
