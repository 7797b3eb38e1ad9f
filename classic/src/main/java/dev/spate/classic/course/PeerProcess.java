package dev.spate.classic.course;

import dev.spate.classic.course.peer.CoursePeer;
import dev.spate.classic.course.peer.Effect;
import dev.spate.classic.course.peer.Ending;
import dev.spate.classic.course.peer.PeerLook;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.wire.Deviation;
import dev.spate.classic.course.wire.IdForm;
import dev.spate.classic.course.wire.MessageDecoder;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.lane.TcpListener;
import dev.spate.io.memory.BufferPool;
import dev.spate.io.work.Chores;
import dev.spate.io.work.Outcome;
import dev.spate.io.work.Workers;
import dev.spate.wire.PieceLayout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A peer of the course's network on this machine: it listens at the address of its line and nowhere else, connects from there,
 * keeps its files in {@code peer_ID/} and its log in {@code log_peer_ID.log}, and ends by itself.
 *
 * <p>Implementation note: one lane carries it, so that no two things happen at a time; files are read and written there as well,
 * since a piece is a matter of microseconds in the page cache, and nothing but this peer would wait for a slow disk. Only
 * looking names up and forcing the finished file to the disk are done elsewhere.
 *
 * <p>News of a piece goes to every neighbour, which is most of the traffic in calls, if not in bytes: it waits for company, {@link
 * #NEWS_NANOS} at most (measured with {@code bench/run --only course}). So do the journal and the log, which go first: nobody is told of a piece
 * that a killed process would not know of.
 */
public final class PeerProcess implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final int BACKLOG = 128;

    /** How long news of a piece may wait; much less than anybody takes to fetch one over a network. */
    private static final long NEWS_NANOS = 5_000_000;

    /** For content that waits for sockets. */
    private static final long UPLOAD_MEMORY = 64L << 20;

    private final CourseSetup setup;
    private final PeerLine line;
    private final PeerOptions options;
    private final PieceFile file;
    private final LogFile log;
    private final InetAddress address;
    private final Lane lane;
    private final BufferPool pool = new BufferPool(UPLOAD_MEMORY);
    private final Chores chores;
    private final Workers workers;
    private final CoursePeer peer;
    private final LaneTimer timer;
    private final LaneTimer news;
    private final Map<Integer, PeerLink> links = new HashMap<>();
    private final Set<PeerLink> open = new HashSet<>();
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private @Nullable TcpListener listener;
    private @Nullable Ending ended;
    private boolean finishing;
    private boolean draining;
    private boolean reviewed;
    private boolean over;

    private PeerProcess(
            CourseSetup setup,
            PeerLine line,
            PeerOptions options,
            PieceFile file,
            LogFile log,
            InetAddress address,
            Lane lane) {
        this.setup = setup;
        this.line = line;
        this.options = options;
        this.file = file;
        this.log = log;
        this.address = address;
        this.lane = lane;
        this.chores = new Chores("peer-" + line.id(), 4);
        this.workers = Workers.start("peer-" + line.id() + "-disk", 1);
        this.peer = new CoursePeer(
                setup.common(),
                setup.peers(),
                line,
                file.have(),
                options.settings(),
                new SplittableRandom(options.seed()),
                System.nanoTime());
        this.timer = lane.timer(this::rang);
        this.news = lane.timer(this::tellNews);
    }

    /** Starts the peer with this id. */
    public static PeerProcess start(CourseSetup setup, int id, PeerOptions options) throws CourseException {
        PeerLine line = setup.line(id);
        if (options.dialect() != null && options.dialect().has(Deviation.ASCII_ID) && id > IdForm.MOST_IN_DIGITS) {
            throw new CourseException(
                    CourseException.Kind.CONFIGURATION,
                    "peer id " + id + " has more than the four digits of the dialect",
                    "Use ids up to " + IdForm.MOST_IN_DIGITS + ", or leave out " + Deviation.ASCII_ID.title() + ".");
        }
        InetAddress address;
        try {
            address = InetAddress.getByName(line.host());
        } catch (UnknownHostException e) {
            throw new CourseException(
                    CourseException.Kind.NOT_OUR_ADDRESS,
                    "the host " + line.host() + " of peer " + id + " has no address",
                    "Correct it in " + setup.folder().resolve("PeerInfo.cfg") + ".",
                    e);
        }
        PieceFile file = null;
        LogFile log = null;
        Lane lane = null;
        PeerProcess process = null;
        boolean started = false;
        try {
            Files.createDirectories(setup.peerFolder(id));
            file = PieceFile.open(setup, line);
            log = LogFile.open(setup.log(id), InstantSource.system(), file::record);
            AtomicReference<@Nullable PeerProcess> itself = new AtomicReference<>();
            lane = Lane.start("peer-" + id, bug -> broken(itself.get(), bug));
            process = new PeerProcess(setup, line, options, file, log, address, lane);
            itself.set(process);
            process.listen();
            lane.execute(process::begin);
            started = true;
            return process;
        } catch (IOException e) {
            throw cannotListen(setup, line, address, e, lane != null);
        } finally {
            if (process != null && !started) {
                process.close();
            } else if (process == null) {
                if (lane != null) {
                    lane.close();
                }
                close(log);
                if (file != null) {
                    file.close();
                }
            }
        }
    }

    /** When all of this is made: neighbours may be waiting at the port, and come in at once on the lane. */
    private void listen() throws IOException {
        listener = lane.listen(new InetSocketAddress(address, line.port()), BACKLOG, this::accepted);
    }

    private static CourseException cannotListen(
            CourseSetup setup, PeerLine line, InetAddress address, IOException e, boolean atThePort) {
        if (!atThePort) {
            return PieceFile.trouble(setup.folder(), e);
        }
        String where = address.getHostAddress() + ":" + line.port();
        boolean inUse = String.valueOf(e.getMessage()).contains("in use");
        return inUse
                ? new CourseException(
                        CourseException.Kind.PORT_IN_USE,
                        "peer " + line.id() + " cannot listen at " + where + ": " + e.getMessage(),
                        "End the program that listens there (this peer may be running already), or change the port in"
                                + " PeerInfo.cfg.",
                        e)
                : new CourseException(
                        CourseException.Kind.NOT_OUR_ADDRESS,
                        "peer " + line.id() + " cannot listen at " + where + ": " + e.getMessage(),
                        "Start it on the host that its line of PeerInfo.cfg names.",
                        e);
    }

    private static void close(@Nullable LogFile log) {
        try {
            if (log != null) {
                log.close();
            }
        } catch (IOException e) {
            // Nothing was written yet, so nothing is lost.
        }
    }

    /** How it ends: exceptionally, with a {@link CourseException}, when its files fail. Cancelled by {@link #close}. */
    public CompletableFuture<Ending> ending() {
        return ending;
    }

    /** Which peer it is. */
    public int id() {
        return line.id();
    }

    /** How it stands; when it is over, how it stood then. Any thread. */
    public CompletableFuture<PeerLook> look() {
        CompletableFuture<PeerLook> look = new CompletableFuture<>();
        try {
            lane.execute(() -> look.complete(peer.look()));
        } catch (RejectedExecutionException closed) {
            look.cancel(false);
        }
        return look;
    }

    /** Ends it at once, if it has not ended. What was stored stays, and another start goes on with it. */
    @Override
    public void close() {
        CompletableFuture<Void> shut = new CompletableFuture<>();
        try {
            lane.execute(() -> {
                shutDown();
                ending.cancel(false);
                shut.complete(null);
            });
            shut.join();
        } catch (RejectedExecutionException closed) {
            // It was closed before.
        }
        lane.close();
        chores.close();
        workers.close();
    }

    // On the lane.

    private void begin() {
        if (file.have().isFull() && !file.isComplete()) {
            finish();
        }
        drain();
    }

    private void accepted(SocketChannel channel) {
        PeerLink link = new PeerLink(this, CoursePeer.NOTHING, decoder());
        open.add(link);
        link.connected(lane.adopt(channel, link));
    }

    private MessageDecoder decoder() {
        return options.dialect() == null
                ? MessageDecoder.guessing(layout(), id -> setup.peers().find(id).isPresent())
                : MessageDecoder.of(layout(), options.dialect());
    }

    private void dial(int id) {
        PeerLine to = setup.peers().find(id).orElseThrow();
        chores.<InetAddress>submit(() -> InetAddress.getByName(to.host()), lane, outcome -> {
            if (over) {
                return;
            }
            PeerLink link = new PeerLink(this, id, decoder());
            open.add(link);
            switch (outcome) {
                case Outcome.Done<InetAddress>(var resolved) -> {
                    boolean sameFamily = resolved.getClass() == address.getClass();
                    lane.connect(
                            new InetSocketAddress(resolved, to.port()),
                            sameFamily ? new InetSocketAddress(address, 0) : null,
                            CONNECT_LIMIT,
                            link);
                }
                case Outcome.Failed<InetAddress>(var cause) ->
                    lane.notConnected(
                            InetSocketAddress.createUnresolved(to.host(), to.port()),
                            new IOException("the host " + to.host() + " has no address", cause),
                            link);
            }
        });
    }

    private void rang() {
        peer.timeout(lane.now());
        drain();
    }

    /** Carries out what the peer has decided; effects of effects come after them. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        for (Effect effect = peer.nextEffect(); effect != null && !over; effect = peer.nextEffect()) {
            carryOut(effect);
        }
        draining = false;
        if (!reviewed && !over) {
            reviewed = true;
            lane.beforeFlush(this::endTurn);
        }
    }

    private void endTurn() {
        reviewed = false;
        if (over) {
            return;
        }
        long deadline = peer.deadline();
        if (deadline != Long.MAX_VALUE) {
            timer.set(deadline);
        }
    }

    /** Something waits for company: a line of the log, or news for a neighbour. */
    void newsWaits() {
        if (!news.isSet() && !over) {
            news.set(lane.now() + NEWS_NANOS);
        }
    }

    private void tellNews() {
        if (!over && recorded()) {
            open.forEach(PeerLink::sendNews);
        }
    }

    /** Brings journal and log to their files; false if that failed and this peer is over. */
    private boolean recorded() {
        try {
            file.record();
            log.flush();
            return true;
        } catch (IOException e) {
            failed(PieceFile.trouble(setup.folder(), e));
            return false;
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Dial(var id) -> dial(id);
            case Effect.Greet(var number) -> link(number).greet();
            case Effect.Send(var number, var message) -> {
                PeerLink link = links.get(number);
                if (link != null) {
                    link.send(message);
                }
            }
            case Effect.UploadReady(var number) -> {
                PeerLink link = links.get(number);
                if (link != null) {
                    link.uploadReady();
                }
            }
            case Effect.Leave(var number) -> {
                PeerLink link = links.get(number);
                if (link != null && recorded()) {
                    link.sendNews();
                    link.leave();
                }
            }
            case Effect.Close(var number) -> {
                PeerLink link = links.remove(number);
                if (link != null) {
                    link.close();
                }
            }
            case Effect.Log(var event) -> {
                try {
                    log.write(event);
                    newsWaits();
                } catch (IOException e) {
                    failed(PieceFile.trouble(setup.log(line.id()), e));
                }
            }
            case Effect.Notice(var text) -> options.notices().accept(text);
            case Effect.End(var how) -> {
                ended = how;
                endIfFinished();
            }
        }
    }

    private PeerLink link(int number) {
        PeerLink link = links.get(number);
        if (link == null) {
            throw new IllegalStateException("no link " + number);
        }
        return link;
    }

    void linked(int number, PeerLink link) {
        links.put(number, link);
    }

    void linkClosed(PeerLink link) {
        open.remove(link);
        links.values().remove(link);
    }

    /** All content of a piece is written. */
    void stored(int number, int piece, int crc) {
        if (over) {
            return;
        }
        try {
            if (!file.have().contains(piece)) {
                file.stored(piece, crc);
            }
        } catch (IOException e) {
            failed(PieceFile.trouble(folder(), e));
            return;
        }
        peer.pieceStored(number, piece, lane.now());
        if (file.have().isFull() && !finishing && !file.isComplete()) {
            finish();
        }
        drain();
    }

    /** The last piece is here: the file gets its name, and then this peer may end. */
    private void finish() {
        finishing = true;
        workers.<Boolean>submit(
                () -> {
                    file.force();
                    return true;
                },
                lane,
                outcome -> {
                    finishing = false;
                    if (over) {
                        return;
                    }
                    try {
                        switch (outcome) {
                            case Outcome.Done<Boolean> _ -> file.complete();
                            case Outcome.Failed<Boolean>(var cause) ->
                                throw cause instanceof IOException io ? io : new IOException(cause);
                        }
                    } catch (IOException e) {
                        failed(PieceFile.trouble(folder(), e));
                    }
                    endIfFinished();
                });
    }

    private void endIfFinished() {
        Ending how = ended;
        if (how != null && !finishing && !over) {
            shutDown();
            ending.complete(how);
        }
    }

    /** A file cannot be used any more: nothing else can be done. */
    void failed(CourseException trouble) {
        if (!over) {
            shutDown();
            ending.completeExceptionally(trouble);
        }
    }

    private static void broken(@Nullable PeerProcess peer, Throwable bug) {
        if (peer != null) {
            peer.shutDown();
            peer.ending.completeExceptionally(bug);
        }
    }

    private void shutDown() {
        if (over) {
            return;
        }
        over = true;
        timer.cancel();
        news.cancel();
        TcpListener listening = listener;
        if (listening != null) {
            listening.close();
        }
        Set.copyOf(open).forEach(PeerLink::close);
        try {
            file.record();
            log.close();
        } catch (IOException e) {
            ending.completeExceptionally(PieceFile.trouble(setup.folder(), e));
        }
        file.close();
    }

    // For the links.

    CoursePeer peer() {
        return peer;
    }

    PieceLayout layout() {
        return setup.common().layout();
    }

    PieceFile file() {
        return file;
    }

    Path folder() {
        return setup.peerFolder(line.id());
    }

    BufferPool pool() {
        return pool;
    }

    Lane lane() {
        return lane;
    }

    long now() {
        return lane.now();
    }
}
