package dev.spate.classic.course.peer;

import java.util.List;

/** How a peer's run ended. */
public sealed interface Ending {

    /**
     * Every peer has the file, this one included.
     *
     * @param takenForFinished those among them that left before they told that they have all of it
     */
    record AllComplete(List<Integer> takenForFinished) implements Ending {
        public AllComplete {
            takenForFinished = List.copyOf(takenForFinished);
        }
    }

    /**
     * Nothing went on for so long that waiting makes no sense.
     *
     * @param complete whether this peer has the file all the same
     * @param why who lacks what, a sentence for a person
     */
    record GaveUp(boolean complete, String why) implements Ending {}
}
