package dev.spate.core.filter;

import java.net.InetAddress;
import java.util.Arrays;

/** Collects ranges in any order. Not for use by several threads at once. */
public final class IpFilterBuilder {

    /** Ranges of one kind and family: four times the longest list of the field, and some 60 MB while they are collected. */
    public static final int MAX_RANGES = 2_000_000;

    private final Ipv4Table.Collector blocked4;
    private final Ipv4Table.Collector allowed4;
    private final Ipv6Table.Collector blocked6;
    private final Ipv6Table.Collector allowed6;

    public IpFilterBuilder() {
        this(MAX_RANGES);
    }

    IpFilterBuilder(int maxRanges) {
        blocked4 = new Ipv4Table.Collector(maxRanges);
        allowed4 = new Ipv4Table.Collector(maxRanges);
        blocked6 = new Ipv6Table.Collector(maxRanges);
        allowed6 = new Ipv6Table.Collector(maxRanges);
    }

    /**
     * Blocks or allows the addresses from {@code first} to {@code last}, both included.
     *
     * @return false if there is no room for another range
     * @throws IllegalArgumentException if they are of different families or {@code last} is before {@code first}
     */
    public boolean add(InetAddress first, InetAddress last, boolean blocked) {
        byte[] from = first.getAddress();
        byte[] to = last.getAddress();
        if (from.length != to.length || Arrays.compareUnsigned(from, to) > 0) {
            throw new IllegalArgumentException(
                    "not a range: " + first.getHostAddress() + " to " + last.getHostAddress());
        }
        return from.length == 4
                ? addIpv4((int) Bits.read(from, 0, 4), (int) Bits.read(to, 0, 4), blocked)
                : addIpv6(
                        Bits.read(from, 0, 8),
                        Bits.read(from, 8, 8),
                        Bits.read(to, 0, 8),
                        Bits.read(to, 8, 8),
                        blocked);
    }

    boolean addIpv4(int first, int last, boolean blocked) {
        return (blocked ? blocked4 : allowed4).add(first, last);
    }

    boolean addIpv6(long firstHigh, long firstLow, long lastHigh, long lastLow, boolean blocked) {
        return (blocked ? blocked6 : allowed6).add(firstHigh, firstLow, lastHigh, lastLow);
    }

    /** What was collected so far. */
    public IpFilter build() {
        return new IpFilter(blocked4.table(), allowed4.table(), blocked6.table(), allowed6.table());
    }
}
