package dev.spate.cli.view;

import dev.spate.wire.PieceSet;

/** A bar in which each place stands for some pieces and shows how many of them are there. Pure. */
final class PieceMap {

    /** From nothing to everything; what is between is divided evenly. */
    enum Glyphs {
        UNICODE(" ░▒▓█"),
        ASCII(" .:=#");

        private final String steps;

        Glyphs(String steps) {
            this.steps = steps;
        }

        char of(long have, long all) {
            if (have <= 0) {
                return steps.charAt(0);
            }
            if (have >= all) {
                return steps.charAt(steps.length() - 1);
            }
            int between = steps.length() - 2;
            return steps.charAt(1 + (int) (have * between / all));
        }
    }

    private PieceMap() {}

    /**
     * Draws the bar.
     *
     * @param width its number of places, at least 1; with fewer pieces than places, a piece has several
     */
    static String draw(PieceSet pieces, int width, Glyphs glyphs) {
        StringBuilder bar = new StringBuilder(width);
        int all = pieces.pieces();
        for (int place = 0; place < width; place++) {
            if (all == 0) {
                bar.append(glyphs.of(1, 1));
                continue;
            }
            int from = (int) ((long) place * all / width);
            int to = Math.max(from + 1, (int) ((long) (place + 1) * all / width));
            bar.append(glyphs.of(count(pieces, from, to), to - from));
        }
        return bar.toString();
    }

    private static int count(PieceSet pieces, int from, int to) {
        int count = 0;
        for (int piece = pieces.next(from); piece >= 0 && piece < to; piece = pieces.next(piece + 1)) {
            count++;
        }
        return count;
    }
}
