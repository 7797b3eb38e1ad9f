package dev.spate.core.swarm;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which piece a super-seed offers to whom (BEP 16), so that each piece leaves it about once until a whole copy is out.
 *
 * <pre>
 *   a peer: joined --> FREE --offered--> FETCHING --it has the piece--> PASSING ON --another has it--> FREE
 * </pre>
 *
 * <p>Whoever leaves while it fetches frees its piece. Two cases in which nobody would ever pass on are not BEP 16's but ours: a peer
 * that is alone goes on at once, and one whose piece nobody took for {@link #PATIENCE} goes on as well, at that slow pace.
 *
 * <p>Offered is the piece with the fewest copies, and of these the one that is on offer to the fewest. A piece without either is
 * taken as soon as it is seen, so at first all go out in their order; later the best of
 * {@link #PROBES} is.
 *
 * <p>Peers do not always say what we know already: whoever was sent a whole piece has it.
 */
final class Offers {

    /** What is on offer to a peer that has nothing on offer. */
    private static final int NOTHING = -1;

    /** So long a peer that has its piece waits for another to take it. */
    static final long PATIENCE = Duration.ofMinutes(1).toNanos();

    /** How many pieces are compared for one offer. */
    static final int PROBES = 64;

    /** With so many copies of each piece, one peer that leaves takes none with it. */
    static final int ENOUGH_COPIES = 2;

    /** Told of what is to be offered. */
    interface Announcement {
        void offered(int peer, int piece);
    }

    private static final class Party {
        final PieceSet has;
        int piece = NOTHING;
        long sent;
        long hasItSince;

        /** It wants pieces, so that offers are not lost on it. */
        boolean takes = true;

        Party(PieceSet has) {
            this.has = has;
        }

        boolean isFetching() {
            return piece != NOTHING && !has.contains(piece);
        }
    }

    private final PieceLayout layout;
    private final SortedMap<Integer, Party> parties = new TreeMap<>();
    private final int[] copies;
    /** To how many each piece is on offer that do not have it. */
    private final int[] onOffer;

    /** How many of the parties take offers. */
    private int takers;

    private int cursor;
    private boolean changed;
    private long patienceEndsAt = Long.MAX_VALUE;

    /** The first piece that may be short of copies, and how many before it, in a circle, were seen not to be. */
    private int doubtful;

    private int confirmed;
    private boolean someoneHasAll;

    Offers(PieceLayout layout) {
        this.layout = layout;
        this.copies = new int[layout.pieces()];
        this.onOffer = new int[layout.pieces()];
    }

    /** A peer is there, and has nothing so far. */
    void joined(int peer) {
        parties.put(peer, new Party(new PieceSet(layout.pieces())));
        takers++;
        changed = true;
    }

    void gained(int peer, int piece, long now) {
        Party party = parties.get(peer);
        if (party == null || !party.has.add(piece)) {
            return;
        }
        copies[piece]++;
        changed = true;
        if (piece == party.piece) {
            onOffer[piece]--;
            party.hasItSince = now;
        }
        someoneHasAll |= party.has.isFull();
    }

    /** Whether it wants pieces. Who wants none is offered none; what it has still counts. */
    void takes(int peer, boolean takes) {
        Party party = parties.get(peer);
        if (party != null && party.takes != takes) {
            withdraw(party);
            party.takes = takes;
            party.piece = NOTHING;
            takers += takes ? 1 : -1;
            changed = true;
        }
    }

    private void withdraw(Party party) {
        if (party.isFetching()) {
            onOffer[party.piece]--;
            cursor = party.piece;
        }
    }

    void lost(int peer, int piece) {
        Party party = parties.get(peer);
        if (party == null || !party.has.remove(piece)) {
            return;
        }
        removeCopy(piece);
        if (piece == party.piece) {
            // It is FREE, and may be offered the same one again.
            party.piece = NOTHING;
        }
    }

    /** A block has gone to it. */
    void sent(int peer, BlockRange block, long now) {
        Party party = parties.get(peer);
        if (party != null && block.piece() == party.piece) {
            party.sent += block.length();
            if (party.sent >= layout.length(block.piece())) {
                gained(peer, block.piece(), now);
            }
        }
    }

    void left(int peer) {
        Party party = parties.remove(peer);
        if (party == null) {
            return;
        }
        withdraw(party);
        takers -= party.takes ? 1 : 0;
        for (int piece = party.has.next(0); piece >= 0; piece = party.has.next(piece + 1)) {
            removeCopy(piece);
        }
        changed = true;
    }

    private void removeCopy(int piece) {
        copies[piece]--;
        confirmed = 0;
        changed = true;
    }

    /** Whether one peer had all pieces, or each piece has copies enough; then there is no more use in super-seeding. */
    boolean isEnough() {
        while (confirmed < copies.length && copies[doubtful] >= ENOUGH_COPIES) {
            confirmed++;
            doubtful = next(doubtful);
        }
        return someoneHasAll || confirmed == copies.length;
    }

    /** When {@link #settle} is due though nothing has changed. */
    long deadline() {
        return patienceEndsAt;
    }

    /** Offers to everyone who is free the next piece. */
    void settle(Announcement announcement, long now) {
        if (!changed && now - patienceEndsAt < 0) {
            return;
        }
        changed = false;
        patienceEndsAt = Long.MAX_VALUE;
        for (Map.Entry<Integer, Party> each : parties.entrySet()) {
            Party party = each.getValue();
            int piece = isFree(party, now) ? choose(party) : NOTHING;
            if (piece != NOTHING) {
                party.piece = piece;
                party.sent = 0;
                onOffer[piece]++;
                announcement.offered(each.getKey(), piece);
            } else if (party.piece != NOTHING && !party.isFetching() && !isFree(party, now)) {
                patienceEndsAt = Math.min(patienceEndsAt, party.hasItSince + PATIENCE);
            }
        }
    }

    private boolean isFree(Party party, long now) {
        if (!party.takes || party.piece == NOTHING) {
            return party.takes;
        }
        return !party.isFetching() && (copies[party.piece] > 1 || takers == 1 || now - party.hasItSince >= PATIENCE);
    }

    private int choose(Party party) {
        int best = NOTHING;
        int probes = 0;
        int piece = cursor;
        for (int seen = 0; seen < copies.length && probes < PROBES; seen++) {
            if (!party.has.contains(piece)) {
                probes++;
                if (best == NOTHING || isRarer(piece, best)) {
                    best = piece;
                }
                if (copies[best] + onOffer[best] == 0) {
                    break;
                }
            }
            piece = next(piece);
        }
        cursor = best == NOTHING ? cursor : next(best);
        return best;
    }

    private boolean isRarer(int piece, int other) {
        return copies[piece] != copies[other] ? copies[piece] < copies[other] : onOffer[piece] < onOffer[other];
    }

    private int next(int piece) {
        return piece + 1 == copies.length ? 0 : piece + 1;
    }
}
