package dev.spate.core.filter;

import java.net.InetAddress;

/**
 * Which addresses are shut out, as a value: ranges that are blocked, and ranges that are allowed in spite of them.
 *
 * <p>What is in no range is let through. Where the two kinds overlap the allowed range wins, whatever the order in which they
 * were told: so lists can be joined, and a list of one's own can make exceptions from a stranger's.
 *
 * <p>A question is one or two binary searches over primitive arrays and allocates nothing ({@code IpFilterBenchmark}).
 */
public final class IpFilter {
    private static final IpFilter NONE = new IpFilterBuilder().build();

    private final Ipv4Table blocked4;
    private final Ipv4Table allowed4;
    private final Ipv6Table blocked6;
    private final Ipv6Table allowed6;

    IpFilter(Ipv4Table blocked4, Ipv4Table allowed4, Ipv6Table blocked6, Ipv6Table allowed6) {
        this.blocked4 = blocked4;
        this.allowed4 = allowed4;
        this.blocked6 = blocked6;
        this.allowed6 = allowed6;
    }

    /** Lets everybody through. */
    public static IpFilter none() {
        return NONE;
    }

    /** Whether nothing is to be had from or given to this address. */
    public boolean blocks(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            int ip = (int) Bits.read(bytes, 0, 4);
            return blocked4.contains(ip) && !allowed4.contains(ip);
        }
        long high = Bits.read(bytes, 0, 8);
        long low = Bits.read(bytes, 8, 8);
        return blocked6.contains(high, low) && !allowed6.contains(high, low);
    }

    /** How many ranges are left after neighbours and overlaps were merged, of both kinds. */
    public int ranges() {
        return blocked4.size() + allowed4.size() + blocked6.size() + allowed6.size();
    }

    /** The merged ranges, one a line, in a form that {@link FilterText} reads: {@code FIRST - LAST , LEVEL}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        blocked4.print(text, FilterText.BLOCKED);
        allowed4.print(text, FilterText.ALLOWED);
        blocked6.print(text, FilterText.BLOCKED);
        allowed6.print(text, FilterText.ALLOWED);
        return text.toString();
    }
}
