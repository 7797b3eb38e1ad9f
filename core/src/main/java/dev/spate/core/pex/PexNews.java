package dev.spate.core.pex;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.PeerExchange.Contact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one peer is told of the others, and was: at most a message a minute, with the difference to the last (BEP 11). */
public final class PexNews {

    /** BEP 11: "not more than one PEX message per minute". */
    public static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    /** BEP 11: "SHOULD NOT contain more than 50 entries" added, and the same dropped. */
    public static final int MAX_NEWS = 50;

    /** Addresses that a peer may remember from us; whoever has more connections tells of a part. */
    static final int MAX_TOLD = 500;

    private final Set<PeerAddress> told = new LinkedHashSet<>();
    private long nextAt;

    /** The first message may go at once. */
    public PexNews(long now) {
        nextAt = now;
    }

    /** When {@link #next} may have something. */
    public long deadline() {
        return nextAt;
    }

    /**
     * What to tell now; empty before {@link #deadline} and when there is no news. Then it waits for another interval.
     *
     * @param connected the peers that we are connected to and whose addresses can be dialed
     * @param self the peer that is told, who is not told of itself
     */
    public Optional<PeerExchange> next(List<Contact> connected, PeerAddress self, long now) {
        if (nextAt - now > 0) {
            return Optional.empty();
        }
        nextAt = now + INTERVAL;
        Set<PeerAddress> present = new LinkedHashSet<>();
        connected.forEach(contact -> present.add(contact.address()));
        List<PeerAddress> dropped = told.stream()
                .filter(address -> !present.contains(address))
                .limit(MAX_NEWS)
                .toList();
        dropped.forEach(told::remove);
        List<Contact> added = new ArrayList<>();
        for (Contact contact : connected) {
            if (added.size() < MAX_NEWS
                    && told.size() < MAX_TOLD
                    && !contact.address().equals(self)
                    && told.add(contact.address())) {
                added.add(contact);
            }
        }
        return added.isEmpty() && dropped.isEmpty() ? Optional.empty() : Optional.of(new PeerExchange(added, dropped));
    }
}
