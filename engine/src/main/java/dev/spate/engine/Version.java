package dev.spate.engine;

/** Which Spate this is, as people, trackers and peers are told. */
public final class Version {

    /** The version, as in the artefacts. */
    public static final String TEXT = "0.1.0-SNAPSHOT";

    /** What HTTP trackers and peers (BEP 10 {@code v}) are told. */
    public static final String USER_AGENT = "Spate/0.1.0";

    /** How our peer ids begin (BEP 20, Azureus style): two letters and four digits of the version. */
    public static final String PEER_ID_PREFIX = "-Sp0100-";

    private Version() {}
}
