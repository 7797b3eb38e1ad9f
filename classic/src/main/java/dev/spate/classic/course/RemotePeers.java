package dev.spate.classic.course;

import dev.spate.classic.course.peer.PeerLook;
import dev.spate.classic.course.peer.PeerLookText;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.wire.PlainText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Every peer of a network on the host of its line, started through ssh (or a program that is called like it), as the course's
 * StartRemotePeers does. The peers tell how they stand on their standard output.
 */
public final class RemotePeers implements CourseRun {
    private static final int MAX_SAID = 400;
    private static final int MOST_SAID = 100;

    private final CourseSetup setup;
    private final Map<Integer, Process> processes = new TreeMap<>();
    private final Map<Integer, PeerLook> looks = new ConcurrentHashMap<>();
    private final Map<Integer, String> failures = new ConcurrentHashMap<>();
    private CompletableFuture<Map<Integer, String>> over = new CompletableFuture<>();

    private RemotePeers(CourseSetup setup) {
        this.setup = setup;
    }

    /**
     * Starts them in their order.
     *
     * @param ssh the words to begin a command with; {@code -- HOST COMMAND} follow
     * @param spate how Spate is called there
     * @param folder where the configuration is there
     * @param more options for each peer
     * @param notices told what the peers say to a person
     */
    public static RemotePeers start(
            CourseSetup setup,
            List<String> ssh,
            String spate,
            String folder,
            List<String> more,
            Consumer<String> notices)
            throws CourseException {
        RemotePeers peers = new RemotePeers(setup);
        boolean started = false;
        try {
            List<CompletableFuture<?>> ends = new ArrayList<>();
            for (PeerLine line : setup.peers().peers()) {
                ends.add(peers.start(line, ssh, spate, folder, more, notices));
            }
            peers.over = CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                    .thenApply(_ -> new TreeMap<>(peers.failures));
            started = true;
            return peers;
        } catch (IOException e) {
            throw new CourseException(
                    CourseException.Kind.NOT_FOUND,
                    "cannot start '" + String.join(" ", ssh) + "': " + e.getMessage(),
                    "Name the program with --ssh-command.",
                    e);
        } finally {
            if (!started) {
                peers.close();
            }
        }
    }

    private CompletableFuture<?> start(
            PeerLine line, List<String> ssh, String spate, String folder, List<String> more, Consumer<String> notices)
            throws IOException {
        List<String> words = new ArrayList<>(ssh);
        words.add("--");
        words.add(line.host());
        words.add("cd " + quoted(folder) + " && exec " + spate + " peer-process " + line.id() + " "
                + String.join(" ", more));
        Process process = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        process.getOutputStream().close();
        processes.put(line.id(), process);
        Thread.ofVirtual()
                .start(() -> read(
                        process.getInputStream(),
                        text -> PeerLookText.read(text).ifPresent(look -> looks.put(line.id(), look))));
        int[] said = {0};
        Thread.ofVirtual()
                .start(() -> read(process.getErrorStream(), text -> {
                    if (said[0]++ < MOST_SAID) {
                        notices.accept(line.id() + ": " + PlainText.of(text, MAX_SAID));
                    }
                }));
        return process.onExit().thenAccept(ended -> {
            if (ended.exitValue() != 0) {
                failures.put(line.id(), "its process at " + line.host() + " ended with " + ended.exitValue());
            }
        });
    }

    private static void read(InputStream from, Consumer<String> to) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                to.accept(text);
            }
        } catch (IOException e) {
            // The process is gone; its exit code tells more.
        }
    }

    /** For the shell there: one word, whatever is in it. */
    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    @Override
    public List<PeerLook> looks() {
        int all = setup.common().layout().pieces();
        return setup.peers().peers().stream()
                .map(line -> looks.getOrDefault(
                        line.id(), new PeerLook(line.id(), line.hasFile() ? all : 0, all, List.of())))
                .toList();
    }

    @Override
    public CompletableFuture<Map<Integer, String>> over() {
        return over;
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroy);
    }
}
