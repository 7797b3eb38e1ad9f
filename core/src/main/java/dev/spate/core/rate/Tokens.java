package dev.spate.core.rate;

/**
 * One limit as a {@link Throttle} sees it: the right to move bytes, which flows in with time and is taken. All times are
 * monotonic nanoseconds; one that lies before an earlier one counts as that.
 */
public interface Tokens {

    /** How many bytes may be moved now; 0 while there is a debt. */
    long available(long now);

    /** Takes tokens; more than there are makes a debt, which what flows in pays before anybody gets of it. */
    void take(long bytes, long now);

    /** Gives back what was taken and not used. */
    void give(long bytes, long now);

    /** So many more (or fewer, if negative) flows wait here for tokens. */
    void waits(int change, long now);

    /** Whether flows wait here, before whom nobody else may go. */
    boolean isWaitedFor();

    /** After how many nanoseconds there may be tokens again; 0 if there are. */
    long nanosUntil(long now);
}
