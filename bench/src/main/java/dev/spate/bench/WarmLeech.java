package dev.spate.bench;

import dev.spate.core.rate.RateLimits;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Event;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Subscription;
import dev.spate.engine.TorrentState;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Magnet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A leech that is told on standard input what to download, so that one process can download the same payload many times.
 *
 * <p>Argument: the port to listen on at 127.0.0.1. Lines in, and what is printed because of them:
 *
 * <pre>
 * get TORRENT FOLDER   ready      the files were looked at, peers are welcome
 *                      done       every piece is verified and on disk
 *                      failed WHY
 * magnet LINK FOLDER   metadata   likewise, beginning with the metadata; peers are welcome at once
 *                      first      a piece is verified and on disk
 * peer PORT                       connects to 127.0.0.1:PORT
 * limit RATE                      bytes per second each way from now on; 0: none
 * forget               forgotten  the torrent and its files are gone
 * </pre>
 *
 * <p>Each printed line ends in the second of the monotonic clock. The end of the input ends the program.
 */
public final class WarmLeech {
    private final Session session;
    private final AtomicBoolean firstWanted = new AtomicBoolean();
    private final InetAddress here = InetAddress.getLoopbackAddress();

    private WarmLeech(int port) {
        this.session = Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(here, port))
                .build());
    }

    public static void main(String[] arguments) throws IOException {
        WarmLeech leech = new WarmLeech(Integer.parseInt(arguments[0]));
        try (Session session = leech.session;
                Subscription reports = session.subscribe(leech::report);
                var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                leech.obey(line.split(" ", -1));
            }
            if (reports.missed() > 0) {
                System.err.println("events were missed: " + reports.missed());
            }
        }
    }

    private void obey(String[] order) throws IOException {
        switch (order[0]) {
            case "get" ->
                session.add(
                        TorrentFile.read(Path.of(order[1])),
                        AddOptions.into(Path.of(order[2])).withoutTrackers());
            case "magnet" -> {
                if (!(Magnet.parse(order[1]) instanceof Decoding.Decoded<Magnet>(var magnet))) {
                    throw new IllegalArgumentException(order[1]);
                }
                firstWanted.set(true);
                session.add(magnet, AddOptions.into(Path.of(order[2])));
            }
            case "peer" -> {
                List<PeerAddress> peer = List.of(new PeerAddress(here, Integer.parseInt(order[1])));
                session.torrents().forEach(torrent -> torrent.addPeers(peer));
            }
            case "limit" -> {
                long rate = Long.parseLong(order[1]);
                session.setLimits(rate == 0 ? RateLimits.NONE : new RateLimits(rate, rate));
            }
            case "forget" -> {
                session.torrents()
                        .forEach(torrent -> session.remove(torrent, true).join());
                TimedLine.print("forgotten");
            }
            default -> throw new IllegalArgumentException(order[0]);
        }
    }

    private void report(Event event) {
        if (event instanceof Event.MetadataReceived) {
            TimedLine.print("metadata");
        } else if (event instanceof Event.PieceFlushed && firstWanted.getAndSet(false)) {
            TimedLine.print("first");
        } else if (event instanceof Event.StateChanged(var torrent, var state) && state == TorrentState.DOWNLOADING) {
            TimedLine.print("ready");
        } else if (event instanceof Event.Completed) {
            TimedLine.print("done");
        } else if (event instanceof Event.Failed(var torrent, var failure)) {
            TimedLine.print("failed " + failure.getMessage());
        }
    }
}
