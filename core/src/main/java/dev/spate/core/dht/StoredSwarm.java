package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.BloomFilter;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.Results;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The peers of one info-hash and one family that a node keeps for others, each IP once (BEP 33, "changed announce
 * accounting").
 *
 * <p>A peer is its IP, its port, whether it is a seed, and when it announced itself, one after the other in one array; an object
 * each would take ten times the memory.
 */
final class StoredSwarm {
    /**
     * The most that are kept. Below BEP 33's 6,000, at which its filters become useless; an answer has room for some dozens.
     */
    static final int MAX_PEERS = 2000;

    private static final int FEW = 2;

    private final int ipLength;
    private final int recordLength;
    private byte[] records;
    private int count;

    /** Seconds, on the store's scale. */
    int announcedAt;

    StoredSwarm(Family family) {
        this.ipLength = family.compactPeerLength() - Short.BYTES;
        this.recordLength = ipLength + Short.BYTES + 1 + Integer.BYTES;
        this.records = new byte[FEW * recordLength];
    }

    int count() {
        return count;
    }

    /** Adds a peer, or notes what has changed about it; the oldest makes room. Returns how many there are more than before. */
    int put(PeerAddress peer, boolean seed, int second) {
        announcedAt = second;
        byte[] ip = peer.ip().getAddress();
        int at = find(ip);
        int before = count;
        if (at < 0) {
            if (count == MAX_PEERS) {
                at = oldest();
            } else {
                at = count++ * recordLength;
                if (at == records.length) {
                    records = Arrays.copyOf(records, at + Math.max(2, count / 4) * recordLength);
                }
            }
        }
        ByteBuffer.wrap(records, at, recordLength)
                .put(ip)
                .putShort((short) peer.port())
                .put((byte) (seed ? 1 : 0))
                .putInt(second);
        return count - before;
    }

    /** Forgets those that announced themselves before a moment; returns how many. */
    int forgetBefore(int second) {
        int before = count;
        int i = 0;
        while (i < count) {
            if (announcedAt(i) - second < 0) {
                count--;
                System.arraycopy(records, count * recordLength, records, i * recordLength, recordLength);
            } else {
                i++;
            }
        }
        if (records.length > 4 * Math.max(FEW, count) * recordLength) {
            records = Arrays.copyOf(records, Math.max(FEW, count) * recordLength);
        }
        return before - count;
    }

    /** Forgets the one that announced itself first; returns how many that were. */
    int forgetOldest() {
        if (count == 0) {
            return 0;
        }
        int at = oldest();
        count--;
        System.arraycopy(records, count * recordLength, records, at, recordLength);
        return 1;
    }

    /** Up to so many of them, from a random one on. */
    List<PeerAddress> some(int most, boolean noSeeds, RandomGenerator random) {
        List<PeerAddress> chosen = new ArrayList<>(Math.min(most, count));
        int start = count <= most ? 0 : random.nextInt(count);
        for (int i = 0; i < count && chosen.size() < most; i++) {
            int index = (start + i) % count;
            if (!noSeeds || !isSeed(index)) {
                chosen.add(peer(index));
            }
        }
        return chosen;
    }

    /** All of them, as filters of seeds and others (BEP 33). */
    Results.Filters filters() {
        BloomFilter seeds = new BloomFilter();
        BloomFilter others = new BloomFilter();
        for (int i = 0; i < count; i++) {
            (isSeed(i) ? seeds : others).add(peer(i).ip());
        }
        Bytes seedBits = seeds.toBytes();
        return new Results.Filters(seedBits, others.toBytes());
    }

    private PeerAddress peer(int index) {
        int at = index * recordLength;
        byte[] ip = Arrays.copyOfRange(records, at, at + ipLength);
        return PeerAddress.of(ip, (records[at + ipLength] & 0xff) << 8 | (records[at + ipLength + 1] & 0xff));
    }

    private boolean isSeed(int index) {
        return records[index * recordLength + ipLength + 2] != 0;
    }

    private int announcedAt(int index) {
        return ByteBuffer.wrap(records).getInt(index * recordLength + ipLength + 3);
    }

    private int find(byte[] ip) {
        for (int at = 0; at < count * recordLength; at += recordLength) {
            if (Arrays.equals(records, at, at + ipLength, ip, 0, ipLength)) {
                return at;
            }
        }
        return -1;
    }

    private int oldest() {
        int oldest = 0;
        for (int i = 1; i < count; i++) {
            if (announcedAt(i) - announcedAt(oldest) < 0) {
                oldest = i;
            }
        }
        return oldest * recordLength;
    }
}
