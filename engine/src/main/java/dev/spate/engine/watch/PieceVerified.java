package dev.spate.engine.watch;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For the flight recorder: a downloaded piece was compared with its hash. */
@Name("dev.spate.PieceVerified")
@Label("Piece Verified")
@Category("Spate")
@Enabled(false)
@StackTrace(false)
public final class PieceVerified extends Event {
    @Label("Info-Hash")
    String torrent = "";

    @Label("Piece")
    int piece;

    @Label("Good")
    boolean good;
}
