package dev.spate.engine;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything about a session that does not change while it lives.
 *
 * @param listen where peers may reach us; port 0 takes a free one. Empty: nobody can
 * @param stateFolder where resume data is kept, or empty: nothing is remembered after the session
 * @param maxConnections connections to peers in all torrents together, half-open ones included; at least 1
 * @param maxConnectionsPerTorrent the same for each torrent; at least 1
 * @param pieceMemory bytes of piece buffers in all torrents together; at least 4 MiB
 * @param lanes threads that own sockets and swarms, 1 to 64
 * @param workers threads that hash, write and read, 1 to 64
 * @param proxy where all tracker traffic must go through, {@code socks5://host:port} or {@code http://host:port}; a tracker
 *     that cannot be reached that way (UDP) is refused and never reached directly
 * @param userAgent what HTTP trackers are told
 */
public record SessionSettings(
        List<InetSocketAddress> listen,
        Optional<Path> stateFolder,
        int maxConnections,
        int maxConnectionsPerTorrent,
        long pieceMemory,
        int lanes,
        int workers,
        Optional<URI> proxy,
        String userAgent) {

    private static final long MIN_PIECE_MEMORY = 4 << 20;

    public SessionSettings {
        listen = List.copyOf(listen);
        Objects.requireNonNull(stateFolder);
        Objects.requireNonNull(proxy);
        Objects.requireNonNull(userAgent);
        require(maxConnections >= 1, "maxConnections", maxConnections);
        require(maxConnectionsPerTorrent >= 1, "maxConnectionsPerTorrent", maxConnectionsPerTorrent);
        require(pieceMemory >= MIN_PIECE_MEMORY, "pieceMemory", pieceMemory);
        require(lanes >= 1 && lanes <= 64, "lanes", lanes);
        require(workers >= 1 && workers <= 64, "workers", workers);
    }

    /** The settings of {@link #builder()} as it comes. */
    public static SessionSettings defaults() {
        return builder().build();
    }

    /**
     * Begins with: any address at a free port, no state folder, 500 connections, 80 a torrent, 64 MiB of piece buffers, a lane
     * for every two processors, a worker for each, no proxy.
     */
    public static Builder builder() {
        return new Builder();
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " out of bounds: " + value);
        }
    }

    /** Collects settings; not for use by several threads at once. */
    public static final class Builder {
        private List<InetSocketAddress> listen = List.of(new InetSocketAddress(0));
        private Optional<Path> stateFolder = Optional.empty();
        private int maxConnections = 500;
        private int maxConnectionsPerTorrent = 80;
        private long pieceMemory = 64 << 20;
        private int lanes = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);
        private int workers = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 16);
        private Optional<URI> proxy = Optional.empty();
        private String userAgent = Version.USER_AGENT;

        private Builder() {}

        public Builder listen(InetSocketAddress... addresses) {
            listen = List.of(addresses);
            return this;
        }

        public Builder stateFolder(Path folder) {
            stateFolder = Optional.of(folder);
            return this;
        }

        public Builder maxConnections(int inAll, int perTorrent) {
            maxConnections = inAll;
            maxConnectionsPerTorrent = perTorrent;
            return this;
        }

        public Builder pieceMemory(long bytes) {
            pieceMemory = bytes;
            return this;
        }

        public Builder lanes(int threads) {
            lanes = threads;
            return this;
        }

        public Builder workers(int threads) {
            workers = threads;
            return this;
        }

        public Builder proxy(URI address) {
            proxy = Optional.of(address);
            return this;
        }

        public Builder userAgent(String text) {
            userAgent = text;
            return this;
        }

        public SessionSettings build() {
            return new SessionSettings(
                    listen,
                    stateFolder,
                    maxConnections,
                    maxConnectionsPerTorrent,
                    pieceMemory,
                    lanes,
                    workers,
                    proxy,
                    userAgent);
        }
    }
}
