package dev.spate.examples;

import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.QueueLimits;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import dev.spate.core.rate.WeeklySchedule;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Event;
import dev.spate.engine.IpBlockList;
import dev.spate.engine.MetainfoFile;
import dev.spate.engine.MoveJob;
import dev.spate.engine.PeerClass;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.SpateException;
import dev.spate.engine.Subscription;
import dev.spate.engine.Torrent;
import dev.spate.engine.Verification;
import dev.spate.engine.dht.Dht;
import dev.spate.engine.files.TorrentFileSystems;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the tour in {@code docs/library.md} quotes and no example needs: a method for each thing, which the test of the tour runs. */
final class Tour {
    private Tour() {}

    static SessionSettings settings(Path stateFolder) {
        return SessionSettings.builder()
                .listen(new InetSocketAddress("0.0.0.0", 6881), new InetSocketAddress("::", 6881))
                .stateFolder(stateFolder)
                .maxConnections(500, 80)
                .pieceMemory(64 << 20)
                .build();
    }

    static SessionSettings behindAProxy() {
        return SessionSettings.builder()
                .proxy(URI.create("socks5://me:secret@192.0.2.1:1080"))
                .build();
    }

    static SessionSettings onOneInterface(String name) {
        return SessionSettings.builder().bind(name).build();
    }

    static SessionSettings inTheDht() {
        return SessionSettings.builder().dht(Dht.ROUTERS).build();
    }

    static Torrent addMagnet(Session session, String link, Path downloads) {
        return switch (Magnet.parse(link)) {
            case Decoding.Decoded<Magnet>(var magnet) -> session.add(magnet, AddOptions.into(downloads));
            case Decoding.NeedMore<Magnet> cut -> throw new IllegalArgumentException("the link is cut off");
            case Decoding.Malformed<Magnet> bad -> throw new IllegalArgumentException(bad.toString());
        };
    }

    static Torrent addWithOptions(
            Session session, Path torrentFile, Path downloads, Path incomplete, PeerAddress friend) throws IOException {
        AddOptions options = AddOptions.into(downloads)
                .incompleteIn(incomplete)
                .withSuffix()
                .withFilePriorities(Map.of(0, 7, 1, 0))
                .withPeers(List.of(friend));
        return session.add(MetainfoFile.read(torrentFile), options);
    }

    static CompletableFuture<Path> whenDone(Torrent torrent) {
        return torrent.completion().thenApply(nothing -> torrent.folder().resolve(torrent.name()));
    }

    static Subscription listen(Session session, Consumer<String> log) {
        return session.subscribe(event -> {
            switch (event) {
                case Event.Completed(var torrent) -> log.accept(torrent.name() + " is complete");
                case Event.Failed(var torrent, var failure) -> log.accept(torrent.name() + ": " + failure.getMessage());
                case Event.PeerBanned(var _, var peer, var evidence) -> log.accept(peer + " lied: " + evidence);
                case Event.TrackerFailed(var _, var url, var reason) -> log.accept(url + ": " + reason);
                default -> {}
            }
        });
    }

    static String whyNot(Torrent torrent) {
        return torrent.diagnose().stream()
                .map(reason -> reason.sentence() + "; " + reason.remedy())
                .collect(Collectors.joining("\n"));
    }

    static SessionSettings.Builder withPeersOfTheCluster(
            SessionSettings.Builder settings, Function<Digest, List<PeerAddress>> directory) {
        return settings.peerFinder((infoHash, port, found) -> {
            Thread asking = Thread.startVirtualThread(() -> found.accept(directory.apply(infoHash)));
            return asking::interrupt;
        });
    }

    static void choose(Torrent torrent) {
        torrent.setFilePriority(1, 0).join();
        torrent.setFilePriority(Path.of("cinema", "film.mkv"), 7).join();
    }

    static void move(Torrent torrent, Path elsewhere) {
        torrent.renameFile(0, Path.of("the film.mkv")).join();
        MoveJob job = torrent.moveTo(elsewhere);
        IO.println(job.progress());
        job.result().join();
    }

    static void copyFrom(Torrent torrent, Path target) throws IOException {
        try (FileSystem files = TorrentFileSystems.of(torrent)) {
            Files.copy(files.getPath("/cinema/film.mkv"), target);
        }
    }

    static void limit(Session session, Torrent torrent) {
        session.setLimits(RateLimits.NONE.withUp(2 << 20));
        session.rules().setGroupLimits("background", new RateLimits(1 << 20, 1 << 18));
        torrent.rules().setGroup("background");
        torrent.setLimits(RateLimits.NONE.withDown(512 << 10));
        torrent.rules().setPeerLimits(RateLimits.NONE.withDown(128 << 10));
    }

    /** Other limits for some peers. */
    static void treatPeers(Session session) {
        session.rules()
                .setPeerClass(
                        "office", PeerClass.of("192.0.2.0/24", "2001:db8::/32").exempt());
        session.rules().setPeerClass("far", PeerClass.of("198.51.100.0/24").limited(new RateLimits(1 << 20, 64 << 10)));
    }

    static void slowerInOfficeHours(Session session) {
        Set<DayOfWeek> workdays = Set.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY);
        WeeklySchedule.Span office = new WeeklySchedule.Span(workdays, LocalTime.of(9, 0), LocalTime.of(17, 30));
        session.rules().setAlternativeLimits(new RateLimits(256 << 10, 64 << 10), new WeeklySchedule(List.of(office)));
    }

    static void queue(Session session, Torrent urgent) {
        session.rules().setQueueLimits(new QueueLimits(3, 5, 2 << 10));
        session.rules()
                .setSeedLimits(new SeedLimits(
                        OptionalDouble.of(2), Optional.of(Duration.ofDays(7)), Optional.empty(), AfterSeeding.PAUSE));
        urgent.forceStart();
    }

    static void count(Session session) {
        session.metrics().forEach((metric, count) -> IO.println("%15d %s".formatted(count, metric.description())));
    }

    static void shutOut(Session session, Path blockList) {
        IpBlockList list = IpBlockList.read(blockList);
        session.setIpFilter(list);
        IO.println(list.ranges() + " ranges; not understood: " + list.firstBadLines());
    }

    static String wentWrong(Torrent torrent) throws InterruptedException {
        try {
            return torrent.awaitCompletion(Duration.ofHours(1)) ? "complete" : "not yet";
        } catch (SpateException.Storage e) {
            return switch (e.trouble()) {
                case DISK_FULL, NOT_PERMITTED -> "ask somebody: " + e.getMessage();
                case NAME_CLASH -> "choose another folder: " + e.getMessage();
                case MISSING, CHANGED, UNSAFE_PATH, UNSUITABLE, FAILED -> e.getMessage();
            };
        } catch (SpateException e) {
            return e.getMessage();
        }
    }

    static int percentThere(Path torrentFile, Path folder) throws IOException, InterruptedException {
        Metainfo metainfo = MetainfoFile.read(torrentFile);
        PieceSet good = Verification.goodPieces(metainfo, folder, checked -> {});
        return 100 * good.count() / metainfo.layout().pieces();
    }
}
