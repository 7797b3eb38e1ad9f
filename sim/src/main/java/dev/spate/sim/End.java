package dev.spate.sim;

import dev.spate.wire.BlockRange;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageEncoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One side of a connection: what it still has to send, and how far it has got with what it receives. */
final class End {
    /** The other side has not been given a slot by its swarm, or this one has lost it. */
    static final int NO_SLOT = -1;

    final Shell shell;
    final Dealings dealings;
    private final ArrayDeque<PeerMessage> words = new ArrayDeque<>();
    private @Nullable End other;
    private @Nullable Handshake greeting;
    private boolean open = true;
    private int wordBytes;
    private int underWay;
    private boolean blocksReady;

    int slot = NO_SLOT;
    /** When what was sent last arrives; what is sent later does not arrive earlier. */
    long lastArrival;

    boolean isQueued;
    /** A number of the connection, from 0, that makes up its port. */
    int port;

    /** What arrives right now, if it is to be stored. */
    @Nullable
    BlockRange storing;

    End(Shell shell) {
        this.shell = shell;
        this.dealings = new Dealings(shell.host().name());
    }

    static void connect(End one, End another) {
        one.other = another;
        another.other = one;
    }

    End other() {
        End present = other;
        assert present != null : "connected";
        return present;
    }

    /** The other side, or null while it is being dialed. */
    @Nullable
    End otherOrNull() {
        return other;
    }

    /** Whether it still is one of a connection; not if its host has been switched off since. */
    boolean isOpen() {
        return open && shell.isRunning();
    }

    void shut() {
        open = false;
        words.clear();
        wordBytes = 0;
        greeting = null;
        blocksReady = false;
        storing = null;
    }

    void send(Handshake handshake) {
        greeting = handshake;
    }

    void send(PeerMessage message) {
        words.add(message);
        wordBytes += PeerMessageEncoder.length(message);
    }

    void blocksReady() {
        blocksReady = true;
    }

    int waitingWords() {
        return words.size();
    }

    boolean hasSomething() {
        return isOpen() && (greeting != null || !words.isEmpty() || blocksReady);
    }

    /** Whether a block is what it would send next. */
    boolean isAtBlocks() {
        return greeting == null && words.isEmpty() && blocksReady;
    }

    /** Takes what is to be sent next out of the queue; null if there is nothing, or no room in the window. */
    @Nullable
    Packet next(int windowBytes) {
        if (!isOpen() || underWay >= windowBytes) {
            return null;
        }
        Packet next = greeting != null ? greet(greeting) : !words.isEmpty() ? say() : blocksReady ? deliver() : null;
        if (next != null) {
            underWay += next.bytes();
        }
        return next;
    }

    private Packet greet(Handshake handshake) {
        greeting = null;
        return new Packet.Greeting(handshake);
    }

    private Packet say() {
        List<PeerMessage> all = new ArrayList<>(words);
        int bytes = wordBytes;
        words.clear();
        wordBytes = 0;
        return new Packet.Words(all, bytes);
    }

    private @Nullable Packet deliver() {
        Packet next = shell.takeBlock(this);
        blocksReady = next != null;
        return next;
    }

    void arrived(Packet packet) {
        underWay -= packet.bytes();
        assert underWay >= 0 : "more arrived than was sent";
    }
}
