package dev.spate.io.lane;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For the flight recorder: a lane served no socket for long, because something on it took its time. */
@Name("dev.spate.LaneStalled")
@Label("Lane Stalled")
@Category("Spate")
@Enabled(false)
@StackTrace(false)
final class LaneStalled extends Event {
    @Label("Turn")
    @Timespan
    long turn;
}
