package dev.spate.classic.course;

import dev.spate.classic.course.peer.Ending;
import dev.spate.classic.course.peer.PeerLook;
import dev.spate.classic.course.setup.PeerLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Every peer of a network on this machine, in this process, each on a lane of its own. */
public final class LocalPeers implements CourseRun {
    private final CourseSetup setup;
    private final List<PeerProcess> peers;
    private final Map<Integer, PeerLook> last = new TreeMap<>();
    private final CompletableFuture<Map<Integer, String>> over;

    private LocalPeers(CourseSetup setup, List<PeerProcess> peers) {
        this.setup = setup;
        this.peers = peers;
        Map<Integer, String> failures = new TreeMap<>();
        this.over = CompletableFuture.allOf(peers.stream()
                        .map(peer -> peer.ending().handle((ending, failure) -> {
                            note(peer.id(), ending, failure, failures);
                            return ending;
                        }))
                        .toArray(CompletableFuture<?>[]::new))
                .thenApply(_ -> failures);
    }

    private static void note(
            int id, @Nullable Ending ending, @Nullable Throwable failure, Map<Integer, String> failures) {
        synchronized (failures) {
            if (ending instanceof Ending.GaveUp gaveUp) {
                failures.put(id, gaveUp.why());
            } else if (failure instanceof CancellationException) {
                failures.put(id, "it was ended");
            } else if (failure != null) {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                failures.put(id, String.valueOf(cause.getMessage()));
            }
        }
    }

    /** Starts them in their order; when one cannot start, none runs. */
    public static LocalPeers start(CourseSetup setup, PeerOptions options) throws CourseException {
        List<PeerProcess> peers = new ArrayList<>();
        boolean started = false;
        try {
            for (PeerLine line : setup.peers().peers()) {
                PeerOptions own = new PeerOptions(
                        options.dialect(),
                        options.patience(),
                        options.seed() + line.id(),
                        text -> options.notices().accept(line.id() + ": " + text));
                peers.add(PeerProcess.start(setup, line.id(), own));
            }
            started = true;
            return new LocalPeers(setup, peers);
        } finally {
            if (!started) {
                peers.forEach(PeerProcess::close);
            }
        }
    }

    @Override
    public List<PeerLook> looks() {
        List<CompletableFuture<PeerLook>> asked =
                peers.stream().map(PeerProcess::look).toList();
        List<PeerLook> looks = new ArrayList<>();
        synchronized (last) {
            for (int i = 0; i < peers.size(); i++) {
                int id = peers.get(i).id();
                try {
                    last.put(id, asked.get(i).get(1, TimeUnit.SECONDS));
                } catch (TimeoutException | ExecutionException | CancellationException e) {
                    // It is busy or has ended; how it stood before is shown.
                    last.putIfAbsent(
                            id, new PeerLook(id, 0, setup.common().layout().pieces(), List.of()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return List.copyOf(last.values());
                }
                looks.add(last.getOrDefault(
                        id, new PeerLook(id, 0, setup.common().layout().pieces(), List.of())));
            }
        }
        return looks;
    }

    @Override
    public CompletableFuture<Map<Integer, String>> over() {
        return over;
    }

    @Override
    public void close() {
        peers.forEach(PeerProcess::close);
    }
}
