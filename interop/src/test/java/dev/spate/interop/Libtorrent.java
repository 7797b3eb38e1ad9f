package dev.spate.interop;

import java.util.ArrayList;
import java.util.List;

/**
 * libtorrent (rasterbar) through its Python binding.
 *
 * @param peers ports on 127.0.0.1 to connect to at once
 * @param uploadBytesPerSecond a limit, 0 for none
 */
record Libtorrent(List<Integer> peers, int uploadBytesPerSecond) implements RealClient {

    Libtorrent() {
        this(List.of());
    }

    Libtorrent(List<Integer> peers) {
        this(peers, 0);
    }

    @Override
    public ProcessBuilder command(Place place) {
        var command = new ArrayList<>(List.of(
                "/usr/bin/python3", // the one that Debian's binding belongs to
                RealClient.module().resolve("clients/libtorrent_peer.py").toString(),
                place.source(),
                place.folder().toString(),
                "127.0.0.1:" + place.port(),
                Integer.toString(uploadBytesPerSecond),
                place.dhtNode() == 0 ? "-" : "127.0.0.1:" + place.dhtNode()));
        peers.forEach(port -> command.add("127.0.0.1:" + port));
        return new ProcessBuilder(command);
    }

    @Override
    public boolean dialsLoopback() {
        return true;
    }

    @Override
    public String toString() {
        return "libtorrent";
    }
}
