package dev.spate.sim;

/**
 * How a host behaves towards others, where it differs from the core that it runs.
 *
 * @param lies which part of the blocks it sends is not what it should be, 0 to 1; a host that lies claims to have all pieces
 * @param stallsAfter after so many blocks it sends no more, though it goes on to promise them
 */
public record Conduct(double lies, long stallsAfter) {

    /** As the protocol wants it. */
    public static final Conduct HONEST = new Conduct(0, Long.MAX_VALUE);

    public Conduct {
        if (!(lies >= 0 && lies <= 1) || stallsAfter < 0) {
            throw new IllegalArgumentException("lies " + lies + ", stalls after " + stallsAfter);
        }
    }

    /** Sends bad data in this part of its blocks. */
    public static Conduct lying(double part) {
        return new Conduct(part, Long.MAX_VALUE);
    }

    /** Falls silent after so many blocks. */
    public static Conduct stallingAfter(long blocks) {
        return new Conduct(0, blocks);
    }

    /** Whether it sends nothing but good data, however slowly; such a host must never be banned. */
    public boolean isHonest() {
        return lies == 0;
    }
}
