package dev.spate.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** qbittorrent-nox: the same engine as {@link Libtorrent}, with the settings and habits of a popular client. */
record Qbittorrent() implements RealClient {

    @Override
    public ProcessBuilder command(Place place) throws IOException {
        Path configuration = Files.createDirectories(place.home().resolve("qBittorrent/config"));
        Files.writeString(
                configuration.resolve("qBittorrent.conf"), """
                [LegalNotice]
                Accepted=true
                [BitTorrent]
                Session\\Port=%1$d
                Session\\Interface=lo
                Session\\InterfaceName=lo
                Session\\InterfaceAddress=127.0.0.1
                Session\\DHTEnabled=false
                Session\\LSDEnabled=false
                Session\\PeXEnabled=false
                Session\\BTProtocol=TCP
                Session\\MultiConnectionsPerIp=true
                Session\\QueueingSystemEnabled=false
                Session\\DefaultSavePath=%2$s
                Session\\AddTorrentPaused=false
                [Network]
                PortForwardingEnabled=false
                [Preferences]
                WebUI\\Enabled=true
                WebUI\\Address=127.0.0.1
                WebUI\\Port=%3$d
                WebUI\\UseUPnP=false
                """.formatted(place.port(), place.folder(), Ports.free()));
        var command = new ProcessBuilder(
                "qbittorrent-nox",
                "--profile=" + place.home(),
                "--save-path=" + place.folder(),
                "--add-paused=false",
                place.torrent().file().toString());
        command.environment().put("HOME", place.home().toString());
        return command;
    }

    @Override
    public boolean dialsLoopback() {
        return true;
    }

    @Override
    public String toString() {
        return "qbittorrent";
    }
}
