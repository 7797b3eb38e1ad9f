package dev.spate.cli.demo;

import dev.spate.cli.view.Look;
import dev.spate.cli.view.Progress;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Event;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentBuilder;
import dev.spate.engine.TorrentState;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A whole swarm on the loopback interface, each of its members a session of its own: a seed and three leeches that find each
 * other through a tracker, and a hostile peer among them. For one thread, used once.
 *
 * <p>The hostile peer is there before the seed, and the seed comes when every leech has taken rubbish from it: so the leeches meet
 * evil in each run, and not only when chance wills it.
 */
public final class Demo implements AutoCloseable {

    private static final int LEECHES = 3;
    private static final int PIECE_LENGTH = 1 << 18;
    private static final int PIECE_MEMORY = 16 << 20;
    private static final Duration GLANCE = Duration.ofMillis(100);

    /** The seed comes after so long even if a leech is spared. */
    private static final Duration TEMPTATION = Duration.ofSeconds(10);

    /** Events come on threads of their own, a little after what they tell of. */
    private static final Duration LAST_NEWS = Duration.ofSeconds(5);

    private final Progress progress;
    private final BooleanSupplier cancelled;
    private final Path home;
    private final List<Session> sessions = new ArrayList<>();
    private final List<Torrent> leeches = new ArrayList<>();
    private final Queue<Ban> bans = new ConcurrentLinkedQueue<>();

    /**
     * A peer that was shut out.
     *
     * @param by the leech, from 1
     * @param peer whom it shut out
     * @param evidence what that one did
     */
    public record Ban(int by, PeerAddress peer, String evidence) {}

    /**
     * What came of it.
     *
     * @param complete whether every leech got everything
     * @param identical whether what they have is, byte for byte, what the seed had
     * @param size bytes of the data
     * @param time from the moment the seed came until the last leech was complete
     * @param hostile the hostile peer's address
     * @param rubbish blocks that it sent
     * @param knocks connections that it made to talk nonsense
     * @param refused how many of them were closed on it
     * @param corrupt bytes that the leeches received and found to be bad
     * @param between bytes that the leeches got from each other
     * @param bans all of them
     */
    public record Outcome(
            boolean complete,
            boolean identical,
            long size,
            Duration time,
            PeerAddress hostile,
            long rubbish,
            int knocks,
            int refused,
            long corrupt,
            long between,
            List<Ban> bans) {

        /** Whether every leech found the hostile peer out. */
        public boolean hostileBanned() {
            return IntStream.rangeClosed(1, LEECHES)
                    .allMatch(leech -> bans.stream()
                            .anyMatch(
                                    ban -> ban.by() == leech && ban.peer().ip().equals(hostile.ip())));
        }

        /** Whether nobody else was shut out. */
        public boolean honestSpared() {
            return bans.stream().allMatch(ban -> ban.peer().ip().equals(hostile.ip()));
        }

        /** Whether all is as it should be. */
        public boolean good() {
            return complete && identical && hostileBanned() && honestSpared();
        }
    }

    private Demo(Progress progress, BooleanSupplier cancelled, Path home) {
        this.progress = progress;
        this.cancelled = cancelled;
        this.home = home;
    }

    /**
     * Prepares a temporary folder.
     *
     * @param cancelled asked now and then; true ends the demonstration early
     */
    public static Demo prepare(Progress progress, BooleanSupplier cancelled) throws IOException {
        return new Demo(progress, cancelled, Files.createTempDirectory("spate-demo-"));
    }

    /**
     * Runs it.
     *
     * @param size bytes of data
     * @param limit after which it ends, complete or not
     */
    public Outcome run(long size, Duration limit) throws IOException, InterruptedException {
        Path original = home.resolve("seed").resolve("demo");
        progress.say("making data and a torrent of it");
        DemoData.make(original, size);
        try (ServerSocket place = DemoTracker.place()) {
            Metainfo metainfo = TorrentBuilder.of(original)
                    .pieceLength(PIECE_LENGTH)
                    .trackers(List.of(List.of(DemoTracker.url(place))))
                    .build();
            try (DemoTracker tracker =
                            DemoTracker.start(place, metainfo.infoHash().onTheWire());
                    HostilePeer hostile = HostilePeer.start(metainfo.infoHash().onTheWire())) {
                tracker.list(hostile.address());
                return transfer(metainfo, original, hostile, limit);
            }
        }
    }

    private Outcome transfer(Metainfo metainfo, Path original, HostilePeer hostile, Duration limit)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        progress.say("a hostile peer waits at " + hostile.address() + "; three leeches come");
        for (int leech = 1; leech <= LEECHES; leech++) {
            leeches.add(leech(leech, metainfo));
            hostile.harass(sessions.getLast().listenAddresses().getFirst());
        }
        CompletableFuture<?> complete = CompletableFuture.allOf(
                leeches.stream().map(Torrent::completion).toArray(CompletableFuture<?>[]::new));
        long tempted = Math.min(end, System.nanoTime() + TEMPTATION.toNanos());
        watch(complete, tempted, () -> hostile.victims() == LEECHES);
        progress.say("the seed comes");
        long begin = System.nanoTime();
        Session seed = session();
        seed.add(metainfo, AddOptions.into(home.resolve("seed")));
        boolean done = watch(complete, end, () -> false);
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        watch(new CompletableFuture<Void>(), System.nanoTime() + LAST_NEWS.toNanos(), () -> heardOfAll(hostile));
        return new Outcome(
                done,
                done && allIdentical(original),
                metainfo.layout().totalLength(),
                time,
                hostile.address(),
                hostile.blocks(),
                hostile.knocks(),
                hostile.refused(),
                leeches.stream()
                        .mapToLong(leech -> leech.stats().corruptBytes())
                        .sum(),
                leeches.stream().mapToLong(leech -> leech.stats().uploaded()).sum(),
                List.copyOf(bans));
    }

    private boolean heardOfAll(HostilePeer hostile) {
        long told = bans.stream().map(Ban::by).distinct().count();
        return (told == LEECHES && hostile.refused() == hostile.knocks()) || cancelled.getAsBoolean();
    }

    private Session session() {
        Session session = Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
                .lanes(1)
                .workers(1)
                .pieceMemory(PIECE_MEMORY)
                .build());
        sessions.add(session);
        return session;
    }

    private Torrent leech(int number, Metainfo metainfo) {
        Session session = session();
        // Lives as long as the session.
        var _ = session.subscribe(event -> {
            if (event instanceof Event.PeerBanned(var torrent, var peer, var evidence)) {
                bans.add(new Ban(number, peer, evidence));
            }
        });
        return session.add(metainfo, AddOptions.into(home.resolve("leech-" + number)));
    }

    /** Shows the leeches until the future is done or something else is; says whether the future is. */
    private boolean watch(CompletableFuture<?> future, long end, BooleanSupplier enough) throws InterruptedException {
        while (true) {
            progress.show(IntStream.range(0, leeches.size())
                    .mapToObj(i -> look("leech " + (i + 1), leeches.get(i)))
                    .toList());
            if (enough.getAsBoolean() || cancelled.getAsBoolean() || System.nanoTime() - end >= 0) {
                return future.isDone() && !future.isCompletedExceptionally();
            }
            try {
                future.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (ExecutionException e) {
                return false;
            } catch (TimeoutException e) {
                // Not yet; look again.
            }
        }
    }

    private static Look look(String name, Torrent torrent) {
        var stats = torrent.stats();
        return new Look(
                name,
                stats,
                torrent.pieces(),
                Map.of(),
                OptionalInt.empty(),
                stats.state() == TorrentState.FAILED
                        ? stats.failure().map(Throwable::getMessage).orElse("")
                        : "");
    }

    private boolean allIdentical(Path original) throws IOException {
        for (int leech = 1; leech <= LEECHES; leech++) {
            if (!DemoData.isSame(original, home.resolve("leech-" + leech).resolve("demo"))) {
                return false;
            }
        }
        return true;
    }

    /** Ends the sessions and deletes everything. */
    @Override
    public void close() throws IOException {
        sessions.forEach(Session::close);
        DemoData.delete(home);
    }
}
