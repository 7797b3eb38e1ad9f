package dev.spate.engine.storage;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Digest;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import dev.spate.wire.metainfo.SafeNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Relocation} is about, as it is written down before the first file moves: a bencoded dictionary behind
 * {@code "SPATEMOV"}, a version of 4 bytes, and the SHA-256 of what follows.
 *
 * @param fromRoot where the files were
 * @param to where they are to be
 * @param steps the files that are to be moved
 * @param committed whether all are at their new place, so that originals of copies may go
 */
record MoveJournal(Digest infoHash, Path fromRoot, Places to, List<Relocation.Step> steps, boolean committed) {

    /** Longer than any we write: twice the paths of the longest metainfo. */
    static final int MAX_LENGTH = 128 << 20;

    private static final byte[] MAGIC = "SPATEMOV".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER_LENGTH = 12 + Digest.SHA256_LENGTH;

    MoveJournal {
        steps = List.copyOf(steps);
    }

    MoveJournal commit() {
        return new MoveJournal(infoHash, fromRoot, to, steps, true);
    }

    byte[] encode() {
        List<BencodeValue> moves = new ArrayList<>(steps.size());
        for (Relocation.Step step : steps) {
            moves.add(BencodeList.of(List.of(BencodeList.ofTexts(step.from()), BencodeList.ofTexts(step.to()))));
        }
        byte[] body = BencodeEncoder.encode(BencodeDictionary.builder()
                .put("committed", committed ? 1 : 0)
                .put("from", fromRoot.toString())
                .put("info-hash", infoHash.toBytes())
                .put("steps", BencodeList.of(moves))
                .put("to", PlacesCode.encode(to))
                .build());
        return ByteBuffer.allocate(HEADER_LENGTH + body.length)
                .put(MAGIC)
                .putInt(VERSION)
                .put(ResumeFile.sha256(body, body.length))
                .put(body)
                .array();
    }

    /** Malformed when a byte of it is not as it was written, or it is of another version. */
    static Decoding<MoveJournal> decode(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        if (file.length < HEADER_LENGTH
                || !in.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
                || in.getInt(MAGIC.length) != VERSION) {
            return new Malformed<>(0, "not a journal of a move, or one of another version");
        }
        byte[] body = new byte[file.length - HEADER_LENGTH];
        in.get(HEADER_LENGTH, body);
        if (!in.slice(12, Digest.SHA256_LENGTH).equals(ByteBuffer.wrap(ResumeFile.sha256(body, body.length)))) {
            return new Malformed<>(12, "the journal of a move is damaged");
        }
        return BencodeDecoder.decode(body, Strictness.STRICT)
                        instanceof Decoding.Decoded<BencodeValue>(BencodeDictionary dictionary)
                ? read(dictionary)
                        .<Decoding<MoveJournal>>map(Decoding.Decoded::new)
                        .orElseGet(() -> new Malformed<>(HEADER_LENGTH, "the journal of a move lacks a key"))
                : new Malformed<>(HEADER_LENGTH, "the journal of a move is no dictionary");
    }

    private static Optional<MoveJournal> read(BencodeDictionary body) {
        Optional<byte[]> infoHash = body.bytes("info-hash").filter(hash -> hash.length == Digest.SHA1_LENGTH);
        Optional<String> from = body.text("from");
        Optional<Places> to = body.dictionary("to").flatMap(PlacesCode::decode);
        Optional<List<Relocation.Step>> steps = body.list("steps").flatMap(MoveJournal::readSteps);
        if (infoHash.isEmpty() || from.isEmpty() || to.isEmpty() || steps.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MoveJournal(
                    Digest.of(infoHash.get()),
                    Path.of(from.get()),
                    to.get(),
                    steps.get(),
                    body.integer("committed").orElse(0) != 0));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<Relocation.Step>> readSteps(BencodeList list) {
        List<Relocation.Step> steps = new ArrayList<>();
        for (BencodeValue value : list) {
            List<List<String>> ends = new ArrayList<>();
            if (value instanceof BencodeList pair) {
                for (BencodeValue names : pair) {
                    if (names instanceof BencodeList texts) {
                        ends.add(texts.strings().map(BencodeString::text).toList());
                    }
                }
            }
            if (ends.size() != 2 || !ends.stream().allMatch(MoveJournal::isSafe)) {
                return Optional.empty();
            }
            steps.add(new Relocation.Step(ends.getFirst(), ends.getLast()));
        }
        return Optional.of(steps);
    }

    private static boolean isSafe(List<String> names) {
        return !names.isEmpty() && names.stream().allMatch(SafeNames::isSafe);
    }
}
