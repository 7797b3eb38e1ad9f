package dev.spate.engine;

import dev.spate.engine.talk.MessageChannel;
import dev.spate.engine.talk.StreamChannel;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A peer on loopback that does what a test wants of it, and counts who comes. */
final class FakePeer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What it does when both handshakes are done; when it returns, the connection ends. */
    @FunctionalInterface
    interface Conduct {
        void talk(MessageChannel channel);
    }

    /**
     * It was asked for a block.
     *
     * @param number counts the requests of all its connections, from 0
     */
    record Asked(Payload payload, MessageChannel channel, BlockRange block, int number) {

        /** Gives it. */
        boolean right() {
            channel.send(new PeerMessage.Piece(block), content());
            return true;
        }

        /** Gives something else for it. */
        boolean wrong() {
            byte[] bytes = content();
            bytes[0] ^= 1;
            channel.send(new PeerMessage.Piece(block), bytes);
            return true;
        }

        private byte[] content() {
            int from = (int) payload.metainfo().layout().offset(block.piece()) + block.begin();
            return Arrays.copyOfRange(payload.content(), from, from + block.length());
        }
    }

    /** How it answers requests; false when it will not go on. */
    @FunctionalInterface
    interface Answer {
        boolean give(Asked asked);
    }

    private final Payload payload;
    private final PeerId id = PeerId.random("-XX0001-", new SplittableRandom());
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    private FakePeer(Payload payload) throws IOException {
        this.payload = payload;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** One that takes connections and never says a word. */
    static FakePeer silent(Payload payload) throws IOException {
        FakePeer peer = new FakePeer(payload);
        Conduct listens = channel -> {
            if (channel.handshake(soon(channel)) instanceof MessageChannel.Heard.Said<Handshake>) {
                channel.next(soon(channel));
            }
        };
        Thread.ofVirtual().start(() -> peer.accept(listens, false));
        return peer;
    }

    static FakePeer of(Payload payload, Conduct conduct) throws IOException {
        FakePeer peer = new FakePeer(payload);
        Thread.ofVirtual().start(() -> peer.accept(conduct, true));
        return peer;
    }

    /** One that says that it has everything, unchokes, and answers in its own way. */
    static FakePeer serving(Payload payload, Answer answer) throws IOException {
        FakePeer peer = new FakePeer(payload);
        Thread.ofVirtual().start(() -> peer.accept(channel -> peer.serve(channel, answer), true));
        return peer;
    }

    private void serve(MessageChannel channel, Answer answer) {
        channel.send(new PeerMessage.HaveAll());
        channel.send(new PeerMessage.Unchoke());
        boolean goOn = true;
        while (goOn
                && channel.next(soon(channel))
                        instanceof MessageChannel.Heard.Said<MessageChannel.Spoken>(var spoken)) {
            if (spoken.message() instanceof PeerMessage.Request(BlockRange block)) {
                goOn = answer.give(new Asked(payload, channel, block, requests.getAndIncrement()));
            }
        }
        channel.leave(soon(channel));
    }

    private static long soon(MessageChannel channel) {
        return channel.now() + PATIENCE.toNanos();
    }

    private void accept(Conduct conduct, boolean greets) {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> talk(socket, conduct, greets));
            }
        } catch (SocketException e) {
            assert listener.isClosed() : e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void talk(Socket socket, Conduct conduct, boolean greets) {
        try (MessageChannel channel = new StreamChannel(socket)) {
            if (greets && channel.handshake(soon(channel)) instanceof MessageChannel.Heard.Said<Handshake>) {
                channel.send(new Handshake(
                        Reserved.NONE.withFast(), payload.metainfo().infoHash().onTheWire(), id));
            }
            conduct.talk(channel);
        } catch (IOException gone) {
            // It left before a word was said.
            return;
        }
    }

    PeerAddress address() {
        return new PeerAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** How many connections were made to it. */
    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
