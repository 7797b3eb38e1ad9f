package dev.spate.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A torrent file (BEP 3) made without any code of Spate, so that a mistake in ours cannot hide.
 *
 * @param file the torrent file
 * @param source the folder that holds the payload
 * @param infoHash 40 hex digits
 */
record Torrent(Path file, Path source, Payload payload, String infoHash) {

    /** Writes the payload below {@code folder} and a torrent file for it, which names the tracker. */
    static Torrent make(Payload payload, String tracker, Path folder) throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        payload.write(source);
        SortedMap<String, Object> info = new TreeMap<>();
        info.put("name", payload.name());
        info.put("piece length", payload.pieceLength());
        info.put("pieces", pieceHashes(payload, source));
        if (payload.isSingleFile()) {
            info.put("length", payload.length());
        } else {
            info.put("files", payload.files().stream().map(Torrent::entry).toList());
        }
        SortedMap<String, Object> metainfo = new TreeMap<>();
        metainfo.put("announce", tracker);
        metainfo.put("info", info);
        Path file = folder.resolve(payload.pieceLength() + ".torrent");
        Files.write(file, bencode(metainfo));
        return new Torrent(file, source, payload, HexFormat.of().formatHex(sha1().digest(bencode(info))));
    }

    int pieces() {
        return Math.toIntExact((payload.length() + payload.pieceLength() - 1) / payload.pieceLength());
    }

    byte[] infoHashBytes() {
        return HexFormat.of().parseHex(infoHash);
    }

    private static Map<String, Object> entry(Payload.Part part) {
        return new TreeMap<>(
                Map.of("length", part.length(), "path", List.of(part.path().split("/"))));
    }

    private static byte[] pieceHashes(Payload payload, Path source) throws IOException {
        var all = new ByteArrayOutputStream();
        for (Path path : payload.paths(source).toList()) {
            all.write(Files.readAllBytes(path));
        }
        byte[] bytes = all.toByteArray();
        var hashes = new ByteArrayOutputStream();
        for (int begin = 0; begin < bytes.length; begin += payload.pieceLength()) {
            MessageDigest digest = sha1();
            digest.update(bytes, begin, Math.min(payload.pieceLength(), bytes.length - begin));
            hashes.write(digest.digest());
        }
        return hashes.toByteArray();
    }

    private static byte[] bencode(Object value) throws IOException {
        var out = new ByteArrayOutputStream();
        switch (value) {
            case Number number -> out.write(("i" + number + "e").getBytes(StandardCharsets.US_ASCII));
            case String text -> out.write(bencode(text.getBytes(StandardCharsets.UTF_8)));
            case byte[] bytes -> {
                out.write((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes);
            }
            case List<?> list -> {
                out.write('l');
                for (Object item : list) {
                    out.write(bencode(item));
                }
                out.write('e');
            }
            case Map<?, ?> map -> {
                out.write('d');
                for (var entry : map.entrySet()) {
                    out.write(bencode(entry.getKey()));
                    out.write(bencode(entry.getValue()));
                }
                out.write('e');
            }
            default -> throw new IllegalArgumentException("no bencode for " + value.getClass());
        }
        return out.toByteArray();
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
