package dev.spate.wire.dht;

/** Which nodes a query asks for (BEP 32, "want"). */
public enum Want {
    /** Not said: those of the family that the query came over. */
    UNSAID,
    IPV4,
    IPV6,
    BOTH;

    /** Whether nodes of {@code asked} are wanted by a query that came over {@code over}. */
    public boolean includes(Family asked, Family over) {
        return switch (this) {
            case UNSAID -> asked == over;
            case IPV4 -> asked == Family.IPV4;
            case IPV6 -> asked == Family.IPV6;
            case BOTH -> true;
        };
    }
}
