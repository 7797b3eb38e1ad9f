package dev.spate.bench;

import java.util.Locale;

/** What happened and when, told to the program that measures: a word and the second of the monotonic clock. */
final class TimedLine {

    private TimedLine() {}

    static void print(String what) {
        // System.nanoTime reads the clock that Python's time.monotonic reads.
        System.out.println(what + String.format(Locale.ROOT, " %.6f", System.nanoTime() / 1e9));
        System.out.flush();
    }
}
