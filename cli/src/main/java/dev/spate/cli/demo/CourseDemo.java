package dev.spate.cli.demo;

import dev.spate.classic.course.CourseException;
import dev.spate.classic.course.CourseSetup;
import dev.spate.classic.course.LocalPeers;
import dev.spate.classic.course.PeerOptions;
import dev.spate.classic.course.RunLogs;
import dev.spate.classic.course.log.LogCheck;
import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.cli.view.CourseTable;
import dev.spate.cli.view.Progress;
import dev.spate.wire.PieceLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A whole network of the CNT4007 course on the loopback interface, run to its end in a temporary folder: one peer has the file, the
 * others get it, and then their files are compared and their logs checked. For one thread, used once.
 */
public final class CourseDemo implements AutoCloseable {
    private static final int PIECE = 16_384;
    private static final int PREFERRED = 2;
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final int FIRST_ID = 1001;

    private final Progress progress;
    private final BooleanSupplier cancelled;
    private final Path home;

    /**
     * What came of it.
     *
     * @param peers how many took part
     * @param size bytes of the file
     * @param time from the first start to the last end
     * @param failures by peer, empty if each ended because all have the file
     * @param identical whether all have the same file
     * @param report of the logs
     */
    public record Outcome(
            int peers,
            long size,
            Duration time,
            Map<Integer, String> failures,
            boolean identical,
            LogCheck.Report report) {

        /** Whether all is as it should be. */
        public boolean good() {
            return failures.isEmpty()
                    && identical
                    && report.good()
                    && report.complete().size() == peers;
        }
    }

    private CourseDemo(Progress progress, BooleanSupplier cancelled, Path home) {
        this.progress = progress;
        this.cancelled = cancelled;
        this.home = home;
    }

    /**
     * Prepares a temporary folder.
     *
     * @param cancelled asked now and then; true ends the demonstration early
     */
    public static CourseDemo prepare(Progress progress, BooleanSupplier cancelled) throws IOException {
        return new CourseDemo(progress, cancelled, Files.createTempDirectory("spate-course-"));
    }

    /**
     * Runs it.
     *
     * @param peers how many, two or more
     * @param size bytes of the file
     * @param limit after which it ends, complete or not
     */
    public Outcome run(int peers, long size, Duration limit) throws IOException, CourseException, InterruptedException {
        CourseSetup setup = setup(peers, size);
        Files.writeString(home.resolve(Common.FILE), setup.common().text());
        Files.writeString(home.resolve(PeerList.FILE), setup.peers().text());
        Files.createDirectories(setup.peerFolder(FIRST_ID));
        fill(setup.file(FIRST_ID), size);
        progress.say("peer " + FIRST_ID + " has the file, " + (peers - 1) + " others start");
        long begin = System.nanoTime();
        PeerOptions options = new PeerOptions(null, limit, begin, progress::say);
        try (LocalPeers run = LocalPeers.start(setup, options)) {
            watch(run, begin + limit.toNanos());
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            Map<Integer, String> failures =
                    run.over().isDone() ? run.over().join() : Map.of(FIRST_ID, "it took too long");
            return new Outcome(
                    peers,
                    size,
                    time,
                    failures,
                    failures.isEmpty() && RunLogs.differingFiles(setup).isEmpty() && allThere(setup),
                    RunLogs.check(setup));
        }
    }

    private CourseSetup setup(int peers, long size) throws IOException {
        List<PeerLine> lines = new ArrayList<>();
        List<ServerSocket> taken = new ArrayList<>();
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try {
            for (int i = 0; i < peers; i++) {
                ServerSocket free = new ServerSocket();
                taken.add(free);
                free.bind(new InetSocketAddress(here, 0));
                lines.add(new PeerLine(FIRST_ID + i, here.getHostAddress(), free.getLocalPort(), i == 0));
            }
        } finally {
            for (ServerSocket each : taken) {
                each.close();
            }
        }
        Common common = new Common(PREFERRED, 1, 2, "thefile", new PieceLayout(size, PIECE));
        return new CourseSetup(home, common, new PeerList(lines));
    }

    private static void fill(Path file, long size) throws IOException {
        SplittableRandom random = new SplittableRandom(size);
        byte[] chunk = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(chunk.length, left));
            }
        }
    }

    private static boolean allThere(CourseSetup setup) {
        return setup.peers().peers().stream().allMatch(line -> Files.isRegularFile(setup.file(line.id())));
    }

    private void watch(LocalPeers run, long end) throws InterruptedException {
        CompletableFuture<?> over = run.over();
        while (!over.isDone() && !cancelled.getAsBoolean() && System.nanoTime() - end < 0) {
            progress.table(CourseTable.lines(run.looks()));
            try {
                over.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Not yet; look again.
            } catch (ExecutionException e) {
                return;
            }
        }
        progress.table(CourseTable.lines(run.looks()));
    }

    /** Deletes everything. */
    @Override
    public void close() throws IOException {
        DemoData.delete(home);
    }
}
