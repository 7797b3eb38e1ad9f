package dev.spate.core.picker;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The wanted pieces that nobody has begun, and the choice of the next one to begin.
 *
 * <p>Implementation note: a higher priority goes strictly before a lower one. Within a priority the choice is by index
 * ({@code IN_ORDER}), anywhere ({@code ANYWHERE}, for the first pieces of a torrent: a peer that has nothing to trade wants
 * any piece soon, and a rare one comes from few peers), or by rarity. By rarity means: the rarest bucket of which the peer has
 * a piece, and a random one within it, so that peers who see the same availability do not all fetch the same piece.
 *
 * <p>To find what the peer has, buckets are probed from a random index on. A peer that has few of our free pieces would make
 * that a walk of all of them, so after {@link #GLANCE} misses the peer's pieces and ours are intersected, 64 at a time from a
 * random place on. If that ends before there are {@link #CANDIDATES}, the rarest of them is the one. If not, buckets are probed
 * again, up to {@link #PROBES} misses, after which the rarest of the candidates is taken. So the choice is exact for whoever
 * has few of our free pieces or one in a thousand of the rarest, and in a torrent of up to PROBES of them for everybody; and it
 * never misses a piece that can be had.
 *
 * <p>What the peer itself suggests decides between pieces that are as rare as each other: to it they are not alike, one may lie in
 * its cache. It never makes a rarer piece wait.
 */
final class FreePieces {

    /** How the next piece is chosen within a priority. */
    enum Order {
        RAREST_FIRST,
        ANYWHERE,
        IN_ORDER
    }

    static final int PRIORITIES = 8;
    static final int GLANCE = 16;
    static final int PROBES = 1024;
    static final int CANDIDATES = 64;
    private static final int NOTHING = -1;
    private static final int UNDECIDED = -2;

    private final int pieces;
    private final int[] place;
    private final Availability availability;
    private final HeldBack heldBack;
    private final RandomGenerator random;
    private final int[] candidates = new int[CANDIDATES];
    private final @Nullable PieceSet[] sets = new @Nullable PieceSet[PRIORITIES];
    private final @Nullable RarityBuckets[] buckets = new @Nullable RarityBuckets[PRIORITIES];
    private int count;

    FreePieces(PieceLayout layout, int[] place, Availability availability, HeldBack heldBack, RandomGenerator random) {
        this.pieces = layout.pieces();
        this.place = place;
        this.availability = availability;
        this.heldBack = heldBack;
        this.random = random;
    }

    void add(int piece, int priority) {
        PieceSet set = sets[priority];
        RarityBuckets rarity = buckets[priority];
        if (set == null || rarity == null) {
            sets[priority] = set = new PieceSet(pieces);
            buckets[priority] = rarity = new RarityBuckets(place);
        }
        boolean added = set.add(piece);
        assert added : "free already: " + piece;
        rarity.add(piece, availability.own(piece));
        count++;
    }

    void remove(int piece, int priority) {
        PieceSet set = sets[priority];
        RarityBuckets rarity = buckets[priority];
        assert set != null && rarity != null : "no piece has priority " + priority;
        boolean removed = set.remove(piece);
        assert removed : "not free: " + piece;
        rarity.remove(piece, availability.own(piece));
        count--;
    }

    /** The piece's own part of the availability has changed. */
    void moved(int piece, int priority, int from, int to) {
        RarityBuckets rarity = buckets[priority];
        assert rarity != null : "no piece has priority " + priority;
        rarity.remove(piece, from);
        rarity.add(piece, to);
    }

    int count() {
        return count;
    }

    /** How many of them at least one peer has. */
    int reachable() {
        int unreachable = 0;
        for (RarityBuckets rarity : buckets) {
            unreachable += rarity == null ? 0 : rarity.size(-availability.common());
        }
        return count - unreachable;
    }

    /** The next piece to begin at this peer, or -1. */
    int choose(Picker.Ask ask, Order order) {
        for (int priority = PRIORITIES - 1; priority > 0; priority--) {
            PieceSet set = sets[priority];
            RarityBuckets rarity = buckets[priority];
            if (set == null || rarity == null || set.isEmpty()) {
                continue;
            }
            int piece = switch (order) {
                case IN_ORDER -> next(set, ask, 0);
                case ANYWHERE -> anywhere(set, ask);
                case RAREST_FIRST -> rarest(set, rarity, ask);
            };
            if (piece >= 0) {
                return piece;
            }
        }
        return NOTHING;
    }

    /** The next piece from a random one on; uniform as long as nearly all pieces are free, as they are when it is used. */
    private int anywhere(PieceSet set, Picker.Ask ask) {
        int suggested = suggested(set, ask, Integer.MAX_VALUE);
        if (suggested != NOTHING) {
            return suggested;
        }
        int piece = next(set, ask, random.nextInt(pieces));
        return piece >= 0 ? piece : next(set, ask, 0);
    }

    /** The first that the peer suggests of the pieces of the set that are at least so rare, or -1. */
    private int suggested(PieceSet set, Picker.Ask ask, int rarity) {
        for (int piece : ask.suggested()) {
            if (set.contains(piece) && mayBegin(piece, ask) && availability.own(piece) <= rarity) {
                return piece;
            }
        }
        return NOTHING;
    }

    private int rarest(PieceSet set, RarityBuckets rarity, Picker.Ask ask) {
        int rarest = byRarity(set, rarity, ask);
        if (rarest == NOTHING) {
            return NOTHING;
        }
        int suggested = suggested(set, ask, availability.own(rarest));
        return suggested == NOTHING ? rarest : suggested;
    }

    private int byRarity(PieceSet set, RarityBuckets rarity, Picker.Ask ask) {
        int glanced = probe(rarity, ask, GLANCE);
        if (glanced != UNDECIDED) {
            return glanced;
        }
        int found = intersect(set, ask);
        int probed = found < CANDIDATES ? UNDECIDED : probe(rarity, ask, PROBES);
        return probed == UNDECIDED ? rarestCandidate(found) : probed;
    }

    /** A random one of the rarest that this peer may be asked for, or that there is none, or that the search was cut short. */
    private int probe(RarityBuckets rarity, Picker.Ask ask, int misses) {
        int probes = misses;
        for (int key = rarity.nextKey(Integer.MIN_VALUE); key != Integer.MAX_VALUE; key = rarity.nextKey(key + 1)) {
            int size = rarity.size(key);
            int index = random.nextInt(size);
            for (int i = 0; i < size; i++) {
                int piece = rarity.piece(key, index);
                if (mayBegin(piece, ask)) {
                    return piece;
                }
                if (--probes == 0) {
                    return UNDECIDED;
                }
                index = index + 1 == size ? 0 : index + 1;
            }
        }
        return NOTHING;
    }

    /** Collects what this peer may be asked for, from a random piece on, until there are {@link #CANDIDATES}; how many there are. */
    private int intersect(PieceSet set, Picker.Ask ask) {
        int start = random.nextInt(pieces);
        int found = collect(set, ask, start, pieces, 0);
        return collect(set, ask, 0, start, found);
    }

    private int collect(PieceSet set, Picker.Ask ask, int from, int to, int already) {
        int found = already;
        for (int piece = next(set, ask, from); piece >= 0 && piece < to && found < CANDIDATES; ) {
            candidates[found++] = piece;
            piece = next(set, ask, piece + 1);
        }
        return found;
    }

    private int rarestCandidate(int count) {
        int best = NOTHING;
        int rarity = Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            int own = availability.own(candidates[i]);
            if (own < rarity) {
                best = candidates[i];
                rarity = own;
            }
        }
        return best;
    }

    private boolean mayBegin(int piece, Picker.Ask ask) {
        return ask.mayHave(piece) && !heldBack.contains(piece);
    }

    /** The smallest piece of the set that is at least {@code from} and that this peer may begin, or -1. */
    private int next(PieceSet set, Picker.Ask ask, int from) {
        PieceSet only = ask.only() == null ? ask.has() : ask.only();
        int piece = set.nextInBoth(only, from);
        while (piece >= 0 && !mayBegin(piece, ask)) {
            piece = set.nextInBoth(only, piece + 1);
        }
        return piece;
    }
}
