package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a datagram says. */
sealed interface Message {

    /** The most segments of an answer; enough for a full table. */
    int MAX_SEGMENTS = 16;

    /** Peers in a datagram of the original, which uses all of it. */
    int MOST_PEERS = 25;

    /** Peers in a datagram that has room for an extension. */
    int PEERS_WITH_EXTENSION = 24;

    /** Which call is answered: at most 16 bytes, one a character, none of them zero. */
    String id();

    @Nullable
    Extension extension();

    /**
     * A question or request.
     *
     * @param origin who sends it, as he says; null if that is no address. Nothing is decided by it
     * @param src who began the walk and wants the answer; only of {@code get_peers} that is sure to be there
     * @param key of the file; likewise
     */
    record Call(
            Method method,
            @Nullable PeerAddress origin,
            @Nullable PeerAddress src,
            @Nullable HashKey key,
            String id,
            @Nullable Extension extension)
            implements Message {
        public Call {
            checkId(id);
            if (method == Method.GET_PEERS && (src == null || key == null)) {
                throw new IllegalArgumentException("get_peers needs a src and a key");
            }
        }
    }

    /**
     * An answer.
     *
     * @param ok whether it is a yes
     * @param peers of {@code get_peers} only
     * @param segments of how many datagrams the whole answer would be; 0 or 1 if this is all of it
     * @param segment which of them this is
     */
    record Reply(
            Method method,
            boolean ok,
            List<ListedPeer> peers,
            int segments,
            int segment,
            String id,
            @Nullable Extension extension)
            implements Message {
        public Reply {
            peers = List.copyOf(peers);
            checkId(id);
            if (peers.size() > (extension == null ? MOST_PEERS : PEERS_WITH_EXTENSION)) {
                throw new IllegalArgumentException("too many peers for a datagram: " + peers.size());
            }
            if (segments < 0 || segments > MAX_SEGMENTS || segment < 0 || segment >= Math.max(1, segments)) {
                throw new IllegalArgumentException("not a segment: " + segment + " of " + segments);
            }
        }
    }

    private static void checkId(String id) {
        if (id.length() > Datagrams.ID_LENGTH) {
            throw new IllegalArgumentException("too long for a correlation id: " + id.length());
        }
    }
}
