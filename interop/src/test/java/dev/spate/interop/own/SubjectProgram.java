package dev.spate.interop.own;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Event;
import dev.spate.engine.Hindrance;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.SpateException;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A session that is told what to do by lines on its standard input, and prints a line for everything that happens.
 *
 * <pre>
 *   arguments:  ADDRESS PORT [STATE-FOLDER]
 *   commands:   add FILE FOLDER [ADDRESS:PORT...] | resume NAME | pause NAME | move NAME FOLDER | stats NAME | diagnose NAME
 *               | track NAME URL... | forget NAME | memory | time | close
 *   lines:      listening PORT | found NAME CHECKED BITFIELD | flushed NAME PIECE | completed NAME | ...
 * </pre>
 *
 * <p>A torrent is added at rest, and told to go on only when what was found of it has been printed: so the line tells exactly
 * what the resume data and the files were good for.
 */
final class SubjectProgram {
    private final Session session;
    private final Map<String, Torrent> torrents = new ConcurrentHashMap<>();

    private SubjectProgram(Session session) {
        this.session = session;
    }

    public static void main(String[] arguments) throws IOException {
        SessionSettings.Builder settings =
                SessionSettings.builder().listen(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
        if (arguments.length > 2) {
            settings.stateFolder(Path.of(arguments[2]));
        }
        Session session = Session.open(settings.build());
        var program = new SubjectProgram(session);
        Runtime.getRuntime().addShutdownHook(new Thread(program::close));
        session.subscribe(program::tell);
        say("listening " + session.listenAddresses().getFirst().getPort());
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null && !line.equals("close"); line = in.readLine()) {
                program.obey(line.split(" ", -1));
            }
        }
        program.close();
    }

    private void close() {
        session.close();
        say("closed");
    }

    private void obey(String[] words) throws IOException {
        switch (words[0]) {
            case "add" -> add(words);
            case "resume" -> torrent(words[1]).resume();
            case "pause" -> torrent(words[1]).pause();
            case "move" -> move(words[1], Path.of(words[2]));
            case "stats" -> stats(words[1]);
            case "diagnose" -> diagnose(words[1]);
            case "track" -> track(words);
            case "forget" -> forget(words[1]);
            case "memory" -> memory();
            case "time" -> say("time " + Instant.now());
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private Torrent torrent(String name) {
        return Optional.ofNullable(torrents.get(name)).orElseThrow();
    }

    private void add(String[] words) throws IOException {
        if (!(Metainfo.decode(Files.readAllBytes(Path.of(words[1])))
                instanceof Decoding.Decoded<Metainfo>(Metainfo metainfo))) {
            throw new IOException("no torrent file: " + words[1]);
        }
        AddOptions options = AddOptions.into(Path.of(words[2])).startPaused().withPeers(peers(words, 3));
        torrents.put(metainfo.name(), session.add(metainfo, options));
    }

    private static List<PeerAddress> peers(String[] words, int from) {
        List<PeerAddress> peers = new ArrayList<>();
        for (int i = from; i < words.length; i++) {
            String[] parts = words[i].split(":", -1);
            peers.add(PeerAddress.of(new InetSocketAddress(parts[0], Integer.parseInt(parts[1]))));
        }
        return peers;
    }

    private void move(String name, Path folder) {
        // The line says that it is begun: what comes of it is an event.
        say("moving " + name);
        var _ = torrent(name).moveTo(folder);
    }

    /** Each tracker is a tier of its own; the line says that they are asked. */
    private void track(String[] words) {
        Torrent torrent = torrent(words[1]);
        torrent.setTrackers(Arrays.stream(words).skip(2).map(List::of).toList()).join();
        say("track " + words[1]);
    }

    /** Removes the torrent with its files. */
    private void forget(String name) {
        session.remove(Optional.ofNullable(torrents.remove(name)).orElseThrow(), true)
                .join();
        say("forget " + name);
    }

    private void stats(String name) {
        TorrentStats stats = torrent(name).stats();
        say("stats " + name + " flushed=" + stats.flushedPieces() + " downloaded=" + stats.downloaded() + " corrupt="
                + stats.corruptBytes() + " uploaded=" + stats.uploaded() + " peers=" + stats.peers() + " banned="
                + stats.bannedPeers() + " state=" + stats.state());
    }

    /** In one line, which begins with the state. */
    private void diagnose(String name) {
        Torrent torrent = torrent(name);
        List<String> reasons =
                torrent.diagnose().stream().map(Hindrance::sentence).toList();
        say("diagnose " + name + " " + torrent.state() + " "
                + String.join("; ", reasons).replace('\n', ' '));
    }

    /** What the process holds after a collection. */
    private void memory() throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"));
                var threads = Files.list(Path.of("/proc/self/task"))) {
            say("memory rss=" + resident + " direct=" + direct + " heap="
                    + (runtime.totalMemory() - runtime.freeMemory()) + " descriptors=" + descriptors.count()
                    + " threads=" + threads.count() + " leased="
                    + session.stats().pieceMemoryUsed());
        }
    }

    private void tell(Event event) {
        Torrent torrent = event.torrent();
        String name = torrent.name();
        switch (event) {
            case Event.StateChanged(var which, TorrentState state) -> {
                say("state " + name + " " + state);
                if (state == TorrentState.PAUSED) {
                    found(which);
                }
            }
            case Event.PieceFlushed(var which, int piece) -> say("flushed " + name + " " + piece);
            case Event.PieceFailed(var which, int piece) -> say("corrupt " + name + " " + piece);
            case Event.Completed completed -> say("completed " + name);
            case Event.PeerConnected(var which, var peer) -> say("connected " + name + " " + peer);
            case Event.PeerDisconnected(var which, var peer, var reason) ->
                say("disconnected " + name + " " + peer + " " + reason);
            case Event.PeerBanned(var which, var peer, var evidence) ->
                say("banned " + name + " " + peer + " " + evidence);
            case Event.Failed(var which, SpateException.Storage failure) ->
                say("failed " + name + " " + failure.trouble() + " " + failure.getMessage());
            case Event.Failed(var which, SpateException failure) -> say("failed " + name + " OTHER " + failure);
            case Event.Moved(var which, var folder) -> say("moved " + name + " " + folder);
            case Event.MoveFailed(var which, var failure) -> say("notmoved " + name + " " + failure.getMessage());
            case Event.FilesLost(var which, var files, int pieces) -> say("lost " + name + " " + pieces + " " + files);
            case Event.SeedLimitReached reached -> {}
            case Event.CopyOut out -> {}
            case Event.MetadataReceived received -> {}
            case Event.DhtNodeTold told -> {}
            case Event.TrackerAnswered(var which, var url, int peers) ->
                say("tracked " + name + " " + url + " " + peers + " peers");
            case Event.TrackerFailed(var which, var url, var reason) ->
                say("untracked " + name + " " + url + " " + reason.replace('\n', ' '));
        }
    }

    private static void found(Torrent torrent) {
        PieceSet pieces = torrent.pieces();
        say("found " + torrent.name() + " " + torrent.stats().checkedPieces() + " "
                + HexFormat.of().formatHex(pieces.toBitfield()));
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
