package dev.spate.classic.course;

import dev.spate.classic.course.peer.Ending;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** One peer in a process of its own, for tests: its folder and id are the arguments, its exit code 0 when all are complete. */
public final class PeerProgram {
    private PeerProgram() {}

    public static void main(String[] arguments) throws Exception {
        CourseSetup setup = CourseSetup.read(Path.of(arguments[0]));
        int id = Integer.parseInt(arguments[1]);
        Consumer<String> notices = text -> System.err.println(text);
        PeerOptions options = new PeerOptions(null, Duration.ofMinutes(1), System.nanoTime(), notices);
        try (PeerProcess peer = PeerProcess.start(setup, id, options)) {
            Ending ending = peer.ending().get();
            System.err.println(ending);
            System.exit(ending instanceof Ending.AllComplete ? 0 : 1);
        }
    }
}
