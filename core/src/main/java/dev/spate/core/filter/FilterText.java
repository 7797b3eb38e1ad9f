package dev.spate.core.filter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of ranges as it comes, in pieces of any size. Each line may be in any of these forms:
 *
 * <pre>
 *   001.009.096.105 - 001.009.096.105 , 000 , name        eMule's ipfilter.dat; a level above 127 allows
 *   name, with: colons:1.9.96.105-1.9.96.105               PeerGuardian, "P2P"
 *   1.9.96.0/24     2001:db8::/32     192.0.2.1            CIDR, or one address
 *   1.9.96.0-1.9.96.255                                    a range alone
 * </pre>
 *
 * Empty lines are passed over, and those that begin with {@code #}, {@code ;} or {@code //}; behind the last two forms
 * a comment may follow. A line that makes no sense is counted, and the first few are kept for a person to look at; nothing of it
 * is an exception.
 */
public final class FilterText {

    /** A line that could not be read; lines count from 1. */
    public record BadLine(long number, String reason) {
        /** For a person. */
        @Override
        public String toString() {
            return "line " + number + ": " + reason;
        }
    }

    /** Bad lines that are kept. */
    public static final int MAX_BAD_LINES = 5;

    /** Bytes of a line; the names of the longest lists have some hundred. */
    static final int MAX_LINE = 2048;

    static final int BLOCKED = 0;
    static final int ALLOWED = 255;

    /** eMule, "ipfilter.dat": what has a higher level than this is let through. */
    private static final int HIGHEST_BLOCKED = 127;

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private final IpFilterBuilder ranges;
    private final byte[] line = new byte[MAX_LINE];
    private final AddressScanner scanner = new AddressScanner(line);
    private final List<BadLine> firstBad = new ArrayList<>();
    private int length;
    private long lines;
    private long badLines;

    // The range of the present line.
    private boolean isIpv6;
    private long firstHigh;
    private long firstLow;
    private long lastHigh;
    private long lastLow;
    private int level;
    private boolean isMixed;

    /** @param ranges takes what is read */
    public FilterText(IpFilterBuilder ranges) {
        this.ranges = ranges;
    }

    /** The next bytes of the list. */
    public void read(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (bytes[i] == '\n') {
                endLine();
            } else {
                if (length < MAX_LINE) {
                    line[length] = bytes[i];
                }
                // Goes on counting, so that a line that is too long is known as such.
                length = Math.min(length + 1, MAX_LINE + 1);
            }
        }
    }

    /** The list ends here, with or without an end of its last line. */
    public void end() {
        if (length > 0) {
            endLine();
        }
    }

    public long lines() {
        return lines;
    }

    /** Lines that could not be read. */
    public long badLines() {
        return badLines;
    }

    /** The first few of them. */
    public List<BadLine> firstBadLines() {
        return List.copyOf(firstBad);
    }

    private void endLine() {
        lines++;
        String trouble = length > MAX_LINE ? "longer than " + MAX_LINE + " bytes" : take();
        length = 0;
        if (trouble != null) {
            badLines++;
            if (firstBad.size() < MAX_BAD_LINES) {
                firstBad.add(new BadLine(lines, trouble));
            }
        }
    }

    /** Reads the line; returns what is wrong with it, or null. */
    private @Nullable String take() {
        trim();
        if (scanner.at == scanner.end || isComment()) {
            return null;
        }
        int begin = scanner.at;
        if (!rangeThenRest()) {
            scanner.at = begin;
            if (!nameThenRange()) {
                return "this is none of: FIRST - LAST , LEVEL; NAME:FIRST-LAST; ADDRESS/BITS";
            }
        }
        return store();
    }

    /** Without white space around, and without the byte order mark that Windows writes first. */
    private void trim() {
        scanner.at = lines == 1 && length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb ? 3 : 0;
        scanner.end = length;
        while (scanner.end > scanner.at && line[scanner.end - 1] >= 0 && line[scanner.end - 1] <= ' ') {
            scanner.end--;
        }
        scanner.skipSpace();
    }

    private boolean isComment() {
        int first = scanner.peek();
        return first == '#'
                || first == ';'
                || (first == '/' && scanner.at + 1 < scanner.end && line[scanner.at + 1] == '/');
    }

    /** All forms that begin with an address. */
    private boolean rangeThenRest() {
        if (!scanner.address()) {
            return false;
        }
        level = BLOCKED;
        first();
        if (scanner.accept('/')) {
            return prefix() && isRestComment();
        }
        scanner.skipSpace();
        if (!scanner.accept('-')) {
            last();
            return isRestComment();
        }
        scanner.skipSpace();
        if (!scanner.address()) {
            return false;
        }
        last();
        scanner.skipSpace();
        if (!scanner.accept(',')) {
            return isRestComment();
        }
        scanner.skipSpace();
        level = scanner.number();
        scanner.skipSpace();
        return level >= 0 && (scanner.peek() < 0 || scanner.peek() == ',');
    }

    private boolean isRestComment() {
        scanner.skipSpace();
        return scanner.peek() < 0 || isComment();
    }

    /**
     * The name may have colons and hyphens of its own, and so has an IPv6 address. The range is what begins behind the first
     * colon from which a range reaches to the end.
     */
    private boolean nameThenRange() {
        for (int colon = scanner.at; colon < scanner.end; colon++) {
            if (line[colon] == ':') {
                scanner.at = colon + 1;
                if (rangeToTheEnd()) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean rangeToTheEnd() {
        scanner.skipSpace();
        if (!scanner.address()) {
            return false;
        }
        first();
        scanner.skipSpace();
        if (!scanner.accept('-')) {
            return false;
        }
        scanner.skipSpace();
        if (!scanner.address()) {
            return false;
        }
        last();
        level = BLOCKED;
        return scanner.at == scanner.end;
    }

    private void first() {
        isIpv6 = scanner.isIpv6;
        firstHigh = scanner.high;
        firstLow = scanner.low;
    }

    private void last() {
        isMixed = scanner.isIpv6 != isIpv6;
        lastHigh = scanner.high;
        lastLow = scanner.low;
    }

    private boolean prefix() {
        int bits = scanner.number();
        if (bits < 0 || bits > (isIpv6 ? IPV6_BITS : IPV4_BITS)) {
            return false;
        }
        long highMask = isIpv6 ? mask(bits) : 0;
        long lowMask = isIpv6 ? mask(bits - 64) : mask(bits + 32);
        firstHigh &= highMask;
        firstLow &= lowMask;
        lastHigh = isIpv6 ? firstHigh | ~highMask : 0;
        lastLow = firstLow | ~lowMask;
        isMixed = false;
        return true;
    }

    /** A long whose highest bits are set. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }

    private @Nullable String store() {
        if (isMixed) {
            return "a range from one family of addresses to another";
        }
        if (Ipv6Table.compare(firstHigh, firstLow, lastHigh, lastLow) > 0) {
            return "the range ends before it begins";
        }
        boolean blocked = level <= HIGHEST_BLOCKED;
        // RFC 4291, section 2.5.5.2: an IPv4-mapped address is an IPv4 address, as for the JDK.
        boolean isMapped = isIpv6 && isMapped(firstHigh, firstLow) && isMapped(lastHigh, lastLow);
        boolean stored = (isIpv6 && !isMapped)
                ? ranges.addIpv6(firstHigh, firstLow, lastHigh, lastLow, blocked)
                : ranges.addIpv4((int) firstLow, (int) lastLow, blocked);
        return stored ? null : "there is no room for more ranges";
    }

    private static boolean isMapped(long high, long low) {
        return high == 0 && (low >>> 32) == 0xffff;
    }
}
