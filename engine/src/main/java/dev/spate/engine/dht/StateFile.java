package dev.spate.engine.dht;

import dev.spate.core.dht.DhtState;
import dev.spate.io.file.DurableFiles;
import dev.spate.wire.Decoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a node's state is kept, if it is. What cannot be read or written costs a slower start, and is only logged. */
final class StateFile {
    private static final System.Logger LOG = System.getLogger("dev.spate.engine.dht");

    /** A full state takes some 120 KiB. */
    private static final long MAX_LENGTH = 1 << 20;

    private final @Nullable Path path;

    StateFile(@Nullable Path path) {
        this.path = path;
    }

    boolean isKept() {
        return path != null;
    }

    DhtState read() {
        if (path == null) {
            return DhtState.NEW;
        }
        try {
            if (Files.size(path) > MAX_LENGTH) {
                LOG.log(System.Logger.Level.WARNING, "too long for a state of the DHT, not read: {0}", path);
                return DhtState.NEW;
            }
            return switch (DhtState.decode(Files.readAllBytes(path))) {
                case Decoding.Decoded<DhtState>(DhtState state) -> state;
                case Decoding.NeedMore<DhtState> _ -> DhtState.NEW;
                case Decoding.Malformed<DhtState> malformed -> {
                    LOG.log(System.Logger.Level.WARNING, "no state of the DHT in {0}: {1}", path, malformed);
                    yield DhtState.NEW;
                }
            };
        } catch (NoSuchFileException e) {
            return DhtState.NEW;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "reading the state of the DHT from " + path, e);
            return DhtState.NEW;
        }
    }

    /** Only one thread at a time. */
    synchronized void write(DhtState state) {
        if (path == null) {
            return;
        }
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            DurableFiles.replace(path, state.encode());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "writing the state of the DHT to " + path, e);
        }
    }
}
