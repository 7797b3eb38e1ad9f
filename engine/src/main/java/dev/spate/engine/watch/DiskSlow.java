package dev.spate.engine.watch;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** For the flight recorder: an access to a file took long. */
@Name("dev.spate.DiskSlow")
@Label("Disk Slow")
@Category("Spate")
@Enabled(false)
@Threshold("100 ms")
@StackTrace(false)
final class DiskSlow extends Event {
    @Label("File")
    String file = "";

    @Label("Access")
    String access = "";

    @Label("Bytes")
    long bytes;
}
