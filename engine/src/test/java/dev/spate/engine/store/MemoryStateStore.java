package dev.spate.engine.store;

import dev.spate.wire.Digest;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A store that lives as long as the program that made it, as one over a database would be written. */
public final class MemoryStateStore implements StateStore {

    private record Key(Digest infoHash, Kind kind) {}

    private final Map<Key, byte[]> entries = new HashMap<>();
    private final Set<Digest> open = new TreeSet<>();

    /** Nothing is in it yet. */
    public MemoryStateStore() {}

    @Override
    public synchronized List<Digest> list(Kind kind) {
        return entries.keySet().stream()
                .filter(key -> key.kind() == kind)
                .map(Key::infoHash)
                .toList();
    }

    @Override
    public synchronized Optional<byte[]> load(Digest infoHash, Kind kind) {
        return Optional.ofNullable(entries.get(new Key(infoHash, kind))).map(byte[]::clone);
    }

    @Override
    public synchronized void save(Digest infoHash, Kind kind, byte[] bytes) {
        entries.put(new Key(infoHash, kind), bytes.clone());
        if (kind == Kind.PROGRESS) {
            open.add(infoHash);
        }
    }

    @Override
    public synchronized void append(Digest infoHash, byte[] bytes) {
        if (!open.contains(infoHash)) {
            throw new IllegalStateException("nothing was saved yet of " + infoHash);
        }
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.writeBytes(load(infoHash, Kind.PROGRESS).orElseThrow());
        longer.writeBytes(bytes);
        entries.put(new Key(infoHash, Kind.PROGRESS), longer.toByteArray());
    }

    @Override
    public synchronized void release(Digest infoHash) {
        open.remove(infoHash);
    }

    @Override
    public synchronized void remove(Digest infoHash, Kind kind) {
        entries.remove(new Key(infoHash, kind));
    }

    /** Of whom something is open. */
    public synchronized Set<Digest> open() {
        return Set.copyOf(open);
    }
}
