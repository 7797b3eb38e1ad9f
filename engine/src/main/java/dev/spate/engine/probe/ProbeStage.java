package dev.spate.engine.probe;

/** How far a peer came, in the order in which it goes. */
public enum ProbeStage {
    /** Nowhere: there is no connection. */
    NOTHING("-"),
    /** The connection stood. */
    CONNECTED("connected"),
    /** Its handshake was good, and of the same torrent. */
    GREETED("handshake"),
    /** It told which pieces it has, and that made sense. */
    PIECES("bitfield"),
    /** It was told that we are interested, and unchoked us. */
    UNCHOKED("unchoked"),
    /** It gave a piece, and that was the right one. */
    SERVED("served");

    private final String word;

    ProbeStage(String word) {
        this.word = word;
    }

    /** A word for it, for a table. */
    @Override
    public String toString() {
        return word;
    }
}
