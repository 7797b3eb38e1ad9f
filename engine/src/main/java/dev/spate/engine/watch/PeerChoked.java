package dev.spate.engine.watch;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For the flight recorder: a peer was choked or unchoked. */
@Name("dev.spate.PeerChoked")
@Label("Peer Choked")
@Category("Spate")
@Enabled(false)
@StackTrace(false)
final class PeerChoked extends Event {
    @Label("Info-Hash")
    String torrent = "";

    @Label("Peer")
    String peer = "";

    @Label("Choked")
    boolean choked;
}
