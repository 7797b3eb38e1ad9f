package dev.spate.cli.demo;

import dev.spate.engine.talk.MessageChannel;
import dev.spate.engine.talk.StreamChannel;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A peer that means harm: it says that it has everything and answers each request with rubbish, and it knocks at others with what is
 * no BitTorrent at all. It has an address of its own, so that whoever shuts it out shuts out nobody else. Thread-safe.
 */
final class HostilePeer implements AutoCloseable {

    /** The second is for systems that have but one address of 127/8, as macOS does. */
    private static final List<String> ADDRESSES = List.of("127.0.0.66", "::1");

    /** How long a victim may say nothing; the demonstration is over sooner. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int RUBBISH = 1000;

    private final Digest infoHash;
    private final ServerSocket listener;
    private final PeerId peerId;
    private final Set<PeerId> served = ConcurrentHashMap.newKeySet();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong blocks = new AtomicLong();
    private final AtomicInteger knocks = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private HostilePeer(Digest infoHash, ServerSocket listener) {
        this.infoHash = infoHash;
        this.listener = listener;
        this.peerId = PeerId.random("-EV6660-", new SplittableRandom(66));
    }

    /** Begins to wait for victims. */
    static HostilePeer start(Digest infoHash) throws IOException {
        HostilePeer peer = new HostilePeer(infoHash, listen());
        Thread.ofVirtual().name("demo-hostile").start(peer::accept);
        return peer;
    }

    private static ServerSocket listen() throws IOException {
        IOException last = new IOException("no loopback address");
        for (String address : ADDRESSES) {
            try {
                return new ServerSocket(0, 64, InetAddress.ofLiteral(address));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    PeerAddress address() {
        return new PeerAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** How many peers took rubbish from it. */
    int victims() {
        return served.size();
    }

    /** How many blocks of rubbish it has sent. */
    long blocks() {
        return blocks.get();
    }

    /** How many connections it made only to talk nonsense. */
    int knocks() {
        return knocks.get();
    }

    /** How many of those were closed by the other side. */
    int refused() {
        return refused.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket victim = listener.accept();
                Thread.ofVirtual().name("demo-hostile-connection").start(() -> deceive(victim));
            }
        } catch (SocketException e) {
            // Closed: the demonstration is over.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("the hostile peer of the demonstration", e);
        }
    }

    private void deceive(Socket victim) {
        open.add(victim);
        SplittableRandom random = new SplittableRandom();
        try (MessageChannel talk = new StreamChannel(victim)) {
            if (!(talk.handshake(patience(talk)) instanceof MessageChannel.Heard.Said<Handshake>(var theirs))) {
                return;
            }
            talk.send(new Handshake(Reserved.NONE.withFast(), infoHash, peerId));
            talk.send(new PeerMessage.HaveAll());
            talk.send(new PeerMessage.Unchoke());
            // Until it is thrown out, as it deserves.
            while (talk.next(patience(talk)) instanceof MessageChannel.Heard.Said<MessageChannel.Spoken>(var said)) {
                if (said.message() instanceof PeerMessage.Request(var block)) {
                    byte[] rubbish = new byte[block.length()];
                    random.nextBytes(rubbish);
                    talk.send(new PeerMessage.Piece(block), rubbish);
                    blocks.incrementAndGet();
                    served.add(theirs.peerId());
                }
            }
        } catch (IOException e) {
            // It is gone before a word was said.
            return;
        } finally {
            open.remove(victim);
        }
    }

    private static long patience(MessageChannel talk) {
        return talk.now() + PATIENCE.toNanos();
    }

    /** Knocks at a peer's door and talks nonsense of several kinds, in the background. */
    void harass(InetSocketAddress victim) {
        ByteBuffer handshake = ByteBuffer.allocate(Handshake.LENGTH);
        new Handshake(Reserved.NONE, infoHash, PeerId.random("-EV6661-", new SplittableRandom(victim.getPort())))
                .encode(handshake);
        byte[] noise = new byte[RUBBISH];
        new SplittableRandom(victim.getPort()).nextBytes(noise);
        // No handshake; a message of two gigabytes; a bitfield of another torrent.
        knock(victim, noise);
        knock(victim, handshake.array(), new byte[] {0x7f, -1, -1, -1, 20});
        knock(victim, handshake.array(), new byte[] {0, 0, 0, 2, 5, -1});
    }

    private void knock(InetSocketAddress victim, byte[]... nonsense) {
        knocks.incrementAndGet();
        Thread.ofVirtual().name("demo-hostile-knock").start(() -> {
            try (Socket socket = new Socket()) {
                open.add(socket);
                socket.bind(new InetSocketAddress(listener.getInetAddress(), 0));
                socket.connect(victim, PATIENCE_MILLIS);
                socket.setSoTimeout(PATIENCE_MILLIS);
                for (byte[] part : nonsense) {
                    socket.getOutputStream().write(part);
                }
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                refused.incrementAndGet();
                open.remove(socket);
            } catch (SocketException e) {
                // Reset, or not even let in.
                refused.incrementAndGet();
            } catch (IOException e) {
                // Nobody threw it out in time; then it is not counted.
                return;
            }
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
