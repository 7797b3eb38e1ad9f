package dev.spate.classic.course.peer;

import dev.spate.wire.PieceSet;
import java.util.random.RandomGenerator;

/**
 * The pieces that are lacking and that nobody was asked for, and the choice of one of them: any that the neighbour has, each as likely as
 * the others.
 *
 * <p>Implementation note. Why not {@code core.picker}: its whole purpose is what the course forbids. It asks for blocks of 16 KiB where
 * the course knows whole pieces of any size, prefers the rarest, begun pieces and near ones where the course wants a uniform choice,
 * and asks twice for the last ones where the course asks once. With all of that off, a set and a dice remain: this class. The set is
 * {@code wire}'s {@link PieceSet}, and beside it lies a list in which every free piece has its place, so that a
 * random one is one access away. A neighbour that lacks it is asked about another; after {@link #THROWS} misses it has so few of them
 * that walking through what both have, 64 at a time, is cheap. Rejection and walk are both uniform, and so is one after the other.
 */
final class Wanted {
    static final int NOTHING = -1;

    private static final int THROWS = 32;

    private final PieceSet free;
    private final int[] list;
    private final int[] place;
    private int size;

    /** All pieces that {@code have} lacks are free. */
    Wanted(PieceSet have) {
        free = new PieceSet(have.pieces());
        list = new int[have.pieces()];
        place = new int[have.pieces()];
        for (int piece = have.nextLacking(0); piece >= 0; piece = have.nextLacking(piece + 1)) {
            release(piece);
        }
    }

    /** Nobody is asked for the piece any more. */
    void release(int piece) {
        if (free.add(piece)) {
            place[piece] = size;
            list[size++] = piece;
        }
    }

    /** Takes one that is among {@code has}, or answers {@link #NOTHING}. */
    int take(PieceSet has, RandomGenerator random) {
        int piece = size == 0 || has.isEmpty() ? NOTHING : choose(has, random);
        if (piece != NOTHING) {
            remove(piece);
        }
        return piece;
    }

    /** Somebody gave it unasked, or an answer came after it was given up. */
    void remove(int piece) {
        if (free.remove(piece)) {
            int last = list[--size];
            list[place[piece]] = last;
            place[last] = place[piece];
        }
    }

    private int choose(PieceSet has, RandomGenerator random) {
        for (int i = 0; i < THROWS; i++) {
            int piece = list[random.nextInt(size)];
            if (has.contains(piece)) {
                return piece;
            }
        }
        int both = 0;
        for (int piece = free.nextInBoth(has, 0); piece >= 0; piece = free.nextInBoth(has, piece + 1)) {
            both++;
        }
        if (both == 0) {
            return NOTHING;
        }
        int nth = random.nextInt(both);
        int piece = free.nextInBoth(has, 0);
        for (; nth > 0; nth--) {
            piece = free.nextInBoth(has, piece + 1);
        }
        return piece;
    }
}
