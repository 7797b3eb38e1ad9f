package dev.spate.cli;

import dev.spate.classic.descriptor.Descriptor;
import dev.spate.classic.descriptor.DescriptorNetwork;
import dev.spate.classic.descriptor.Membership;
import dev.spate.classic.descriptor.NodeOptions;
import dev.spate.classic.descriptor.PeerState;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session with the one torrent of a descriptor, and the node that finds its peers. */
final class DescriptorMember implements AutoCloseable {
    private final Session session;
    private final Torrent torrent;
    private final DescriptorNetwork node;

    private DescriptorMember(Session session, Torrent torrent, DescriptorNetwork node) {
        this.session = session;
        this.torrent = torrent;
        this.node = node;
    }

    /**
     * Starts both.
     *
     * @param metainfo that of the descriptor
     * @param place where both take what comes
     * @param state null for the usual folder
     */
    static DescriptorMember start(
            Descriptor descriptor,
            Metainfo metainfo,
            List<PeerAddress> neighbours,
            InetSocketAddress place,
            AddOptions options,
            @Nullable Path state,
            DescriptorNews news)
            throws CommandFailure {
        // Neither DHT nor neighbours of the local network: the torrent is private, and meets its peers here.
        Session session = Session.open(SessionSettings.builder()
                .listen(place)
                .stateFolder(state != null ? state : StateFolder.of(System.getenv(), System.getProperty("user.home")))
                .build());
        try {
            Torrent torrent = session.add(metainfo, options);
            Membership membership = new Membership(
                    descriptor.key(),
                    metainfo.infoHash().v1(),
                    session.listenAddresses().getFirst().getPort(),
                    PeerState.LEECH);
            DescriptorNetwork node =
                    DescriptorDoor.open(new NodeOptions(place, neighbours, membership), torrent, news::take);
            return new DescriptorMember(session, torrent, node);
        } catch (CommandFailure | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    Session session() {
        return session;
    }

    Torrent torrent() {
        return torrent;
    }

    DescriptorNetwork node() {
        return node;
    }

    /** Ends the node, then the session. */
    @Override
    public void close() {
        node.close();
        session.close();
    }
}
