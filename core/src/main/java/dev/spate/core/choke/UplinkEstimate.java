package dev.spate.core.choke;

/**
 * What can be sent to all peers together, found out by sending: nobody tells how fast the line is, and it is shared with other torrents.
 * A value.
 *
 * <p>While all that is allowed is sent, twice as much is allowed the next time. Otherwise it comes down, by a third each time since nobody
 * may have wanted more, to a fifth more than the most that was sent of late: there is always room to find out that there is more. What was
 * sent long ago counts less and less.
 *
 * @param best the most that was sent of late, in bytes per second
 * @param allowed what may be shared out, in bytes per second
 */
public record UplinkEstimate(long best, long allowed) {

    /** A few kilobytes each for BEP 3's four. */
    public static final long LEAST = 32 << 10;

    /** Twice this is beyond all networks. */
    private static final long MOST = 1L << 40;

    /** Before anything was sent: an ordinary line of a home. */
    public static final UplinkEstimate NEW = new UplinkEstimate(0, 512 << 10);

    /** What is known after a round in which so many bytes per second were sent. */
    public UplinkEstimate after(long sentPerSecond) {
        long nowBest = Math.clamp(sentPerSecond, best - best / 16, MOST);
        // A fifth more than the line carries is never filled to nine tenths.
        boolean filled = sentPerSecond >= allowed / 10 * 9;
        long next = filled ? 2 * nowBest : Math.max(nowBest + nowBest / 5, allowed - allowed / 3);
        return new UplinkEstimate(nowBest, Math.max(LEAST, next));
    }
}
