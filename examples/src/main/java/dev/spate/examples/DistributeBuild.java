package dev.spate.examples;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Brings a build to fifty machines: the origin sends a few copies, and the machines give each other the rest.
 *
 * <p>Each machine is a session of this process here, so that the example runs anywhere; on machines of their own it would be the same
 * code. Nobody needs a tracker where the addresses are known: each machine is told the origin's and those of its next four.
 */
final class DistributeBuild {

    private static final int NEIGHBOURS = 4;

    private DistributeBuild() {}

    /** {@code DistributeBuild BUILD FOLDER}; each machine has a folder below the given one. */
    public static void main(String[] args) throws InterruptedException {
        IO.println(distribute(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]), 50));
    }

    /**
     * What came of it.
     *
     * @param fromOrigin bytes that the origin sent
     * @param fromEachOther bytes that machines sent
     */
    record Outcome(int machines, long size, long fromOrigin, long fromEachOther, Duration took) {
        @Override
        public String toString() {
            return "%d machines got %d KiB each in %d ms; the origin sent %.1f copies, the machines %.1f"
                    .formatted(
                            machines,
                            size >> 10,
                            took.toMillis(),
                            (double) fromOrigin / size,
                            (double) fromEachOther / size);
        }
    }

    static Outcome distribute(Path build, Path folder, int machines) throws InterruptedException {
        Metainfo metainfo = TorrentBuilder.of(build).build();
        List<Session> sessions = new ArrayList<>();
        try (Session originSession = session()) {
            Torrent origin = originSession.add(metainfo, AddOptions.into(build.resolveSibling("")));
            origin.completion().join();

            for (int i = 0; i < machines; i++) {
                sessions.add(session());
            }
            long begin = System.nanoTime();
            List<Torrent> torrents = new ArrayList<>();
            for (int i = 0; i < machines; i++) {
                List<PeerAddress> known = new ArrayList<>(List.of(address(originSession)));
                for (int next = 1; next <= NEIGHBOURS; next++) {
                    known.add(address(sessions.get((i + next) % machines)));
                }
                AddOptions options =
                        AddOptions.into(folder.resolve("machine-" + i)).withPeers(known);
                torrents.add(sessions.get(i).add(metainfo, options));
            }
            CompletableFuture.allOf(torrents.stream().map(Torrent::completion).toArray(CompletableFuture<?>[]::new))
                    .join();

            return new Outcome(
                    machines,
                    metainfo.layout().totalLength(),
                    origin.stats().uploaded(),
                    torrents.stream().mapToLong(it -> it.stats().uploaded()).sum(),
                    Duration.ofNanos(System.nanoTime() - begin));
        } finally {
            sessions.forEach(Session::close);
        }
    }

    /** Fifty of them share a process, so each is small. */
    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .lanes(1)
                .workers(1)
                .pieceMemory(4 << 20)
                .build());
    }

    private static PeerAddress address(Session session) {
        return PeerAddress.of(session.listenAddresses().getFirst());
    }
}
