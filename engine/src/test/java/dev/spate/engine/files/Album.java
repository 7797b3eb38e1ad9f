package dev.spate.engine.files;

import dev.spate.engine.SessionSettings;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A torrent of some files in folders, for tests. */
final class Album {
    static final List<List<String>> PATHS = List.of(
            List.of("cover.jpg"), List.of("cd 1", "01.flac"), List.of("cd 1", "02.flac"), List.of("cd 2", ".log"));
    static final List<Integer> LENGTHS = List.of(70_001, 600_000, 450_000, 0);
    private static final int PIECE = 1 << 15;

    final byte[] content = new byte[LENGTHS.stream().mapToInt(Integer::intValue).sum()];
    final Metainfo metainfo;

    Album() {
        new Random(7).nextBytes(content);
        List<MetainfoBuilder.NewFile> files = new java.util.ArrayList<>();
        for (int i = 0; i < PATHS.size(); i++) {
            files.add(new MetainfoBuilder.NewFile(PATHS.get(i), LENGTHS.get(i)));
        }
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            for (int at = 0; at < content.length; at += PIECE) {
                sha1.update(content, at, Math.min(PIECE, content.length - at));
                hashes.writeBytes(sha1.digest());
            }
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        metainfo = MetainfoBuilder.ofFolder("album", files, PIECE)
                .pieces(hashes.toByteArray())
                .build();
    }

    byte[] file(int index) {
        int begin = LENGTHS.stream().limit(index).mapToInt(Integer::intValue).sum();
        return Arrays.copyOfRange(content, begin, begin + LENGTHS.get(index));
    }

    /** Writes the files below a folder, which is made. */
    Path writeTo(Path folder) throws IOException {
        for (int i = 0; i < PATHS.size(); i++) {
            Path path = folder.resolve("album").resolve(String.join("/", PATHS.get(i)));
            Files.createDirectories(path.getParent());
            Files.write(path, file(i));
        }
        return folder;
    }

    static SessionSettings settings() {
        return SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
    }
}
