package dev.spate.io.lane;

import dev.spate.io.memory.BufferPool;
import dev.spate.io.memory.DirectMemory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A thread that owns sockets and timers, and runs what other threads hand to it: the one place where the things on it
 * happen, one after the other, so that they need no locks.
 *
 * <p>A lane works in turns: it waits until a socket is ready, a timer is due or a task has come; runs a bounded number of
 * tasks; reads every ready socket a bounded number of times; rings timers; runs what asked to be run {@linkplain
 * #beforeFlush before the flush}; and lets each connection that has something to send write once. Under load a turn finds
 * more to do, and so calls get larger by themselves.
 *
 * <p>A task, timer or handler that throws is a bug: it is reported, its connection is closed, and the lane goes on.
 */
public final class Lane implements Executor, AutoCloseable {
    static final System.Logger LOG = System.getLogger("dev.spate.io.lane");

    /** As much as is worth one system call; larger reads gain nothing, and this much stays in a core's cache. */
    private static final int RECEIVE_BUFFER = 256 * 1024;

    private static final int TASKS_A_TURN = 4096;

    /** A turn that takes longer is a stall: by then a fast link has filled its peer's buffers, or run dry of what it was sent. */
    private static final long STALL_NANOS = 50_000_000;

    /** Bound on memory for small messages that wait for sockets: enough for a thousand congested connections. */
    private static final long MESSAGE_MEMORY = 256L << 20;

    /** Empty outboxes kept for the next turn. */
    private static final int IDLE_OUTBOXES = 4;

    /** How long {@link #close} waits for the turn that runs. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Thread thread;
    private final Selector selector;
    private final Consumer<Throwable> bugs;
    private final Mailbox mailbox = new Mailbox();
    private final TimerHeap timers = new TimerHeap();
    private final ByteBuffer receiveBuffer = DirectMemory.allocate(RECEIVE_BUFFER);
    private final BufferPool messageMemory = new BufferPool(MESSAGE_MEMORY);
    private final ArrayDeque<Outbox> idleOutboxes = new ArrayDeque<>();
    private final ArrayList<SelectionKey> ready = new ArrayList<>();
    private final Consumer<SelectionKey> collectReady = ready::add;
    private ArrayList<Runnable> lateTasks = new ArrayList<>();
    private ArrayList<Runnable> spareLateTasks = new ArrayList<>();
    private ArrayList<TcpConnection> writers = new ArrayList<>();
    private ArrayList<TcpConnection> spareWriters = new ArrayList<>();
    private final ArrayDeque<TcpConnection> doomed = new ArrayDeque<>();
    private final LongAdder stalls = new LongAdder();
    private boolean keysCancelled;
    private long now = System.nanoTime();

    private Lane(String name, Selector selector, Consumer<Throwable> bugs) {
        this.selector = selector;
        this.bugs = bugs;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /**
     * A running lane; bugs in what runs on it go to the log.
     *
     * @param name of its thread
     * @throws IOException if the system has no selector left to give
     */
    public static Lane start(String name) throws IOException {
        return start(name, bug -> LOG.log(System.Logger.Level.ERROR, "a bug on lane " + name, bug));
    }

    /** A running lane that tells {@code bugs}, on its own thread, what tasks, timers and handlers have thrown. */
    public static Lane start(String name, Consumer<Throwable> bugs) throws IOException {
        var lane = new Lane(name, Selector.open(), bugs);
        lane.thread.start();
        return lane;
    }

    /**
     * Runs {@code task} on the lane, after those handed over before. Any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the lane is closed, or so many tasks wait that it must be
     *     stuck
     */
    @Override
    public void execute(Runnable task) {
        if (mailbox.post(task)) {
            selector.wakeup();
        }
    }

    /** How many turns so far have taken 50 ms or more, in which no socket of the lane was served. Any thread. */
    public long stalls() {
        return stalls.sum();
    }

    /** Whether the calling thread is this lane's. */
    public boolean isCurrent() {
        return thread.equals(Thread.currentThread());
    }

    /** The time on the scale of {@link System#nanoTime}, read when the present event began. Lane thread only. */
    public long now() {
        return now;
    }

    /** A timer that is not set yet and runs {@code action} on the lane whenever it rings. */
    public LaneTimer timer(Runnable action) {
        return new LaneTimer(this, timers, action);
    }

    /**
     * Runs {@code task} once in this turn, when all its events have been handled and before anything is written: the moment to
     * act on all of them together. What comes too late for this turn runs in the next one. Lane thread only.
     */
    public void beforeFlush(Runnable task) {
        assert isCurrent();
        lateTasks.add(task);
    }

    /**
     * Begins to connect. Never fails at once: the handler hears {@code connected} or {@code closed} later. Lane thread only.
     *
     * @param to a resolved address
     * @param from the local address to use, with port 0 for any; null leaves the choice to the system
     * @param limit after which the attempt is given up
     */
    public TcpConnection connect(
            InetSocketAddress to, @Nullable InetSocketAddress from, Duration limit, TcpHandler handler) {
        assert isCurrent();
        SocketChannel channel = null;
        try {
            if (to.isUnresolved()) {
                throw new UnknownHostException(to.getHostString());
            }
            channel = SocketChannel.open(familyOf(to));
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (from != null) {
                // Several connections may leave from one port, as long as their destinations differ.
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, from.getPort() != 0);
                channel.bind(from);
            }
            channel.connect(to);
            var connection = new TcpConnection(this, channel, to, handler, false);
            connection.registered(register(channel, SelectionKey.OP_CONNECT, connection));
            LaneTimer timer = timer(connection::connectTimedOut);
            timer.set(now + limit.toNanos());
            connection.connectWithin(timer);
            return connection;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            // The unchecked ones: a local address of the other family, or a family that this system lacks.
            return failedConnection(channel, to, handler, e);
        }
    }

    /**
     * A connection that cannot even be begun, for one who decides so before {@link #connect}: the handler hears {@code closed} with
     * {@code why} later, as it does of those that fail. Lane thread only.
     */
    public TcpConnection notConnected(InetSocketAddress to, IOException why, TcpHandler handler) {
        assert isCurrent();
        return failedConnection(null, to, handler, why);
    }

    /**
     * Takes over a connected channel, and calls {@code received} when bytes come. Lane thread only. The channel belongs to the connection from now on; if it is dead already the handler hears {@code closed}.
     */
    public TcpConnection adopt(SocketChannel connected, TcpHandler handler) {
        assert isCurrent();
        InetSocketAddress remote = new InetSocketAddress(0);
        try {
            connected.configureBlocking(false);
            if (connected.getRemoteAddress() instanceof InetSocketAddress address) {
                remote = address;
            }
            SendBuffer.tune(connected);
            var connection = new TcpConnection(this, connected, remote, handler, true);
            connection.registered(register(connected, SelectionKey.OP_READ, connection));
            return connection;
        } catch (IOException e) {
            return failedConnection(connected, remote, handler, e);
        }
    }

    /** Takes over a connection from another lane; what was unread there is received first, in this turn. */
    public TcpConnection adopt(Detached detached, TcpHandler handler) {
        TcpConnection connection = adopt(detached.channel(), handler);
        if (detached.unread().hasRemaining()) {
            beforeFlush(() -> {
                if (connection.isOpen()) {
                    deliver(connection, detached.unread());
                }
            });
        }
        return connection;
    }

    /**
     * Listens for connections. Any thread. A wildcard address takes both IPv4 and IPv6 where the system has both.
     *
     * @param at a local address, with port 0 for any
     * @param backlog how many callers may wait to be accepted
     * @throws IOException if the address is not ours or the port is taken
     */
    public TcpListener listen(InetSocketAddress at, int backlog, TcpAcceptor acceptor) throws IOException {
        ServerSocketChannel channel =
                isWildcard(at) ? ServerSocketChannel.open() : ServerSocketChannel.open(familyOf(at));
        try {
            channel.configureBlocking(false);
            channel.bind(at, backlog);
            var listener = new TcpListener(this, channel, (InetSocketAddress) channel.getLocalAddress(), acceptor);
            execute(listener::register);
            return listener;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Opens a UDP port. Any thread. A wildcard address takes both IPv4 and IPv6 where the system has both.
     *
     * @param at a local address, with port 0 for any
     * @throws IOException if the address is not ours or the port is taken
     */
    public UdpSocket openUdp(InetSocketAddress at, UdpHandler handler) throws IOException {
        DatagramChannel channel = isWildcard(at) ? DatagramChannel.open() : DatagramChannel.open(familyOf(at));
        try {
            channel.configureBlocking(false);
            channel.bind(at);
            var socket = new UdpSocket(this, channel, (InetSocketAddress) channel.getLocalAddress(), handler);
            execute(socket::register);
            return socket;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Joins a multicast group. Any thread.
     *
     * @param group its address and port, which may be shared with other programs
     * @param interfaces where; those that have no address of the group's family are passed over
     * @throws IOException if it can be joined nowhere, or another program has the port for itself
     */
    public UdpGroup join(InetSocketAddress group, List<NetworkInterface> interfaces, UdpHandler handler)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(familyOf(group));
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(group.getPort()));
            List<NetworkInterface> joined = UdpGroup.join(channel, group.getAddress(), interfaces);
            var socket = new UdpSocket(this, channel, (InetSocketAddress) channel.getLocalAddress(), handler);
            execute(socket::register);
            return new UdpGroup(socket, channel, group, List.copyOf(joined));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Runs the tasks handed over so far, closes every connection and port on the lane and ends its thread. Waits for that ten
     * seconds at most, and not at all when called on the lane. Any thread, any number of times. A caller that is interrupted
     * does not wait.
     */
    @Override
    public void close() {
        mailbox.close();
        selector.wakeup();
        if (isCurrent()) {
            return;
        }
        boolean ended = false;
        try {
            ended = thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            StackTraceElement[] stack = thread.getStackTrace();
            LOG.log(
                    System.Logger.Level.ERROR,
                    "lane " + thread.getName() + " does not end" + (stack.length == 0 ? "" : ", it is in " + stack[0]));
        }
    }

    SelectionKey register(SelectableChannel channel, int ops, Selected owner) throws IOException {
        if (mailbox.isClosed()) {
            throw new IOException("the lane is closed");
        }
        return channel.register(selector, ops, owner);
    }

    ByteBuffer receiveBuffer() {
        return receiveBuffer;
    }

    void queueWriter(TcpConnection connection) {
        writers.add(connection);
    }

    void doomed(TcpConnection connection) {
        doomed.add(connection);
    }

    /** The selector has to run once more before a key is really gone. */
    void cancelledKey() {
        keysCancelled = true;
    }

    void wakeUp() {
        if (selector.isOpen()) {
            selector.wakeup();
        }
    }

    @Nullable
    Outbox takeOutbox() {
        Outbox outbox = idleOutboxes.pollLast();
        return outbox != null ? outbox : Outbox.tryNew(messageMemory);
    }

    void giveBack(Outbox empty) {
        if (idleOutboxes.size() < IDLE_OUTBOXES) {
            idleOutboxes.addLast(empty);
        } else {
            empty.free();
        }
    }

    private void run() {
        try {
            while (!mailbox.isClosed()) {
                select();
                long begun = now;
                // Only those that are there already: an eager sender must not keep the sockets waiting.
                runTasks(Math.min(mailbox.size(), TASKS_A_TURN));
                handleReady();
                ringTimers();
                runLateTasks();
                flushWriters();
                finishDoomed();
                noteTurn(System.nanoTime() - begun);
            }
        } catch (IOException e) {
            bug(new IOException("the selector failed", e));
        } finally {
            shutDown();
        }
    }

    private void noteTurn(long nanos) {
        if (nanos >= STALL_NANOS) {
            stalls.increment();
            LaneStalled event = new LaneStalled();
            if (event.shouldCommit()) {
                event.turn = nanos;
                event.commit();
            }
        }
    }

    private void select() throws IOException {
        long waitMillis = waitMillis();
        if (waitMillis == 0 || !mailbox.fallAsleep()) {
            selector.selectNow(collectReady);
        } else {
            if (waitMillis < 0) {
                selector.select(collectReady);
            } else {
                selector.select(collectReady, waitMillis);
            }
            mailbox.wakeUp();
        }
        now = System.nanoTime();
    }

    /** 0: there is work already; negative: until something comes. */
    private long waitMillis() {
        if (!lateTasks.isEmpty() || !writers.isEmpty() || !doomed.isEmpty() || keysCancelled) {
            keysCancelled = false;
            return 0;
        }
        if (timers.isEmpty()) {
            return -1;
        }
        long nanos = timers.next() - System.nanoTime();
        // Rounded up: to wake before the time would mean to spin until it.
        return nanos <= 0 ? 0 : (nanos + 999_999) / 1_000_000;
    }

    private void runTasks(int limit) {
        for (int i = 0; i < limit; i++) {
            Runnable task = mailbox.poll();
            if (task == null) {
                return;
            }
            runGuarded(task);
        }
    }

    private void handleReady() {
        for (int i = 0; i < ready.size(); i++) {
            SelectionKey key = ready.get(i);
            var owner = (Selected) key.attachment();
            now = System.nanoTime();
            try {
                if (key.isValid()) {
                    owner.ready(key.readyOps());
                }
            } catch (Throwable bug) {
                bug(bug);
                owner.abandon(new IOException("a handler failed", bug));
            }
        }
        ready.clear();
    }

    private void ringTimers() {
        now = System.nanoTime();
        for (int most = timers.size(); most > 0; most--) {
            LaneTimer timer = timers.poll(now);
            if (timer == null) {
                return;
            }
            runGuarded(timer.action);
        }
    }

    private void runLateTasks() {
        ArrayList<Runnable> tasks = lateTasks;
        lateTasks = spareLateTasks;
        for (int i = 0; i < tasks.size(); i++) {
            runGuarded(tasks.get(i));
        }
        tasks.clear();
        spareLateTasks = tasks;
    }

    private void flushWriters() {
        ArrayList<TcpConnection> list = writers;
        writers = spareWriters;
        for (int i = 0; i < list.size(); i++) {
            TcpConnection connection = list.get(i);
            try {
                connection.flush();
            } catch (Throwable bug) {
                bug(bug);
                connection.doom(new IOException("a handler failed", bug));
            }
        }
        list.clear();
        spareWriters = list;
    }

    private void finishDoomed() {
        for (TcpConnection connection = doomed.poll(); connection != null; connection = doomed.poll()) {
            // Its key is cancelled by closing; the descriptor goes when the selector has run again.
            keysCancelled = true;
            try {
                connection.finish();
            } catch (Throwable bug) {
                bug(bug);
            }
        }
    }

    private void deliver(TcpConnection connection, ByteBuffer data) {
        try {
            connection.deliver(receiveBuffer.clear().put(data).flip());
        } catch (Throwable bug) {
            bug(bug);
            connection.doom(new IOException("a handler failed", bug));
        }
    }

    private void shutDown() {
        mailbox.close();
        now = System.nanoTime();
        runTasks(Mailbox.CAPACITY);
        runLateTasks();
        for (SelectionKey key : selector.keys()) {
            ((Selected) key.attachment()).abandon(null);
        }
        // What the handlers do about it may fail more; nothing new can be opened any more, so this ends.
        for (int round = 0; round < 8; round++) {
            finishDoomed();
            runTasks(Mailbox.CAPACITY);
            runLateTasks();
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "closing the selector of lane " + thread.getName(), e);
        }
        idleOutboxes.forEach(Outbox::free);
        messageMemory.close();
    }

    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable bug) {
            bug(bug);
        }
    }

    private void bug(Throwable bug) {
        try {
            bugs.accept(bug);
        } catch (Throwable reporting) {
            LOG.log(System.Logger.Level.ERROR, "the reporter of bugs failed", reporting);
        }
    }

    private TcpConnection failedConnection(
            @Nullable SocketChannel channel, InetSocketAddress to, TcpHandler handler, Exception why) {
        var connection = new TcpConnection(this, channel, to, handler, false);
        connection.doom(why instanceof IOException e ? e : new IOException("cannot connect to " + to, why));
        return connection;
    }

    private static ProtocolFamily familyOf(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    private static boolean isWildcard(InetSocketAddress address) {
        return address.getAddress() != null && address.getAddress().isAnyLocalAddress();
    }
}
