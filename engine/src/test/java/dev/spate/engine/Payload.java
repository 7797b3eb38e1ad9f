package dev.spate.engine;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Random content for tests, its metainfo, and the means to put it on disk. */
final class Payload {
    private final Metainfo metainfo;
    private final byte[] content;

    private Payload(Metainfo metainfo, byte[] content) {
        this.metainfo = metainfo;
        this.content = content;
    }

    /** A single file. */
    static Payload file(String name, int length, int pieceLength) {
        return file(name, length, pieceLength, builder -> {});
    }

    /** A single file with more to be said about it. */
    static Payload file(String name, int length, int pieceLength, Consumer<MetainfoBuilder> more) {
        byte[] content = random(length);
        MetainfoBuilder builder = hashed(MetainfoBuilder.ofFile(name, length, pieceLength), content);
        more.accept(builder);
        return new Payload(builder.build(), content);
    }

    /** A folder of files {@code d/0}, {@code d/1} and so on. */
    static Payload folder(String name, List<Integer> lengths, int pieceLength) {
        byte[] content = random(lengths.stream().mapToInt(Integer::intValue).sum());
        List<MetainfoBuilder.NewFile> files = new ArrayList<>();
        for (int i = 0; i < lengths.size(); i++) {
            files.add(new MetainfoBuilder.NewFile(List.of("d", String.valueOf(i)), lengths.get(i)));
        }
        return new Payload(
                hashed(MetainfoBuilder.ofFolder(name, files, pieceLength), content)
                        .build(),
                content);
    }

    Metainfo metainfo() {
        return metainfo;
    }

    /** All bytes; not to be changed. */
    byte[] content() {
        return content;
    }

    /** Writes the files below {@code folder}, which is made. */
    Path writeTo(Path folder) throws IOException {
        for (var file : metainfo.files()) {
            Path path = path(folder, file.pathText());
            Files.createDirectories(path.getParent());
            Files.write(path, part(file.offset(), file.length()));
        }
        return folder;
    }

    /** Whether the files below {@code folder} are this content. */
    boolean isIn(Path folder) throws IOException {
        for (var file : metainfo.files()) {
            if (!Arrays.equals(Files.readAllBytes(path(folder, file.pathText())), part(file.offset(), file.length()))) {
                return false;
            }
        }
        return true;
    }

    private Path path(Path folder, String pathText) {
        return metainfo.isSingleFile()
                ? folder.resolve(pathText)
                : folder.resolve(metainfo.name()).resolve(pathText);
    }

    private byte[] part(long offset, long length) {
        return Arrays.copyOfRange(content, (int) offset, (int) (offset + length));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static MetainfoBuilder hashed(MetainfoBuilder builder, byte[] content) {
        PieceLayout layout = builder.layout();
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            for (int piece = 0; piece < layout.pieces(); piece++) {
                sha1.update(content, (int) layout.offset(piece), layout.length(piece));
                hashes.writeBytes(sha1.digest());
            }
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        return builder.pieces(hashes.toByteArray());
    }
}
