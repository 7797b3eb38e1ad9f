package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The nodes that a node passes questions on to, all that its descriptor names, and what is known of them.
 *
 * <p>The original sorts them by the distance of their id from the hash key and means ids to be UUIDs, but nobody ever tells his. So a
 * neighbour's id is the name-based UUID of its address, the same for everybody: walks for one key are drawn to the same nodes.
 */
final class Neighbours {
    /** One that was silent comes last for so long. */
    private static final long SILENT_NANOS = 60_000_000_000L;

    private final Map<PeerAddress, Known> all = new LinkedHashMap<>();
    private final RandomGenerator random;

    private static final class Known {
        final String id;
        /** It sent an extension once. */
        boolean speaksSpate;
        /** It did not answer the last call. */
        boolean silent;

        long silentUntil;

        Known(PeerAddress address) {
            this.id = UUID.nameUUIDFromBytes(address.toString().getBytes(StandardCharsets.US_ASCII))
                    .toString();
        }
    }

    Neighbours(List<PeerAddress> addresses, PeerAddress own, RandomGenerator random) {
        this.random = random;
        for (PeerAddress address : addresses) {
            if (!address.equals(own)) {
                all.computeIfAbsent(address, Known::new);
            }
        }
    }

    int size() {
        return all.size();
    }

    /**
     * All but two: the nearest first, the others as chance wills, so that walks do not all go the same ways; those that were silent lately
     * come last.
     */
    List<PeerAddress> nearest(HashKey key, PeerAddress notThis, PeerAddress norThis, long now) {
        List<PeerAddress> awake = new ArrayList<>();
        List<PeerAddress> silent = new ArrayList<>();
        all.forEach((address, known) -> {
            if (!address.equals(notThis) && !address.equals(norThis)) {
                (isSilent(known, now) ? silent : awake).add(address);
            }
        });
        Collections.shuffle(awake, random);
        awake.stream()
                .min(Comparator.<PeerAddress>comparingInt(address -> key.distance(known(address).id))
                        .thenComparing(Comparator.naturalOrder()))
                .ifPresent(nearest -> {
                    awake.remove(nearest);
                    awake.addFirst(nearest);
                });
        awake.addAll(silent);
        return awake;
    }

    private Known known(PeerAddress address) {
        return all.computeIfAbsent(address, Known::new);
    }

    private static boolean isSilent(Known known, long now) {
        return known.silent && known.silentUntil - now > 0;
    }

    /** How often it is worth to call one: a node of the original, which acknowledges nothing, passes each try on anew. */
    int tries(PeerAddress address, int usual) {
        Known known = all.get(address);
        return known != null && known.silent && !known.speaksSpate ? 1 : usual;
    }

    void heard(PeerAddress address, boolean speaksSpate) {
        Known known = all.get(address);
        if (known != null) {
            known.silent = false;
            known.speaksSpate |= speaksSpate;
        }
    }

    void silent(PeerAddress address, long now) {
        Known known = all.get(address);
        if (known != null) {
            known.silent = true;
            known.silentUntil = now + SILENT_NANOS;
        }
    }
}
