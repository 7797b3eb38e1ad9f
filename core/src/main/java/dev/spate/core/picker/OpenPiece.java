package dev.spate.core.picker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One piece that was begun: which of its blocks are here, of whom the missing ones were asked, and who writes them.
 *
 * <p>Implementation note: a block is <em>free</em> (missing, asked of nobody), <em>in flight</em> (missing, asked of one peer or,
 * in the endgame, of several), or <em>here</em>. The first peer that was asked stands in {@code who}, and so does, once the block
 * is here, the one that delivered it; the lists for the rest are empty nearly always. A peer whose request timed out is kept
 * as <em>late</em>: the block may be asked of another, but if the late one comes after all it is taken.
 */
final class OpenPiece {
    private static final int NOBODY = Picker.NOBODY;

    /** A peer that was asked for a block beside the first, or that is late. */
    private record Asked(int block, int peer) {}

    /** A peer that is writing a block since a moment. */
    record Arrival(int block, int peer, long since) {}

    final int piece;
    final int blocks;
    private final long[] free;
    private final long[] here;
    private final int[] who;
    private final List<Asked> more = new ArrayList<>(0);
    private final List<Asked> late = new ArrayList<>(0);
    private final List<Arrival> arrivals = new ArrayList<>(2);
    private int freeBlocks;
    private int blocksHere;

    /** The peer that has this piece to itself unless nothing else is left, or {@link Picker#NOBODY}. */
    int owner = NOBODY;

    /** Whether nobody but the owner may be asked for blocks of it, come what may. */
    boolean exclusive;

    /** Whether what is here is to be thrown away. */
    boolean abandoned;

    /** Where it is in the list of pieces with free blocks, or -1. */
    int needyPlace = -1;

    OpenPiece(int piece, int blocks) {
        this.piece = piece;
        this.blocks = blocks;
        free = new long[(blocks + 63) >>> 6];
        here = new long[free.length];
        who = new int[blocks];
        Arrays.fill(free, -1L);
        if ((blocks & 63) != 0) {
            free[free.length - 1] = (1L << blocks) - 1;
        }
        Arrays.fill(who, NOBODY);
        freeBlocks = blocks;
    }

    int freeBlocks() {
        return freeBlocks;
    }

    int blocksHere() {
        return blocksHere;
    }

    int blocksInFlight() {
        return blocks - freeBlocks - blocksHere;
    }

    boolean isFull() {
        return blocksHere == blocks;
    }

    boolean isHere(int block) {
        return get(here, block);
    }

    boolean isFree(int block) {
        return get(free, block);
    }

    /** The lowest free block; there must be one. Ascending, since long pieces are hashed as far as they are here. */
    int firstFree() {
        int index = 0;
        while (free[index] == 0) {
            index++;
        }
        return (index << 6) + Long.numberOfTrailingZeros(free[index]);
    }

    /** How many peers were asked for a missing block, late ones not counted. */
    int askers(int block) {
        assert !isHere(block) : "block " + block + " is here";
        return who[block] == NOBODY ? 0 : 1 + count(more, block);
    }

    boolean isAsked(int block, int peer) {
        return !isHere(block) && (who[block] == peer || (!more.isEmpty() && more.contains(new Asked(block, peer))));
    }

    boolean isLate(int block, int peer) {
        return !late.isEmpty() && late.contains(new Asked(block, peer));
    }

    void ask(int block, int peer) {
        assert !isHere(block) && !isAsked(block, peer) : "asked in vain: " + block;
        forgetLate(block, peer);
        if (who[block] == NOBODY) {
            who[block] = peer;
            free[block >>> 6] &= ~(1L << block);
            freeBlocks--;
        } else {
            more.add(new Asked(block, peer));
        }
    }

    /** The peer is not expected to deliver the block; false if it was not before. */
    boolean withdraw(int block, int peer) {
        if (!isAsked(block, peer)) {
            return false;
        }
        if (who[block] != peer) {
            more.remove(new Asked(block, peer));
            return true;
        }
        who[block] = NOBODY;
        for (int i = 0; i < more.size(); i++) {
            if (more.get(i).block == block) {
                who[block] = more.remove(i).peer;
                return true;
            }
        }
        free[block >>> 6] |= 1L << block;
        freeBlocks++;
        return true;
    }

    void keepAsLate(int block, int peer) {
        late.add(new Asked(block, peer));
    }

    void forgetLate(int block, int peer) {
        if (!late.isEmpty()) {
            late.remove(new Asked(block, peer));
        }
    }

    @Nullable
    Arrival arrival(int block) {
        for (int i = 0; i < arrivals.size(); i++) {
            if (arrivals.get(i).block == block) {
                return arrivals.get(i);
            }
        }
        return null;
    }

    void arriving(int block, int peer, long now) {
        assert arrival(block) == null : "two writers of block " + block;
        arrivals.add(new Arrival(block, peer, now));
    }

    /** Ends the arrival of a block by this peer, if there is one. */
    void stopArriving(int block, int peer) {
        for (int i = 0; i < arrivals.size(); i++) {
            Arrival arrival = arrivals.get(i);
            if (arrival.block == block && arrival.peer == peer) {
                arrivals.remove(i);
                return;
            }
        }
    }

    /** A block is here. Returns all other peers that may still send it; each active one goes to {@code withdrawn} too. */
    List<Integer> arrived(int block, int peer, IntConsumer withdrawn) {
        assert !isHere(block) : "arrived twice: " + block;
        stopArriving(block, peer);
        List<Integer> others = List.of();
        if (who[block] == NOBODY) {
            free[block >>> 6] &= ~(1L << block);
            freeBlocks--;
        } else if (who[block] != peer || !more.isEmpty()) {
            others = new ArrayList<>();
            addOther(others, who[block], peer);
            for (Asked asked : more) {
                if (asked.block == block) {
                    addOther(others, asked.peer, peer);
                }
            }
            others.forEach(withdrawn::accept);
            more.removeIf(asked -> asked.block == block);
        }
        if (!late.isEmpty() && count(late, block) > 0) {
            others = new ArrayList<>(others);
            for (Asked asked : late) {
                if (asked.block == block) {
                    addOther(others, asked.peer, peer);
                }
            }
            late.removeIf(asked -> asked.block == block);
        }
        who[block] = peer;
        here[block >>> 6] |= 1L << block;
        blocksHere++;
        return others;
    }

    /** Says of whom each block is, or {@link Picker#NOBODY} where it is missing. */
    int[] contributors() {
        int[] result = new int[blocks];
        for (int block = 0; block < blocks; block++) {
            result[block] = isHere(block) ? who[block] : NOBODY;
        }
        return result;
    }

    /** What one peer delivered is said to be of another from now on. */
    void rename(int peer, int successor) {
        for (int block = 0; block < blocks; block++) {
            if (who[block] == peer && isHere(block)) {
                who[block] = successor;
            }
        }
    }

    /** Tells the blocks that were asked of a peer, late ones not counted. */
    void forEachAsked(int peer, IntConsumer action) {
        for (int block = 0; block < blocks; block++) {
            if (isAsked(block, peer)) {
                action.accept(block);
            }
        }
    }

    /** No late block is taken any more, nor is one that is arriving. */
    void forgetLate() {
        late.clear();
        arrivals.clear();
    }

    void forgetLate(int peer) {
        late.removeIf(asked -> asked.peer == peer);
        arrivals.removeIf(arrival -> arrival.peer == peer);
    }

    /** All peers that may still send a block: first the first ones asked, in order of blocks; late ones last. */
    void forEachAsker(Askers action) {
        for (int block = 0; block < blocks; block++) {
            if (!isHere(block) && who[block] != NOBODY) {
                action.asked(block, who[block]);
            }
        }
        more.forEach(asked -> action.asked(asked.block, asked.peer));
        late.forEach(asked -> action.asked(asked.block, asked.peer));
    }

    /** Told of a block that was asked of a peer. */
    interface Askers {
        void asked(int block, int peer);
    }

    private static void addOther(List<Integer> others, int peer, int but) {
        if (peer != but) {
            others.add(peer);
        }
    }

    private static int count(List<Asked> list, int block) {
        int count = 0;
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).block == block) {
                count++;
            }
        }
        return count;
    }

    private static boolean get(long[] bits, int index) {
        return (bits[index >>> 6] >>> index & 1) != 0;
    }
}
