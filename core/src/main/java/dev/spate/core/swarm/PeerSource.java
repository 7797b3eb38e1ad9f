package dev.spate.core.swarm;

/** From where we know a peer address; the most trusted first. */
public enum PeerSource {
    /** The user, or a program that embeds us. */
    USER,
    /** A tracker's answer. */
    TRACKER,
    /** The peer connected to us and said where it listens (BEP 10 {@code p}). */
    INCOMING,
    /** The resume data of an earlier run. */
    RESUME,
    /** The DHT (BEP 5). */
    DHT,
    /** Other peers (BEP 11). */
    PEX,
    /** The local network (BEP 14). */
    LSD;

    /** BEP 27: the peers of a private torrent come from its tracker; what the user says himself is his own affair. */
    boolean isFitForPrivate() {
        return switch (this) {
            case USER, TRACKER, INCOMING, RESUME -> true;
            case DHT, PEX, LSD -> false;
        };
    }
}
