package dev.spate.engine.watch;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For the flight recorder: a peer was shut out. */
@Name("dev.spate.PeerBanned")
@Label("Peer Banned")
@Category("Spate")
@Enabled(false)
@StackTrace(false)
final class PeerBanned extends Event {
    @Label("Info-Hash")
    String torrent = "";

    @Label("Peer")
    String peer = "";

    @Label("Evidence")
    String evidence = "";
}
