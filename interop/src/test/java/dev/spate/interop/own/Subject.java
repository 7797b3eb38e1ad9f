package dev.spate.interop.own;

import dev.spate.interop.own.Sample.Found;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A running {@link SubjectProgram}, and all that it has printed. Safe for use by several threads. */
public final class Subject implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration GLANCE = Duration.ofMillis(100);

    private final Process process;
    private final Path errors;
    private final Thread reader;

    // Guarded by itself.
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private Subject(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.reader = Thread.ofPlatform().daemon().name("subject-lines").start(this::read);
    }

    /**
     * Starts one that listens at a free port.
     *
     * @param address the loopback address to listen at
     * @param state the state folder, or empty for none
     * @param errors where its error stream goes; appended to
     */
    public static Subject start(String address, Optional<Path> state, Path errors) throws IOException {
        return start(address, state, errors, Map.of());
    }

    /**
     * Starts one with some environment of its own.
     *
     * @param environment what is set beside the environment of this process
     */
    public static Subject start(String address, Optional<Path> state, Path errors, Map<String, String> environment)
            throws IOException {
        // As the launcher starts Spate, with assertions on top.
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xms22m",
                "-Xmn16m",
                "-XX:SurvivorRatio=2",
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=512m",
                "-XX:-UsePerfData",
                "-ea:dev.spate..."));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), SubjectProgram.class.getName(), address, "0"));
        state.ifPresent(folder -> command.add(folder.toString()));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().putAll(environment);
        return new Subject(builder.start(), errors);
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            // The pipe of a process that was killed may break in the middle of a line, which nobody shall read.
        } finally {
            synchronized (lines) {
                ended = true;
                lines.notifyAll();
            }
        }
    }

    /** Gives it a command. */
    public void tell(String... words) {
        try {
            var out = process.outputWriter(StandardCharsets.UTF_8);
            out.write(String.join(" ", words) + "\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the subject reads no more; it printed\n" + tail(), e);
        }
    }

    /** Adds the sample and waits for what is found of it; it stays at rest. */
    public Found add(Sample sample, Path folder, String... peers) {
        var words = new ArrayList<>(List.of("add", sample.file().toString(), folder.toString()));
        words.addAll(List.of(peers));
        int from = lines().size();
        tell(words.toArray(String[]::new));
        return sample.found(await(from, line -> line.startsWith("found " + sample.name())));
    }

    /** Adds the sample, and lets it run at once. */
    public Found run(Sample sample, Path folder, String... peers) {
        Found found = add(sample, folder, peers);
        tell("resume", sample.name());
        return found;
    }

    /** Asks a question and waits for the line that answers it. */
    public String ask(String... words) {
        int from = lines().size();
        tell(words);
        return await(from, line -> line.startsWith(words[0] + " "));
    }

    public int port() {
        return Integer.parseInt(await(0, line -> line.startsWith("listening ")).split(" ", -1)[1]);
    }

    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** The lines that begin so. */
    public List<String> lines(String prefix) {
        return lines().stream().filter(line -> line.startsWith(prefix)).toList();
    }

    /** Waits for a line that begins so. */
    public String await(String prefix) {
        return await(0, line -> line.startsWith(prefix));
    }

    private String await(int from, Predicate<String> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        return waitUntil(from, wanted, deadline)
                .orElseThrow(() -> new AssertionError("it never came; instead:\n" + tail()));
    }

    /** Waits for a matching line, until the deadline or the program's end. */
    private Optional<String> waitUntil(int from, Predicate<String> wanted, long deadline) {
        synchronized (lines) {
            for (int next = from; ; ) {
                for (; next < lines.size(); next++) {
                    if (wanted.test(lines.get(next))) {
                        return Optional.of(lines.get(next));
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || ended) {
                    return Optional.empty();
                }
                try {
                    lines.wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError("interrupted while waiting", e);
                }
            }
        }
    }

    /** Asks why a torrent does not go on, again and again until the answer has these words in it. */
    public String awaitDiagnosis(String name, String words) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String said = ask("diagnose", name);
        while (!said.contains(words)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no \"" + words + "\" in: " + said + "\n" + tail());
            }
            LockSupport.parkNanos(GLANCE.toNanos());
            said = ask("diagnose", name);
        }
        return said;
    }

    /** Waits until so many lines begin so, or a line begins with {@code or}; no longer than the patience of a test. */
    public void awaitCount(String prefix, int count, String or) {
        var seen = new int[1];
        var _ = await(0, line -> (line.startsWith(prefix) && ++seen[0] >= count) || line.startsWith(or));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Lets it not get another instruction, until {@link #wake}. */
    public void suspend() {
        signal("STOP");
    }

    public void wake() {
        signal("CONT");
    }

    /** How many descriptors it may have from now on, beside those that it has. */
    public void limitDescriptors(int more) throws IOException {
        try (var open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            run("prlimit", "--pid", Long.toString(process.pid()), "--nofile=" + (open.count() + more) + ":");
        }
    }

    /** How many processors it keeps busy, from now on for so long. */
    public double processorShare(Duration time) {
        Duration before = process.info().totalCpuDuration().orElseThrow();
        LockSupport.parkNanos(time.toNanos());
        return process.info().totalCpuDuration().orElseThrow().minus(before).toNanos() / (double) time.toNanos();
    }

    private void signal(String name) {
        run("kill", "-" + name, Long.toString(process.pid()));
    }

    private static void run(String... words) {
        try {
            if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
                throw new AssertionError(String.join(" ", words) + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends it between two instructions, and waits until all that it printed was read. */
    public void kill() {
        // Not through the process itself, which would close the pipe and lose what is in it.
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    /** Asks it to end as the system does at a shutdown; returns when it has. */
    public int terminate() {
        process.toHandle().destroy();
        awaitEnd();
        return process.exitValue();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it does not end; it printed\n" + tail());
            }
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    /** What it wrote to its error stream. */
    public String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tail() {
        List<String> all = lines();
        return String.join("\n", all.subList(Math.max(0, all.size() - 30), all.size())) + "\n" + errors();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
