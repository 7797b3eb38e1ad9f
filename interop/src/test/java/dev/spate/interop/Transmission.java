package dev.spate.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** transmission-daemon. It takes the torrent from a watched folder and checks the data it finds. */
record Transmission() implements RealClient {

    @Override
    public ProcessBuilder command(Place place) throws IOException {
        Path watched = Files.createDirectory(place.home().resolve("watched"));
        Files.copy(place.torrent().file(), watched.resolve("it.torrent"));
        Files.writeString(place.home().resolve("settings.json"), """
                {
                  "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1", "peer-port": %d,
                  "peer-port-random-on-start": false, "port-forwarding-enabled": false, "rpc-enabled": false,
                  "download-dir": "%s", "incomplete-dir-enabled": false, "rename-partial-files": false,
                  "watch-dir": "%s", "watch-dir-enabled": true, "trash-original-torrent-files": false,
                  "dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false,
                  "encryption": 0, "ratio-limit-enabled": false, "idle-seeding-limit-enabled": false,
                  "download-queue-enabled": false, "seed-queue-enabled": false, "message-level": 3
                }
                """.formatted(place.port(), place.folder(), watched));
        return new ProcessBuilder(
                "transmission-daemon",
                "--foreground",
                "--config-dir",
                place.home().toString());
    }

    /** It takes every address in 127.0.0.0/8 for a mistake of the tracker. */
    @Override
    public boolean dialsLoopback() {
        return false;
    }

    /** Version 3 makes a file when its first byte comes. */
    @Override
    public boolean makesEmptyFiles() {
        return false;
    }

    @Override
    public String toString() {
        return "transmission";
    }
}
