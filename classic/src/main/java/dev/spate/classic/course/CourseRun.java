package dev.spate.classic.course;

import dev.spate.classic.course.peer.PeerLook;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** All peers of a network, as they run: here, or on their hosts. Any thread. */
public interface CourseRun extends AutoCloseable {

    /** How each stands, in the order of {@code PeerInfo.cfg}; of one that has not told yet, that it has nothing. */
    List<PeerLook> looks();

    /**
     * Done when the last one has ended, with what went wrong by the id of the peer: nothing where every peer knew that all have
     * the file.
     */
    CompletableFuture<Map<Integer, String>> over();

    /** Ends those that still run. */
    @Override
    void close();
}
