package dev.spate.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A BitTorrent client that others wrote, run for one torrent: what is complete in the folder it seeds, the rest it gets from
 * the peers that the torrent's tracker names or that connect to it.
 *
 * <p>Each is confined to the loopback interface, over TCP, with local discovery, peer exchange and port mapping off, and without DHT
 * unless a node is named.
 */
sealed interface RealClient permits Aria2, Libtorrent, Qbittorrent, Rtorrent, Transmission, Webtorrent {

    /**
     * Where one run of a client works.
     *
     * @param source what the client is told: the path of the torrent's file, or a magnet link where the client takes one
     * @param folder holds the payload, or is to hold it
     * @param port TCP port to listen at, on 127.0.0.1
     * @param dhtNode the UDP port of a DHT node on 127.0.0.1 to begin with; 0 for no DHT
     * @param home an empty folder for the client's own files
     */
    record Place(Torrent torrent, String source, Path folder, int port, int dhtNode, Path home) {}

    /** The command that runs the client in the foreground until it is ended; writes configuration files into the home. */
    ProcessBuilder command(Place place) throws IOException;

    /** Whether it connects to peers on 127.0.0.1 that a tracker names; one that does not must be connected to. */
    boolean dialsLoopback();

    /** Whether it makes the files of a torrent that have no bytes. */
    default boolean makesEmptyFiles() {
        return true;
    }

    static List<RealClient> all() {
        return List.of(
                new Libtorrent(), new Transmission(), new Aria2(), new Qbittorrent(), new Rtorrent(), new Webtorrent());
    }

    /** The folder of this module, where the scripts and the npm packages are. */
    static Path module() {
        return Path.of("").toAbsolutePath();
    }
}
