package dev.spate.engine.storage;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store of one torrent in memory with the bytes of real resume files; it may lose power or die in the middle of a save. */
final class MemoryResumeStore implements ResumeStore {
    private byte @Nullable [] file;
    private int lengthOnDevice;
    private byte[] checksum = new byte[0];
    private int records;
    private byte @Nullable [] move;
    private boolean dying;

    /** Every save from now on writes nothing and throws, as when the process dies before the rename. */
    void dieAtNextSave() {
        dying = true;
    }

    /** Another process has begun. */
    void live() {
        dying = false;
    }

    /** Records were not forced. */
    void losePower() {
        if (file != null) {
            file = Arrays.copyOf(file, lengthOnDevice);
        }
    }

    @Override
    public List<Digest> torrents() {
        return List.of();
    }

    @Override
    public void saveMetainfo(Digest infoHash, byte[] metainfo) {}

    @Override
    public Optional<byte[]> loadMetainfo(Digest infoHash) {
        return Optional.empty();
    }

    @Override
    public synchronized Optional<Decoding<ResumeFile.Found>> load(Digest infoHash) {
        return Optional.ofNullable(file).map(ResumeFile::decode);
    }

    @Override
    public synchronized void save(ResumeData data, List<Integer> begun) throws StorageException {
        if (dying) {
            throw new StorageException.Failed("save", Path.of("/state"), new IOException("killed"));
        }
        byte[] encoded = ResumeFile.encode(data);
        checksum = ResumeFile.checksum(encoded);
        file = encoded;
        records = 0;
        for (int piece : begun) {
            append(piece);
        }
        lengthOnDevice = file.length;
    }

    @Override
    public List<Digest> magnets() {
        return List.of();
    }

    @Override
    public void saveMagnet(Digest infoHash, String link) {}

    @Override
    public Optional<String> loadMagnet(Digest infoHash) {
        return Optional.empty();
    }

    @Override
    public synchronized void begun(Digest infoHash, int piece) {
        append(piece);
    }

    private void append(int piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assert file != null;
        out.writeBytes(file);
        out.writeBytes(ResumeFile.record(checksum, records++, piece));
        file = out.toByteArray();
    }

    @Override
    public synchronized void saveMove(Digest infoHash, byte[] journal) throws StorageException {
        if (dying) {
            throw new StorageException.Failed("save", Path.of("/state"), new IOException("killed"));
        }
        move = journal;
    }

    @Override
    public synchronized Optional<byte[]> loadMove(Digest infoHash) {
        return Optional.ofNullable(move);
    }

    @Override
    public synchronized void removeMove(Digest infoHash) throws StorageException {
        if (dying) {
            throw new StorageException.Failed("delete", Path.of("/state"), new IOException("killed"));
        }
        move = null;
    }

    @Override
    public void release(Digest infoHash) {}

    @Override
    public synchronized void remove(Digest infoHash) {
        file = null;
    }
}
