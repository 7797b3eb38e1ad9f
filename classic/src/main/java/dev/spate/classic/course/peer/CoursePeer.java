package dev.spate.classic.course.peer;

import dev.spate.classic.course.log.LogEvent;
import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.classic.course.wire.Message;
import dev.spate.core.choke.ChokeDecision;
import dev.spate.core.choke.ChokeRound;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One peer of the course's network: all that it decides, from the first connection to its end. Not safe for use by several threads;
 * the same inputs and random give the same effects.
 *
 * <h2>Implementation note</h2>
 *
 * <pre>
 *   a neighbour:  away --connected, handshake--> greeting --our bitfield--> talking --closed--> away
 *   this peer:    running --all are finished, or patience is over--> leaving --no link left, or 5 s--> ended
 * </pre>
 *
 * The choker is {@code core.choke}'s; why the picker is not {@code core.picker}'s says {@link Wanted}.
 *
 * <p><b>The end</b> is the weak point of this protocol: a peer may leave once it knows that all have the file, and what it knows last is
 * known to it alone. So a leaving peer sends all it has to send, closes its half of each connection only, and stays until the other
 * sides have closed theirs. The other way round, a neighbour that leaves while we have the file is taken for one that has
 * finished, as only who knows that all have finished may leave; but it may have crashed as well, so for {@link #RETURN_NANOS} it may come
 * back. One that left while we lacked pieces cannot have been right, and is waited for as long as there is patience.
 *
 * <p>A request that nobody answers (its sender choked us and did not say so, or forgot it) is given up after {@link
 * #ANSWER_NANOS} without a byte, and its piece is there for others to be asked for.
 */
public final class CoursePeer {
    /** In place of a link or a piece: none. */
    public static final int NOTHING = -1;

    /** How long one that left early may take to come back. */
    public static final long RETURN_NANOS = 30_000_000_000L;

    /** How long a connection may be without a handshake. */
    public static final long HANDSHAKE_NANOS = 10_000_000_000L;

    /** How long a request may be without a byte of its answer. */
    public static final long ANSWER_NANOS = 30_000_000_000L;

    /** How long the others may take to close their half when we leave. */
    public static final long LINGER_NANOS = 5_000_000_000L;

    /** How many requests of one neighbour may wait; the text allows one. */
    public static final int MAX_UPLOADS = 64;

    /** So many notices are enough to tell a person that something is wrong. */
    public static final int MAX_NOTICES = 200;

    /** Connections beyond two for each peer. */
    private static final int SPARE_LINKS = 16;

    /** How long who connected waits for the other side to speak first, and who was connected to: longer, so that one begins. */
    private static final long DIALLER_WAITS_NANOS = 200_000_000L;

    private static final long ACCEPTER_WAITS_NANOS = 500_000_000L;

    /** So many intervals of a slow network belong to every patience. */
    private static final long LEAST_ROUNDS = 3;

    private final PieceLayout layout;
    private final PeerLine self;
    private final PeerSettings settings;
    private final long patienceNanos;
    private final RandomGenerator random;
    private final PieceSet have;
    private final Wanted wanted;
    private final Choking choking;
    private final List<Neighbour> neighbours = new ArrayList<>();
    private final ArrayList<@Nullable Link> links = new ArrayList<>();
    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private List<Integer> preferredLogged = List.of();
    private int optimisticLogged = ChokeRound.NOBODY;
    private int openLinks;
    private int notices;
    private long progressAt;
    private @Nullable Ending ending;
    private long lingerUntil = Neighbour.NEVER;
    private boolean ended;

    /**
     * A peer that is about to start.
     *
     * @param self its line of the list
     * @param have the pieces that it has already; copied
     */
    public CoursePeer(
            Common common,
            PeerList peers,
            PeerLine self,
            PieceSet have,
            PeerSettings settings,
            RandomGenerator random,
            long now) {
        this.layout = common.layout();
        this.self = self;
        this.settings = settings;
        this.patienceNanos = Math.max(
                settings.patienceNanos(),
                LEAST_ROUNDS * 1_000_000_000L * Math.max(common.unchokingSeconds(), common.optimisticSeconds()));
        this.random = random;
        this.have = have.copy();
        this.wanted = new Wanted(have);
        this.choking = new Choking(
                common.preferredNeighbours(), common.unchokingSeconds(), common.optimisticSeconds(), random, now);
        this.progressAt = now;
        boolean earlier = true;
        for (PeerLine line : peers.peers()) {
            if (line.equals(self)) {
                earlier = false;
            } else {
                neighbours.add(new Neighbour(line, neighbours.size(), earlier, layout.pieces()));
            }
        }
        for (Neighbour each : neighbours) {
            each.dialAt = each.weDial ? now : Neighbour.NEVER;
        }
    }

    /** The next effect, or null; in the order in which they are to be carried out. */
    public @Nullable Effect nextEffect() {
        return effects.poll();
    }

    // Connections.

    /**
     * A connection is made.
     *
     * @param dialled the id of an {@link Effect.Dial}, or {@link #NOTHING} if it came in
     * @return its number, or {@link #NOTHING} if there are too many: then it is to be closed
     */
    public int connected(int dialled, long now) {
        if (ending != null || openLinks >= 2 * neighbours.size() + SPARE_LINKS) {
            return NOTHING;
        }
        Link link = new Link(dialled == NOTHING ? null : neighbour(dialled), now + HANDSHAKE_NANOS);
        int number = links.indexOf(null);
        if (number < 0) {
            number = links.size();
            links.add(link);
        } else {
            links.set(number, link);
        }
        openLinks++;
        effects.add(new Effect.Greet(number));
        return number;
    }

    /** A connection that was to be made was not. */
    public void connectFailed(int dialled, String why, long now) {
        Neighbour neighbour = neighbour(dialled);
        if (neighbour == null || neighbour.isConnected()) {
            return;
        }
        if (!neighbour.outageTold) {
            neighbour.outageTold = true;
            notice("waiting for peer " + neighbour.line + ": " + why);
        }
        neighbour.dialLater(now);
    }

    /** The first bytes of a connection say whose it is. */
    public void handshakeReceived(int number, int id, long now) {
        Link link = link(number);
        if (link == null || link.neighbour != null) {
            return;
        }
        Neighbour neighbour = neighbour(id);
        String wrong = null;
        if (id == self.id()) {
            wrong = "it says it is peer " + id + ", as we are";
        } else if (neighbour == null) {
            wrong = "it says it is peer " + id + ", which is not in " + PeerList.FILE;
        } else if (link.dialled != null && link.dialled != neighbour) {
            wrong = "it says it is peer " + id + ", not " + link.dialled.id();
        } else if (neighbour.isConnected()) {
            wrong = "peer " + id + " is connected already";
        } else if (ending != null) {
            wrong = "we are leaving";
        }
        if (wrong != null || neighbour == null) {
            refuse(number, wrong == null ? "" : wrong, now);
            return;
        }
        link.neighbour = neighbour;
        neighbour.joined(number);
        boolean weDialled = link.dialled != null;
        log(weDialled ? new LogEvent.Connects(self.id(), id) : new LogEvent.IsConnected(self.id(), id));
        if (settings.listensFirst()) {
            neighbour.greetAt = now + (weDialled ? DIALLER_WAITS_NANOS : ACCEPTER_WAITS_NANOS);
        } else {
            greet(neighbour);
        }
    }

    /** What came makes no sense, or does harm: the connection is closed. */
    public void refuse(int number, String reason, long now) {
        Link link = link(number);
        if (link == null) {
            return;
        }
        Neighbour whose = link.neighbour == null ? link.dialled : link.neighbour;
        notice((whose == null ? "a connection" : "the connection with peer " + whose.line) + " was closed: " + reason);
        effects.add(new Effect.Close(number));
        gone(number, link, now);
    }

    /** The other side closed the connection, or it broke. */
    public void disconnected(int number, long now) {
        Link link = link(number);
        if (link != null) {
            gone(number, link, now);
        }
    }

    private void gone(int number, Link link, long now) {
        links.set(number, null);
        openLinks--;
        Neighbour neighbour = link.neighbour;
        if (neighbour == null) {
            if (link.dialled != null && !link.dialled.isConnected()) {
                link.dialled.dialLater(now);
            }
        } else {
            release(neighbour);
            neighbour.left();
            choking.left(neighbour);
            if (optimisticLogged == neighbour.index) {
                optimisticLogged = ChokeRound.NOBODY;
            }
            if (have.isFull() && !neighbour.isFinished()) {
                neighbour.returnBy = now + RETURN_NANOS;
            }
            if (neighbour.weDial && !(have.isFull() && neighbour.isFinished())) {
                neighbour.dialLater(now);
            }
            askAll(now);
        }
        lookForTheEnd(now);
    }

    // Messages.

    /** Any message but a piece. */
    public void messageReceived(int number, Message message, long now) {
        Neighbour neighbour = talking(number);
        if (neighbour == null) {
            return;
        }
        if (!neighbour.greeted) {
            greet(neighbour);
        }
        int id = neighbour.id();
        switch (message) {
            case Message.Choke _ -> {
                neighbour.peerChokesUs = true;
                log(new LogEvent.Choked(self.id(), id));
                release(neighbour);
                askAll(now);
            }
            case Message.Unchoke _ -> {
                neighbour.peerChokesUs = false;
                neighbour.askAgainAt = Long.MIN_VALUE;
                log(new LogEvent.Unchoked(self.id(), id));
                ask(neighbour, now);
            }
            case Message.Interested _ -> {
                neighbour.peerInterested = true;
                log(new LogEvent.Interested(self.id(), id));
            }
            case Message.NotInterested _ -> {
                neighbour.peerInterested = false;
                log(new LogEvent.NotInterested(self.id(), id));
            }
            case Message.Have(var piece) -> {
                log(new LogEvent.Have(self.id(), id, piece));
                gained(neighbour, piece);
                gainedSome(neighbour, now);
            }
            case Message.Bitfield(var pieces) -> {
                for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
                    gained(neighbour, piece);
                }
                gainedSome(neighbour, now);
            }
            case Message.Request(var piece) -> requested(number, neighbour, piece, now);
            case Message.Piece _ -> throw new IllegalArgumentException("pieces go to pieceArriving");
        }
    }

    /** The header of a piece is here; says whether its content is wanted. Any other is to be dropped. */
    public boolean pieceArriving(int number, int piece, long now) {
        Neighbour neighbour = talking(number);
        if (neighbour == null || neighbour.requested != piece) {
            return false;
        }
        neighbour.lastByteAt = now;
        return true;
    }

    /** Some of the content of a piece that is wanted is here. */
    public void bytesArrived(int number, long now) {
        Neighbour neighbour = talking(number);
        if (neighbour != null) {
            neighbour.lastByteAt = now;
        }
    }

    /** All content of a piece that was wanted is on disk. */
    public void pieceStored(int number, int piece, long now) {
        Neighbour from = talking(number);
        if (from == null) {
            return;
        }
        if (from.requested == piece) {
            from.requested = Wanted.NOTHING;
        }
        from.receivedInRound += layout.length(piece);
        wanted.remove(piece);
        if (have.add(piece)) {
            progressAt = now;
            log(new LogEvent.Downloaded(self.id(), from.id(), piece, have.count()));
            ask(from, now);
            for (Neighbour each : neighbours) {
                if (each.isConnected()) {
                    if (each.pieces.contains(piece)) {
                        each.useful--;
                    }
                    if (each.greeted) {
                        send(each, new Message.Have(piece));
                        tellInterest(each);
                    }
                }
            }
            if (have.isFull()) {
                log(new LogEvent.Complete(self.id()));
            }
        } else {
            ask(from, now);
        }
        lookForTheEnd(now);
    }

    /** The next piece to send, or {@link #NOTHING}. What is taken is sent, whatever is decided meanwhile. */
    public int nextUpload(int number) {
        Neighbour neighbour = talking(number);
        Integer piece = neighbour == null ? null : neighbour.uploads.poll();
        return piece == null ? NOTHING : piece;
    }

    private void requested(int number, Neighbour neighbour, int piece, long now) {
        // Who is choked asked before it heard of that, and who asks for what we lack is confused: neither is answered.
        if (neighbour.weChokePeer || !have.contains(piece)) {
            return;
        }
        if (neighbour.uploads.size() == MAX_UPLOADS) {
            refuse(number, "it asks for more than " + MAX_UPLOADS + " pieces at a time", now);
            return;
        }
        neighbour.uploads.add(piece);
        effects.add(new Effect.UploadReady(number));
    }

    private void gained(Neighbour neighbour, int piece) {
        if (neighbour.pieces.add(piece) && !have.contains(piece)) {
            neighbour.useful++;
        }
    }

    private void gainedSome(Neighbour neighbour, long now) {
        if (neighbour.pieces.count() > neighbour.mostPieces) {
            neighbour.mostPieces = neighbour.pieces.count();
            progressAt = now;
        }
        tellInterest(neighbour);
        ask(neighbour, now);
        lookForTheEnd(now);
    }

    private void greet(Neighbour neighbour) {
        neighbour.greeted = true;
        neighbour.greetAt = Neighbour.NEVER;
        send(neighbour, new Message.Bitfield(have.copy()));
    }

    private void tellInterest(Neighbour neighbour) {
        boolean interested = neighbour.useful > 0;
        if (neighbour.toldInterest == null || neighbour.toldInterest != interested) {
            neighbour.toldInterest = interested;
            send(neighbour, interested ? new Message.Interested() : new Message.NotInterested());
        }
    }

    // Requests.

    private void ask(Neighbour neighbour, long now) {
        if (!neighbour.isConnected()
                || neighbour.peerChokesUs
                || neighbour.requested != Wanted.NOTHING
                || neighbour.useful == 0
                || now < neighbour.askAgainAt
                || ending != null) {
            return;
        }
        int piece = wanted.take(neighbour.pieces, random);
        if (piece != Wanted.NOTHING) {
            neighbour.requested = piece;
            neighbour.lastByteAt = now;
            send(neighbour, new Message.Request(piece));
        }
    }

    /** Something is free again, and whoever has nothing to do may be asked for it. */
    private void askAll(long now) {
        for (Neighbour each : neighbours) {
            ask(each, now);
        }
    }

    private void release(Neighbour neighbour) {
        if (neighbour.requested != Wanted.NOTHING) {
            if (!have.contains(neighbour.requested)) {
                wanted.release(neighbour.requested);
            }
            neighbour.requested = Wanted.NOTHING;
        }
    }

    // Time.

    /** When {@link #timeout} is to be called, at the latest. */
    public long deadline() {
        if (ended) {
            return Neighbour.NEVER;
        }
        if (ending != null) {
            return lingerUntil;
        }
        long earliest = Math.min(choking.deadline(), progressAt + patienceNanos);
        for (Neighbour each : neighbours) {
            earliest = Math.min(earliest, Math.min(each.dialAt, each.greetAt));
            if (each.requested != Wanted.NOTHING) {
                earliest = Math.min(earliest, each.lastByteAt + ANSWER_NANOS);
            } else if (each.askAgainAt != Long.MIN_VALUE) {
                earliest = Math.min(earliest, each.askAgainAt);
            }
            if (!each.takenForFinished) {
                earliest = Math.min(earliest, each.returnBy);
            }
        }
        for (Link link : links) {
            if (link != null && link.neighbour == null) {
                earliest = Math.min(earliest, link.handshakeBy);
            }
        }
        return earliest;
    }

    /** Time has gone by. */
    public void timeout(long now) {
        if (ending != null) {
            if (now >= lingerUntil) {
                end();
            }
            return;
        }
        for (int number = 0; number < links.size(); number++) {
            Link link = links.get(number);
            if (link != null && link.neighbour == null && now >= link.handshakeBy) {
                refuse(number, "no handshake in " + HANDSHAKE_NANOS / 1_000_000_000L + " seconds", now);
            }
        }
        for (Neighbour each : neighbours) {
            timeout(each, now);
        }
        if (choking.preferredDue(now)) {
            preferredRound(now);
        }
        if (choking.optimisticDue(now)) {
            optimisticRound(now);
        }
        lookForTheEnd(now);
        if (ending == null && now - progressAt >= patienceNanos) {
            giveUp(now);
        }
    }

    private void timeout(Neighbour each, long now) {
        if (now >= each.dialAt) {
            each.dialAt = Neighbour.NEVER;
            effects.add(new Effect.Dial(each.id()));
        }
        if (each.isConnected() && !each.greeted && now >= each.greetAt) {
            greet(each);
        }
        if (each.requested != Wanted.NOTHING && now - each.lastByteAt >= ANSWER_NANOS) {
            notice("peer " + each.line + " does not answer a request for piece " + each.requested);
            release(each);
            each.askAgainAt = now + ANSWER_NANOS;
            askAll(now);
        }
        if (each.askAgainAt != Long.MIN_VALUE && now >= each.askAgainAt) {
            each.askAgainAt = Long.MIN_VALUE;
            ask(each, now);
        }
        if (now >= each.returnBy && !each.takenForFinished) {
            each.takenForFinished = true;
            each.dialAt = Neighbour.NEVER;
            notice("peer " + each.line + " left when it was known to have " + each.pieces.count() + " of "
                    + layout.pieces() + " pieces; it is taken for finished");
        }
    }

    private void preferredRound(long now) {
        ChokeDecision decision = choking.choosePreferred(greeted(), have.isFull(), now);
        neighbours.forEach(each -> each.receivedInRound = 0);
        carryOut(decision);
        List<Integer> ids = choking.preferred().stream()
                .map(index -> neighbours.get(index).id())
                .sorted()
                .toList();
        if (!ids.equals(preferredLogged)) {
            preferredLogged = ids;
            // Nobody is no set of neighbours that one could name.
            if (!ids.isEmpty()) {
                log(new LogEvent.Prefers(self.id(), ids));
            }
        }
    }

    private void optimisticRound(long now) {
        carryOut(choking.chooseOptimistic(greeted(), have.isFull(), now));
        int optimistic = choking.optimistic();
        if (optimistic != optimisticLogged) {
            optimisticLogged = optimistic;
            if (optimistic != ChokeRound.NOBODY) {
                log(new LogEvent.Optimistic(
                        self.id(), neighbours.get(optimistic).id()));
            }
        }
    }

    private List<Neighbour> greeted() {
        return neighbours.stream()
                .filter(each -> each.isConnected() && each.greeted)
                .toList();
    }

    private void carryOut(ChokeDecision decision) {
        for (int index : decision.toChoke()) {
            Neighbour neighbour = neighbours.get(index);
            neighbour.weChokePeer = true;
            neighbour.uploads.clear();
            send(neighbour, new Message.Choke());
        }
        for (int index : decision.toUnchoke()) {
            Neighbour neighbour = neighbours.get(index);
            neighbour.weChokePeer = false;
            send(neighbour, new Message.Unchoke());
        }
    }

    // The end.

    private void lookForTheEnd(long now) {
        if (ending != null) {
            if (openLinks == 0) {
                end();
            }
            return;
        }
        if (have.isFull() && neighbours.stream().allMatch(Neighbour::isFinished)) {
            leave(
                    new Ending.AllComplete(neighbours.stream()
                            .filter(each -> each.takenForFinished)
                            .map(Neighbour::id)
                            .toList()),
                    now);
        }
    }

    private void giveUp(long now) {
        StringBuilder why = new StringBuilder("nothing went on for ")
                .append(patienceNanos / 1_000_000_000L)
                .append(" seconds; ");
        why.append("this peer has ")
                .append(have.count())
                .append(" of ")
                .append(layout.pieces())
                .append(" pieces");
        for (Neighbour each : neighbours) {
            if (!each.isFinished()) {
                why.append(", peer ").append(each.id());
                if (each.everConnected) {
                    why.append(each.isConnected() ? " has " : " left with ").append(each.pieces.count());
                } else {
                    why.append(" never came");
                }
            }
        }
        leave(new Ending.GaveUp(have.isFull(), why.toString()), now);
    }

    private void leave(Ending how, long now) {
        ending = how;
        lingerUntil = now + LINGER_NANOS;
        for (int number = 0; number < links.size(); number++) {
            Link link = links.get(number);
            if (link != null && link.neighbour == null) {
                effects.add(new Effect.Close(number));
                links.set(number, null);
                openLinks--;
            } else if (link != null) {
                link.leaving = true;
                effects.add(new Effect.Leave(number));
            }
        }
        if (openLinks == 0) {
            end();
        }
    }

    private void end() {
        if (ended || ending == null) {
            return;
        }
        ended = true;
        for (int number = 0; number < links.size(); number++) {
            if (links.get(number) != null) {
                effects.add(new Effect.Close(number));
                links.set(number, null);
            }
        }
        openLinks = 0;
        effects.add(new Effect.End(ending));
    }

    // What others may look at.

    /** How it stands. */
    public PeerLook look() {
        return new PeerLook(
                self.id(),
                have.count(),
                layout.pieces(),
                neighbours.stream()
                        .map(each -> new PeerLook.Neighbour(each.id(), each.pieces.count(), tie(each)))
                        .toList());
    }

    private PeerLook.Tie tie(Neighbour each) {
        if (!each.isConnected()) {
            return PeerLook.Tie.NONE;
        }
        if (each.weChokePeer) {
            return each.peerInterested ? PeerLook.Tie.CHOKED : PeerLook.Tie.QUIET;
        }
        return choking.prefers(each) ? PeerLook.Tie.PREFERRED : PeerLook.Tie.OPTIMISTIC;
    }

    // Small things.

    private @Nullable Neighbour neighbour(int id) {
        for (Neighbour each : neighbours) {
            if (each.id() == id) {
                return each;
            }
        }
        return null;
    }

    private @Nullable Link link(int number) {
        return number < 0 || number >= links.size() ? null : links.get(number);
    }

    /** Whose link it is, unless we have said good-bye or there was no handshake. */
    private @Nullable Neighbour talking(int number) {
        Link link = link(number);
        return link == null || link.leaving ? null : link.neighbour;
    }

    private void send(Neighbour neighbour, Message message) {
        effects.add(new Effect.Send(neighbour.link, message));
    }

    private void log(LogEvent event) {
        effects.add(new Effect.Log(event));
    }

    private void notice(String text) {
        if (notices < MAX_NOTICES) {
            notices++;
            effects.add(new Effect.Notice(text));
        }
    }
}
