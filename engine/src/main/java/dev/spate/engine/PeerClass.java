package dev.spate.engine;

import dev.spate.core.filter.FilterText;
import dev.spate.core.filter.IpFilter;
import dev.spate.core.filter.IpFilterBuilder;
import dev.spate.core.rate.RateLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The peers of some ranges of addresses, and which limits hold for them; {@link SessionRules#setPeerClass} puts it to use. A value.
 */
public final class PeerClass {
    private final List<String> ranges;
    private final IpFilter addresses;
    private final RateLimits limits;
    private final boolean exempt;

    private PeerClass(List<String> ranges, IpFilter addresses, RateLimits limits, boolean exempt) {
        this.ranges = ranges;
        this.addresses = addresses;
        this.limits = limits;
        this.exempt = exempt;
    }

    /**
     * The peers with these addresses, for whom nothing is different yet.
     *
     * @param ranges at least one, of IPv4 or IPv6, such as {@code 192.0.2.0/24}, {@code 192.0.2.7} or {@code 192.0.2.7-192.0.2.9}
     * @throws IllegalArgumentException if one of them is none
     */
    public static PeerClass of(String... ranges) {
        var builder = new IpFilterBuilder();
        for (String range : ranges) {
            var text = new FilterText(builder);
            byte[] bytes = range.getBytes(StandardCharsets.UTF_8);
            text.read(bytes, 0, bytes.length);
            text.end();
            if (text.badLines() > 0 || text.lines() != 1) {
                throw new IllegalArgumentException(
                        "not a range of addresses: '" + range + "'; write ADDRESS, ADDRESS/BITS or FIRST-LAST");
            }
        }
        if (ranges.length == 0) {
            throw new IllegalArgumentException("a class of peers needs a range of addresses");
        }
        return new PeerClass(List.of(ranges), builder.build(), RateLimits.NONE, false);
    }

    /** With a limit on what all its peers move together, in all torrents. */
    public PeerClass limited(RateLimits newLimits) {
        return new PeerClass(ranges, addresses, newLimits, exempt);
    }

    /** With peers for whom the limits of session, groups, torrents and single peers do not hold. */
    public PeerClass exempt() {
        return new PeerClass(ranges, addresses, limits, true);
    }

    /** As they were given. */
    public List<String> ranges() {
        return ranges;
    }

    /** What all its peers move together at most. */
    public RateLimits limits() {
        return limits;
    }

    /** Whether other limits do not hold for its peers. */
    public boolean isExempt() {
        return exempt;
    }

    IpFilter addresses() {
        return addresses;
    }
}
