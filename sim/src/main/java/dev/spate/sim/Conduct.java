package dev.spate.sim;

/**
 * How a host behaves beyond what its swarm says.
 *
 * @param lies which part of the blocks it sends is not what it should be, 0 to 1; a host that lies claims to have all pieces
 * @param stallsAfter after so many blocks it sends no more, though it goes on to promise them
 * @param unchokes whether it ever lets anybody request; a free rider does not
 */
public record Conduct(double lies, long stallsAfter, boolean unchokes) {

    /** As the protocol wants it. */
    public static final Conduct HONEST = new Conduct(0, Long.MAX_VALUE, true);

    /** Takes and never gives: nobody is unchoked, and so no block is sent but what is allowed fast. */
    public static final Conduct FREE_RIDING = new Conduct(0, 0, false);

    public Conduct {
        if (!(lies >= 0 && lies <= 1) || stallsAfter < 0) {
            throw new IllegalArgumentException("lies " + lies + ", stalls after " + stallsAfter);
        }
    }

    /** Sends bad data in this part of its blocks. */
    public static Conduct lying(double part) {
        return new Conduct(part, Long.MAX_VALUE, true);
    }

    /** Falls silent after so many blocks. */
    public static Conduct stallingAfter(long blocks) {
        return new Conduct(0, blocks, true);
    }

    /** Whether it sends nothing but good data, however slowly; such a host must never be banned. */
    public boolean isHonest() {
        return lies == 0;
    }

    /** Whether it gives what it has: it neither lies nor stalls nor chokes everybody. */
    public boolean gives() {
        return isHonest() && unchokes && stallsAfter == Long.MAX_VALUE;
    }
}
