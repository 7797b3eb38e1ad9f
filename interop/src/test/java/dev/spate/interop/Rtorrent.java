package dev.spate.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** rtorrent without its terminal interface. */
record Rtorrent() implements RealClient {

    @Override
    public ProcessBuilder command(Place place) throws IOException {
        Path session = Files.createDirectory(place.home().resolve("session"));
        Path configuration = place.home().resolve("rtorrent.rc");
        Files.writeString(configuration, """
                system.daemon.set = true
                session.path.set = "%1$s"
                directory.default.set = "%2$s"
                network.bind_address.set = 127.0.0.1
                network.port_range.set = %3$d-%3$d
                network.port_random.set = no
                protocol.encryption.set = none
                protocol.pex.set = no
                dht.mode.set = disable
                trackers.use_udp.set = yes
                pieces.hash.on_completion.set = no
                log.open_file = "main", "%4$s"
                log.add_output = "info", "main"
                log.add_output = "tracker_info", "main"
                load.start = "%5$s"
                """.formatted(
                        session,
                        place.folder(),
                        place.port(),
                        place.home().resolve("rtorrent.log"),
                        place.torrent().file()));
        var command = new ProcessBuilder("rtorrent", "-n", "-o", "import=" + configuration);
        command.environment().put("HOME", place.home().toString());
        command.environment().put("TERM", "xterm");
        return command;
    }

    /** It keeps one port for each address, so of all the peers on 127.0.0.1 it may know itself only. */
    @Override
    public boolean dialsLoopback() {
        return false;
    }

    @Override
    public String toString() {
        return "rtorrent";
    }
}
