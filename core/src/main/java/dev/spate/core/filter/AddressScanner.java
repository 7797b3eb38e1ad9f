package dev.spate.core.filter;

/** Reads addresses out of a line of ASCII without making objects: lists have half a million lines. */
final class AddressScanner {
    private static final int GROUPS = 8;

    private final byte[] line;
    private final int[] groups = new int[GROUPS];

    /** The next byte to be read. */
    int at;

    /** Behind the last byte. */
    int end;

    /** The address read last: IPv6, or IPv4 in the lower half of {@link #low}. */
    boolean isIpv6;

    long high;
    long low;

    AddressScanner(byte[] line) {
        this.line = line;
    }

    /** The next byte, or -1 at the end of the line. */
    int peek() {
        return at < end ? line[at] : -1;
    }

    void skipSpace() {
        while (at < end && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
    }

    /** Whether the next byte is this one; reads it if so. */
    boolean accept(char expected) {
        if (peek() != expected) {
            return false;
        }
        at++;
        return true;
    }

    /** Reads a decimal number of one to three digits; -1 if there is none. Leading zeros do not make it octal. */
    int number() {
        int begin = at;
        int value = 0;
        while (at < end && at < begin + 3 && isDigit(line[at])) {
            value = 10 * value + line[at++] - '0';
        }
        return at == begin || isDigit(peek()) ? -1 : value;
    }

    /** Reads an address; false, at any place, if there is none. */
    boolean address() {
        int begin = at;
        if (ipv4()) {
            return true;
        }
        at = begin;
        return ipv6();
    }

    private boolean ipv4() {
        long value = 0;
        for (int i = 0; i < 4; i++) {
            if (i > 0 && !accept('.')) {
                return false;
            }
            int part = number();
            if (part < 0 || part > 255) {
                return false;
            }
            value = (value << 8) | part;
        }
        if (peek() == '.' || peek() == ':') {
            return false;
        }
        isIpv6 = false;
        high = 0;
        low = value;
        return true;
    }

    /** RFC 4291, section 2.2; without a zone. */
    private boolean ipv6() {
        int count = 0;
        int gap = -1;
        if (peek() == ':') {
            if (at + 1 >= end || line[at + 1] != ':') {
                return false;
            }
            at += 2;
            gap = 0;
        }
        while (count < GROUPS && hex(peek()) >= 0) {
            int begin = at;
            if (count <= GROUPS - 2 && ipv4()) {
                groups[count++] = (int) (low >>> 16);
                groups[count++] = (int) (low & 0xffff);
                break;
            }
            at = begin;
            int group = group();
            if (group < 0) {
                return false;
            }
            groups[count++] = group;
            if (count == GROUPS || !accept(':')) {
                break;
            }
            if (accept(':')) {
                if (gap >= 0) {
                    return false;
                }
                gap = count;
            } else if (hex(peek()) < 0) {
                return false;
            }
        }
        if (gap < 0 ? count != GROUPS : count == GROUPS) {
            return false;
        }
        assemble(count, gap < 0 ? count : gap);
        return peek() != ':' && peek() != '.' && hex(peek()) < 0;
    }

    private int group() {
        int value = 0;
        int digits = 0;
        while (hex(peek()) >= 0) {
            if (++digits > 4) {
                return -1;
            }
            value = (value << 4) | hex(line[at++]);
        }
        return value;
    }

    private void assemble(int count, int gap) {
        isIpv6 = true;
        high = 0;
        low = 0;
        for (int i = 0; i < GROUPS; i++) {
            int behind = count - GROUPS + i;
            long group = i < gap ? groups[i] : behind >= gap ? groups[behind] : 0;
            if (i < GROUPS / 2) {
                high = (high << 16) | group;
            } else {
                low = (low << 16) | group;
            }
        }
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    private static int hex(int b) {
        return b < 0 ? -1 : Character.digit(b, 16);
    }
}
