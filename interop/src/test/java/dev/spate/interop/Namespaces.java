package dev.spate.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Two network namespaces joined by one cable, made for one test and gone after it: <em>inside</em> is a machine that knows one
 * neighbour, <em>outside</em> is that neighbour and the whole world behind it. What leaves the inside can be listened to.
 */
final class Namespaces implements AutoCloseable {

    /** The inside's only address. */
    static final String INSIDE = "10.77.0.1";

    /** The neighbour, where a proxy or a gateway runs. */
    static final String NEIGHBOUR = "10.77.0.2";

    /** The world behind it. */
    static final String WORLD = "10.78.0.1";

    /** Leads to {@link #WORLD}, but only outside does anybody know. */
    static final String WORLD_NAME = "tracker.test";

    private final String inside;
    private final String outside;
    private final String cable;

    private Namespaces(String suffix) {
        this.inside = "spate-in-" + suffix;
        this.outside = "spate-out-" + suffix;
        this.cable = "spo" + suffix;
    }

    /** Makes them; the test is skipped, and says so, where that is not permitted. */
    static Namespaces make() throws IOException, InterruptedException {
        var made = new Namespaces(Long.toString(ProcessHandle.current().pid() % 1_000_000));
        if (!made.build()) {
            made.close();
            String message = "SKIPPED: no network namespaces can be made here; that takes root on Linux with iproute2";
            System.err.println(message);
            Assumptions.abort(message);
        }
        return made;
    }

    private boolean build() throws IOException, InterruptedException {
        Path files = Files.createDirectories(Path.of("/etc/netns"));
        if (!Files.isWritable(files)) {
            return false;
        }
        // Whoever asks for a name inside asks the neighbour, and is heard.
        Files.writeString(
                Files.createDirectories(files.resolve(inside)).resolve("resolv.conf"),
                "nameserver " + NEIGHBOUR + "\n");
        Files.writeString(
                Files.createDirectories(files.resolve(outside)).resolve("hosts"),
                "127.0.0.1 localhost\n" + WORLD + " " + WORLD_NAME + "\n");
        return run("ip", "netns", "add", inside)
                && run("ip", "netns", "add", outside)
                && run(
                        "ip", "link", "add", "in0", "netns", inside, "type", "veth", "peer", "name", cable, "netns",
                        outside)
                && run(inside("sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1"))
                && run("ip", "-n", inside, "addr", "add", INSIDE + "/24", "dev", "in0")
                && run("ip", "-n", inside, "link", "set", "in0", "up")
                && run("ip", "-n", inside, "link", "set", "lo", "up")
                && run("ip", "-n", inside, "route", "add", "default", "via", NEIGHBOUR)
                && run("ip", "-n", outside, "addr", "add", NEIGHBOUR + "/24", "dev", cable)
                && run("ip", "-n", outside, "link", "set", cable, "up")
                && run("ip", "-n", outside, "link", "set", "lo", "up")
                && run("ip", "-n", outside, "addr", "add", WORLD + "/32", "dev", "lo");
    }

    /** A command that runs inside. */
    List<String> inside(String... command) {
        return in(inside, command);
    }

    /** A command that runs outside. */
    List<String> outside(String... command) {
        return in(outside, command);
    }

    /** The neighbour's interface to the inside. */
    String cable() {
        return cable;
    }

    /** A command that prints a line for each packet that leaves the inside, but for ARP. */
    List<String> listening() {
        return outside("tcpdump", "-i", cable, "-n", "-l", "--immediate-mode", "-Q", "in", "ip or ip6");
    }

    private static List<String> in(String namespace, String... command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        words.addAll(List.of(command));
        return words;
    }

    private static boolean run(List<String> command) throws IOException, InterruptedException {
        return run(command.toArray(String[]::new));
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    @Override
    public void close() throws IOException {
        for (String each : List.of(inside, outside)) {
            new ProcessBuilder("ip", "netns", "del", each).start().onExit().join();
            Path files = Path.of("/etc/netns", each);
            Files.deleteIfExists(files.resolve("resolv.conf"));
            Files.deleteIfExists(files.resolve("hosts"));
            Files.deleteIfExists(files);
        }
    }
}
