package dev.spate.classic.course.log;

import java.util.Locale;

/** What {@link LogCheck} looks at, each rule with the sentence that a teacher can quote. */
public enum Rule {
    READABLE("every line is one of the eleven sentences of the project text"),
    OWN_LOG("a log speaks of its own peer, and of others that are in PeerInfo.cfg"),
    CONNECTIONS("each peer connects to those on earlier lines, and both sides of a connection log it"),
    PREFERRED_COUNT("there are at most k preferred neighbours, each once"),
    PREFERRED_INTERVAL("preferred neighbours are chosen every p seconds, so they do not change sooner"),
    OPTIMISTIC_INTERVAL("the optimistic neighbour is chosen every m seconds, so it does not change sooner"),
    INTERESTED_ONLY("a neighbour that is preferred or optimistic has said that it is interested"),
    UNCHOKE_FOUNDED("who is unchoked is a preferred or the optimistic neighbour of the one who unchokes"),
    CHOKED_SERVED("no piece comes from a peer that chokes"),
    PIECE_ONCE("each piece is downloaded once, and its index is one of the file"),
    PIECE_COUNT("the number of pieces goes up by one with each piece"),
    PIECE_SOURCE("a piece comes from a peer that has it"),
    HAVE_TRUE("a 'have' message tells, once, of a piece that its sender has downloaded"),
    COMPLETE("a peer without the file logs once that it is complete, with its last piece; one that has it never does"),
    TERMINATION("no peer ends before it has the whole file");

    private final String sentence;

    Rule(String sentence) {
        this.sentence = sentence;
    }

    /** The rule in words. */
    public String sentence() {
        return sentence;
    }

    /** Its name as it is printed: {@code piece-count}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
