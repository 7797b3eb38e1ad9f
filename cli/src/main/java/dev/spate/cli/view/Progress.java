package dev.spate.cli.view;

import dev.spate.engine.Hindrance;
import dev.spate.wire.PlainText;
import java.util.List;

/** Shows how transfers go on. For one thread at a time, but {@link #restore}. */
public interface Progress extends AutoCloseable {

    /** Shows nothing at all. */
    Progress SILENT = new Progress() {
        @Override
        public void show(List<Look> looks) {}

        @Override
        public void meter(String doing, long done, long whole) {}

        @Override
        public void say(String line) {}

        @Override
        public void standstill(String name, List<Hindrance> reasons) {}
    };

    /** Characters of a reason; what is quoted in it comes from strangers. */
    int MAX_SENTENCE = 400;

    /** How things stand; to be called several times a second, as not every call shows. */
    void show(List<Look> looks);

    /**
     * How far something else has come; likewise.
     *
     * @param doing a word for it
     * @param done bytes
     * @param whole bytes, of which {@code done} is a part
     */
    void meter(String doing, long done, long whole);

    /**
     * Lines that are drawn over again, of something that is no torrent; likewise.
     *
     * @param lines what does not fit the window is cut off
     */
    default void table(List<String> lines) {}

    /** A line for a person that stays. */
    void say(String line);

    /** A torrent has not gone on for a while; the most telling reason comes first. */
    default void standstill(String name, List<Hindrance> reasons) {
        say(name + " does not go on:");
        for (Hindrance reason : reasons) {
            String sentence = PlainText.of(reason.sentence(), MAX_SENTENCE);
            say("  " + sentence + "; " + reason.remedy());
        }
    }

    /** Lets data be printed to standard output, which may lead to the same terminal. */
    default void aside(Runnable print) {
        print.run();
    }

    /** Puts the terminal right, for when the process ends in the middle of everything. Any thread. */
    default void restore() {}

    /** The last state stays to be seen, and the terminal is as it was. */
    @Override
    default void close() {}
}
