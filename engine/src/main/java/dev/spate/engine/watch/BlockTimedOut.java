package dev.spate.engine.watch;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For the flight recorder: a block that was asked for did not come in time. */
@Name("dev.spate.BlockTimedOut")
@Label("Block Timed Out")
@Category("Spate")
@Enabled(false)
@StackTrace(false)
final class BlockTimedOut extends Event {
    @Label("Info-Hash")
    String torrent = "";

    @Label("Peer")
    String peer = "";

    @Label("Piece")
    int piece;

    @Label("Begin")
    int begin;
}
