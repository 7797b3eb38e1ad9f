package dev.spate.engine.shell;

import dev.spate.io.lane.Detached;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.lane.Outbox;
import dev.spate.io.lane.TcpConnection;
import dev.spate.io.lane.TcpHandler;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.Handshake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Where incoming connections wait until their handshake tells which swarm they come for. Confined to its lane.
 *
 * <p>A guest who is slow, silent or unknown is shown out: after {@link #PATIENCE}, or as soon as more than {@link #MAX_GUESTS}
 * wait and it is the one who waits longest. So a newcomer always finds a place, however many stand around.
 */
public final class Vestibule {
    private static final Duration PATIENCE = Duration.ofSeconds(9);
    private static final int MAX_GUESTS = 200;

    private final Lane lane;
    private final Directory directory;
    private final Duration patience;
    private final LaneTimer timer;

    /** In order of arrival, hence of the end of patience. */
    private final LinkedHashSet<Guest> guests = new LinkedHashSet<>();

    public Vestibule(Lane lane, Directory directory) {
        this(lane, directory, PATIENCE);
    }

    /** @param patience how long a handshake may take */
    Vestibule(Lane lane, Directory directory, Duration patience) {
        this.lane = lane;
        this.directory = directory;
        this.patience = patience;
        this.timer = lane.timer(this::showOutTheSlow);
    }

    /** Takes a connection that was just accepted. */
    public void welcome(SocketChannel channel) {
        if (guests.size() >= MAX_GUESTS) {
            showOut(guests.getFirst());
        }
        Guest guest = new Guest(lane.now() + patience.toNanos());
        guests.add(guest);
        guest.connection = lane.adopt(channel, guest);
        timer.set(guests.getFirst().deadline);
    }

    private void showOutTheSlow() {
        while (!guests.isEmpty() && guests.getFirst().deadline - lane.now() <= 0) {
            showOut(guests.getFirst());
        }
        if (!guests.isEmpty()) {
            timer.set(guests.getFirst().deadline);
        }
    }

    private void showOut(Guest guest) {
        // Now, because the connection says that it is closed only at the end of the lane's turn.
        guests.remove(guest);
        guest.connection().close();
    }

    private final class Guest implements TcpHandler {
        private final long deadline;
        private final ByteBuffer bytes = ByteBuffer.allocate(Handshake.LENGTH);
        private @Nullable TcpConnection connection;

        Guest(long deadline) {
            this.deadline = deadline;
        }

        TcpConnection connection() {
            TcpConnection known = connection;
            assert known != null;
            return known;
        }

        @Override
        public void connected(TcpConnection tcp) {}

        @Override
        public void received(TcpConnection tcp, ByteBuffer data) {
            while (data.hasRemaining() && bytes.hasRemaining()) {
                bytes.put(data.get());
            }
            switch (Handshake.decode(bytes.duplicate().flip())) {
                case Decoding.NeedMore<Handshake> more -> {}
                case Decoding.Malformed<Handshake> malformed -> tcp.close();
                case Decoding.Decoded<Handshake>(var handshake) -> lead(tcp, handshake);
            }
        }

        /** To the swarm, which may live on another lane. */
        private void lead(TcpConnection tcp, Handshake handshake) {
            SwarmRunner runner = directory.find(handshake.infoHash());
            if (runner == null) {
                tcp.close();
                return;
            }
            PeerAddress remote = PeerAddress.of(tcp.remoteAddress());
            guests.remove(this);
            Detached detached = tcp.detach();
            runner.lane().execute(() -> runner.accept(detached, remote, handshake));
        }

        @Override
        public boolean gather(TcpConnection tcp, Outbox out) {
            return false;
        }

        @Override
        public void closed(TcpConnection tcp, @Nullable IOException cause) {
            guests.remove(this);
        }
    }
}
