package dev.spate.classic.course.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.log.LogEvent;
import dev.spate.classic.course.log.LogText;
import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.classic.course.wire.Message;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A whole network of {@link CoursePeer}s in one thread under virtual time: connections with a delay and a rate, deaths and restarts;
 * invariants are looked at after each event. A seed replays a run.
 */
final class CourseWorld {
    static final long SECOND = 1_000_000_000L;
    private static final long DELAY = 2_000_000L;

    /** Nanoseconds that a byte of content takes: 10 MB/s. */
    private static final long NANOS_A_BYTE = 100;

    private record Event(long at, long order, Runnable run) {}

    /** One end of a connection. */
    static final class End {
        final Node owner;

        @Nullable
        End peerEnd;

        int link = CoursePeer.NOTHING;
        boolean open = true;
        /** When the last of what was sent arrives. */
        long busyUntil;

        boolean choked = true;
        boolean said;

        End(Node owner) {
            this.owner = owner;
        }

        End other() {
            return Objects.requireNonNull(peerEnd);
        }
    }

    final class Node {
        final PeerLine line;
        final PieceSet disk;
        final List<String> log = new ArrayList<>();
        final Map<Integer, End> ends = new HashMap<>();

        @Nullable
        CoursePeer peer;

        @Nullable
        Ending ending;

        int life;

        Node(PeerLine line) {
            this.line = line;
            this.disk = line.hasFile()
                    ? PieceSet.full(common.layout().pieces())
                    : new PieceSet(common.layout().pieces());
        }

        void start() {
            life++;
            ending = null;
            peer = new CoursePeer(common, list, line, disk, settings, random.split(), now);
            wake();
        }

        void kill() {
            peer = null;
            life++;
            for (End end : List.copyOf(ends.values())) {
                shut(end);
            }
            ends.clear();
        }

        private void wake() {
            CoursePeer mine = peer;
            if (mine == null) {
                return;
            }
            drain(mine);
            if (peer == mine && mine.deadline() != Neighbour.NEVER) {
                int when = life;
                at(Math.max(now, mine.deadline()), () -> {
                    if (life == when && peer == mine && mine.deadline() <= now) {
                        mine.timeout(now);
                        wake();
                    }
                });
            }
        }

        private void drain(CoursePeer mine) {
            for (Effect effect = mine.nextEffect(); effect != null; effect = mine.nextEffect()) {
                carryOut(mine, effect);
            }
            check(this);
        }

        private void carryOut(CoursePeer mine, Effect effect) {
            switch (effect) {
                case Effect.Dial(var id) -> dial(this, node(id));
                case Effect.Greet(var link) -> {
                    End to = end(link).other();
                    send(end(link), 32, () -> hear(to, peer -> peer.handshakeReceived(to.link, line.id(), now)));
                }
                case Effect.Send(var link, var message) -> say(end(link), message);
                case Effect.UploadReady(var link) -> upload(mine, end(link));
                case Effect.Leave(var link) -> {
                    End from = end(link);
                    send(from, 0, () -> lost(from.other()));
                }
                case Effect.Close(var link) -> {
                    End end = ends.remove(link);
                    if (end != null) {
                        shut(end);
                    }
                }
                case Effect.Log(var event) ->
                    log.add(String.format(
                            "[2025-12-03 %02d:%02d:%02d]: %s",
                            now / SECOND / 3600, now / SECOND / 60 % 60, now / SECOND % 60, LogText.of(noted(event))));
                case Effect.Notice _ -> {}
                case Effect.End(var how) -> {
                    ending = how;
                    peer = null;
                    assertThat(ends).isEmpty();
                }
            }
        }

        private LogEvent noted(LogEvent event) {
            if (event instanceof LogEvent.Prefers(int _, var who)) {
                assertThat(who)
                        .hasSizeLessThanOrEqualTo(common.preferredNeighbours())
                        .doesNotHaveDuplicates();
            }
            return event;
        }

        private End end(int link) {
            return Objects.requireNonNull(ends.get(link));
        }
    }

    final Common common;
    final PeerList list;
    final Map<Integer, Node> nodes = new TreeMap<>();
    private final PeerSettings settings;
    private final SplittableRandom random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long order;
    long now;

    CourseWorld(long seed, int peers, int seeds, int pieces, PeerSettings settings) {
        random = new SplittableRandom(seed);
        this.settings = settings;
        common = new Common(2, 1, 3, "thefile", new PieceLayout(pieces * 16_384L - 100, 16_384));
        List<PeerLine> lines = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            lines.add(new PeerLine(1001 + i, "h" + i, 6001, i % Math.ceilDiv(peers, seeds) == 0));
        }
        list = new PeerList(lines);
        lines.forEach(line -> nodes.put(line.id(), new Node(line)));
    }

    Node node(int id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    void startAll() {
        long when = 0;
        for (Node node : nodes.values()) {
            at(when, node::start);
            when += random.nextLong(SECOND / 2);
        }
    }

    void at(long when, Runnable run) {
        events.add(new Event(when, order++, run));
    }

    /** Runs until nobody has anything to do, or the time is over. */
    void run(long until) {
        for (Event event = events.poll(); event != null && event.at() <= until; event = events.poll()) {
            now = Math.max(now, event.at());
            event.run().run();
        }
    }

    private void dial(Node from, Node to) {
        int fromLife = from.life;
        at(now + DELAY, () -> {
            if (from.peer == null || from.life != fromLife) {
                return;
            }
            CoursePeer reached = to.peer;
            if (reached == null) {
                from.peer.connectFailed(to.line.id(), "refused", now);
                from.wake();
                return;
            }
            End mine = new End(from);
            End theirs = new End(to);
            mine.peerEnd = theirs;
            theirs.peerEnd = mine;
            mine.link = from.peer.connected(to.line.id(), now);
            theirs.link = reached.connected(CoursePeer.NOTHING, now);
            for (End end : List.of(mine, theirs)) {
                if (end.link == CoursePeer.NOTHING) {
                    shut(end);
                } else {
                    end.owner.ends.put(end.link, end);
                }
            }
            from.wake();
            to.wake();
        });
    }

    /** The other side hears of it after what is under way. */
    private void shut(End end) {
        if (end.open) {
            end.open = false;
            at(Math.max(now + DELAY, end.busyUntil), () -> lost(end.other()));
        }
    }

    private void lost(End end) {
        if (end.open && end.owner.peer != null && end.owner.ends.get(end.link) == end) {
            end.owner.ends.remove(end.link);
            end.owner.peer.disconnected(end.link, now);
            shut(end);
            end.owner.wake();
        }
    }

    private void send(End from, int bytes, Runnable arrival) {
        from.busyUntil = Math.max(from.busyUntil, now + DELAY) + bytes * NANOS_A_BYTE;
        at(from.busyUntil, arrival);
    }

    private interface Word {
        void to(CoursePeer peer);
    }

    private void hear(End end, Word word) {
        if (end.open && end.owner.peer != null && end.owner.ends.get(end.link) == end) {
            word.to(end.owner.peer);
            end.owner.wake();
        }
    }

    private void say(End from, Message message) {
        if (message instanceof Message.Bitfield) {
            assertThat(from.said).as("a bitfield comes first and once").isFalse();
        }
        from.said = true;
        if (message instanceof Message.Choke) {
            from.choked = true;
        } else if (message instanceof Message.Unchoke) {
            from.choked = false;
        }
        End to = from.other();
        send(from, 9, () -> hear(to, peer -> peer.messageReceived(to.link, message, now)));
    }

    private void upload(CoursePeer mine, End from) {
        for (int piece = mine.nextUpload(from.link); piece != CoursePeer.NOTHING; piece = mine.nextUpload(from.link)) {
            assertThat(from.choked).as("served only while unchoked").isFalse();
            assertThat(from.owner.disk.contains(piece)).isTrue();
            int index = piece;
            End to = from.other();
            boolean[] wanted = {false};
            send(from, 9, () -> hear(to, peer -> wanted[0] = peer.pieceArriving(to.link, index, now)));
            send(
                    from,
                    common.layout().length(piece),
                    () -> hear(to, peer -> {
                        if (wanted[0]) {
                            to.owner.disk.add(index);
                            peer.pieceStored(to.link, index, now);
                        }
                    }));
        }
    }

    private void check(Node node) {
        long unchoked = node.ends.values().stream().filter(end -> !end.choked).count();
        assertThat(unchoked).isLessThanOrEqualTo(common.preferredNeighbours() + 1);
    }
}
