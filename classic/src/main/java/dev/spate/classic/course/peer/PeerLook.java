package dev.spate.classic.course.peer;

import java.util.List;

/**
 * How a peer stands, for a person who watches.
 *
 * @param id which peer
 * @param pieces how many pieces it has
 * @param all how many there are
 * @param neighbours in the order of {@code PeerInfo.cfg}
 */
public record PeerLook(int id, int pieces, int all, List<Neighbour> neighbours) {

    /** Where it stands with another. */
    public enum Tie {
        /** No connection. */
        NONE('n'),
        /** We choke it, and it is not interested. */
        QUIET('q'),
        /** We choke it, and it is interested. */
        CHOKED('c'),
        /** We unchoke it: it is preferred. */
        PREFERRED('p'),
        /** We unchoke it: it is the optimistic neighbour. */
        OPTIMISTIC('o');

        final char letter;

        Tie(char letter) {
            this.letter = letter;
        }

        static Tie of(char letter) {
            for (Tie each : values()) {
                if (each.letter == letter) {
                    return each;
                }
            }
            throw new IllegalArgumentException("no tie: " + letter);
        }
    }

    /**
     * Another peer, as this one sees it.
     *
     * @param id which peer
     * @param pieces how many pieces we know it to have
     * @param tie where we stand with it
     */
    public record Neighbour(int id, int pieces, Tie tie) {}

    public PeerLook {
        neighbours = List.copyOf(neighbours);
    }
}
