package dev.spate.bench;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Event;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Subscription;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentState;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads a film, the one file of a torrent, while it arrives; the player, who decides what is read when, gives the orders.
 *
 * <p>Argument: the port to listen on at 127.0.0.1. Lines in, and what is printed because of them:
 *
 * <pre>
 * get TORRENT FOLDER   ready      the file was looked at, peers are welcome
 * peer PORT                       connects to 127.0.0.1:PORT
 * read BEGIN LENGTH    read       these bytes were read; other orders are carried out meanwhile
 * have BEGIN LENGTH    here yes   all of these bytes are on disk
 *                      here no    they are not
 * forget               forgotten  the torrent and its file are gone
 * </pre>
 *
 * <p>Each printed line ends in the second of the monotonic clock. The end of the input ends the program.
 */
public final class FilmViewer {
    private final Session session;
    private final InetAddress here = InetAddress.getLoopbackAddress();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    private final ExecutorService reads = Executors.newSingleThreadExecutor();
    private Optional<Film> present = Optional.empty();

    private record Film(Torrent torrent, SeekableByteChannel channel) {}

    private FilmViewer(int port) {
        this.session = Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(here, port))
                .build());
    }

    public static void main(String[] arguments) throws IOException {
        FilmViewer viewer = new FilmViewer(Integer.parseInt(arguments[0]));
        try (Session session = viewer.session;
                viewer.reads;
                Subscription reports = session.subscribe(FilmViewer::report);
                var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                viewer.obey(line.split(" ", -1));
            }
            if (reports.missed() > 0) {
                System.err.println("events were missed: " + reports.missed());
            }
        }
    }

    private static void report(Event event) {
        if (event instanceof Event.StateChanged(var torrent, var state) && state == TorrentState.DOWNLOADING) {
            TimedLine.print("ready");
        } else if (event instanceof Event.Failed(var torrent, var failure)) {
            TimedLine.print("failed " + failure.getMessage());
        }
    }

    private void obey(String[] order) throws IOException {
        switch (order[0]) {
            case "get" -> {
                Torrent added = session.add(
                        TorrentFile.read(Path.of(order[1])),
                        AddOptions.into(Path.of(order[2])).withoutTrackers());
                present =
                        Optional.of(new Film(added, added.file(0).orElseThrow().openChannel()));
            }
            case "peer" -> film().torrent().addPeers(List.of(new PeerAddress(here, Integer.parseInt(order[1]))));
            case "read" -> reads.execute(() -> read(Long.parseLong(order[1]), Integer.parseInt(order[2])));
            case "have" ->
                TimedLine.print(isHere(Long.parseLong(order[1]), Integer.parseInt(order[2])) ? "here yes" : "here no");
            case "forget" -> {
                film().channel().close();
                session.remove(film().torrent(), true).join();
                TimedLine.print("forgotten");
            }
            default -> throw new IllegalArgumentException(order[0]);
        }
    }

    private void read(long begin, int length) {
        try {
            SeekableByteChannel channel = film().channel();
            if (channel.position() != begin) {
                channel.position(begin);
            }
            buffer.clear().limit(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException("the film has no " + length + " bytes at " + begin);
                }
            }
            TimedLine.print("read");
        } catch (IOException e) {
            TimedLine.print("failed " + e.getMessage());
        }
    }

    private boolean isHere(long begin, int length) {
        PieceLayout layout = film().torrent().metainfo().layout();
        PieceSet flushed = film().torrent().pieces();
        for (int piece = layout.pieceAt(begin); piece <= layout.pieceAt(begin + length - 1); piece++) {
            if (!flushed.contains(piece)) {
                return false;
            }
        }
        return true;
    }

    private Film film() {
        return present.orElseThrow(() -> new IllegalStateException("no film yet"));
    }
}
