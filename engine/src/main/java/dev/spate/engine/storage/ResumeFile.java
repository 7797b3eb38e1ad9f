package dev.spate.engine.storage;

import dev.spate.engine.store.FileStamp;
import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * The bytes of a resume file: {@link ResumeData}, then the numbers of the pieces that were begun since.
 *
 * <pre>
 *   "SPATERES"  8 bytes
 *   version     4 bytes, 2
 *   length      4 bytes, of the body
 *   body        bencoded dictionary
 *   checksum    SHA-256 of everything before
 *   records     8 bytes each: a piece about to be written, and the CRC-32C of the checksum, the record's index and the piece
 * </pre>
 *
 * <p>Everything before the records is written at once and replaces the file atomically; records are appended before their
 * piece is written to the torrent's files. A process that is killed may leave the last record torn, a machine that loses power
 * several: records are read up to the first that is cut short or was never written. A record that was written and does not fit,
 * as its checksum, tied to this very file and place, tells, was damaged: nobody knows then what was begun, and every piece is in
 * doubt.
 */
public final class ResumeFile {

    /** Bytes of one record. */
    static final int RECORD_LENGTH = 8;

    /** The most files of a torrent, DESIGN's bound on metainfo. */
    private static final int MAX_FILES = 1_000_000;

    /** Longer than any body we write: stamps, priorities and bitfield at their bounds, and 4 MiB for trackers. */
    static final int MAX_LENGTH = 32 << 20;

    private static final byte[] MAGIC = "SPATERES".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 2;
    private static final int HEADER_LENGTH = 16;
    private static final int CHECKSUM_LENGTH = 32;
    private static final int STAMP_LENGTH = 16;

    private ResumeFile() {}

    /**
     * A resume file as it was found.
     *
     * @param data what it says
     * @param begun pieces whose writing began after it was saved: whatever {@code data} claims of them is in doubt
     */
    public record Found(ResumeData data, PieceSet begun) {}

    /** The file without records. */
    static byte[] encode(ResumeData data) {
        byte[] body = BencodeEncoder.encode(body(data));
        ByteBuffer out = ByteBuffer.allocate(HEADER_LENGTH + body.length + CHECKSUM_LENGTH);
        out.put(MAGIC).putInt(VERSION).putInt(body.length).put(body);
        out.put(sha256(out.array(), HEADER_LENGTH + body.length));
        return out.array();
    }

    /** What ties records to a file that {@link #encode} made. */
    static byte[] checksum(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - CHECKSUM_LENGTH, encoded.length);
    }

    /** The record with the given index, from 0, behind the file with this checksum. */
    static byte[] record(byte[] checksum, int index, int piece) {
        CRC32C crc = new CRC32C();
        crc.update(checksum);
        ByteBuffer place = ByteBuffer.allocate(8).putInt(index).putInt(piece);
        crc.update(place.flip());
        return ByteBuffer.allocate(RECORD_LENGTH)
                .putInt(piece)
                .putInt((int) crc.getValue())
                .array();
    }

    /**
     * Reads a file with its records.
     *
     * @return malformed when anything before the records is not exactly as it was written, or is of another version
     */
    public static Decoding<Found> decode(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        if (file.length < HEADER_LENGTH || !in.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            return new Malformed<>(0, "not a resume file");
        }
        int version = in.getInt(MAGIC.length);
        if (version != VERSION) {
            return new Malformed<>(MAGIC.length, "resume file of version " + Integer.toUnsignedString(version));
        }
        int bodyLength = in.getInt(MAGIC.length + 4);
        int checksumAt = HEADER_LENGTH + bodyLength;
        if (bodyLength < 0 || bodyLength > MAX_LENGTH || checksumAt > file.length - CHECKSUM_LENGTH) {
            return new Malformed<>(MAGIC.length + 4, "resume file is cut short");
        }
        ByteBuffer checksum = in.slice(checksumAt, CHECKSUM_LENGTH);
        if (!checksum.equals(ByteBuffer.wrap(sha256(file, checksumAt)))) {
            return new Malformed<>(checksumAt, "resume file is damaged: its checksum does not match");
        }
        byte[] body = new byte[bodyLength];
        in.get(HEADER_LENGTH, body);
        return switch (BencodeDecoder.decode(body, Strictness.STRICT)) {
            case Decoding.Decoded<BencodeValue>(BencodeDictionary dictionary) ->
                readData(dictionary)
                        .<Decoding<Found>>map(
                                data -> new Decoding.Decoded<>(new Found(data, readRecords(file, checksumAt, data))))
                        .orElseGet(() -> new Malformed<>(HEADER_LENGTH, "resume file lacks a key or has a bad one"));
            case Decoding.Decoded<BencodeValue> ignored ->
                new Malformed<>(HEADER_LENGTH, "the body of the resume file is no dictionary");
            case Decoding.NeedMore<BencodeValue> ignored -> throw new AssertionError("whole input needs more");
            case Malformed<BencodeValue>(var offset, var reason) -> new Malformed<>(HEADER_LENGTH + offset, reason);
        };
    }

    private static PieceSet readRecords(byte[] file, int checksumAt, ResumeData data) {
        byte[] checksum = Arrays.copyOfRange(file, checksumAt, checksumAt + CHECKSUM_LENGTH);
        PieceSet begun = new PieceSet(data.claim().flushed().pieces());
        ByteBuffer in = ByteBuffer.wrap(file).position(checksumAt + CHECKSUM_LENGTH);
        for (int index = 0; in.remaining() >= RECORD_LENGTH; index++) {
            int piece = in.getInt(in.position());
            ByteBuffer record = in.slice(in.position(), RECORD_LENGTH);
            if (record.getLong(0) == 0) {
                // What a loss of power leaves of bytes that the file had room for and the device did not get.
                break;
            }
            if (piece < 0
                    || piece >= begun.pieces()
                    || !record.equals(ByteBuffer.wrap(record(checksum, index, piece)))) {
                begun.addAll();
                break;
            }
            begun.add(piece);
            in.position(in.position() + RECORD_LENGTH);
        }
        return begun;
    }

    private static BencodeDictionary body(ResumeData data) {
        ResumeData.Claim claim = data.claim();
        ResumeData.Notes notes = data.notes();
        BencodeDictionaryBuilder body = BencodeDictionary.builder()
                .put("added", notes.addedAt().getEpochSecond())
                .put("bitfield", claim.flushed().toBitfield())
                .put("closed", claim.closed() ? 1 : 0)
                .put("corrupt", notes.transferred().corrupt())
                .put("downloaded", notes.transferred().downloaded())
                .put("folder", notes.folder())
                .put("info-hash", data.infoHash().toBytes())
                .put("paused", notes.paused() ? 1 : 0)
                .put("pieces", claim.flushed().pieces())
                .put("places", PlacesCode.encode(notes.places()))
                .put("priorities", priorities(notes.priorities()))
                .put("rules", KeptRulesCode.encode(notes.rules()))
                .put("sequential", notes.sequential() ? 1 : 0)
                .put("stamps", stamps(claim.stamps()))
                .put("uploaded", notes.transferred().uploaded());
        notes.completedAt().ifPresent(at -> body.put("completed", at.getEpochSecond()));
        notes.queue().ifPresent(rank -> body.put("queue", KeptRulesCode.encode(rank)));
        notes.trackers()
                .ifPresent(tiers -> body.put(
                        "trackers",
                        BencodeList.of(tiers.stream().map(BencodeList::ofTexts).toList())));
        return body.build();
    }

    private static byte[] stamps(List<FileStamp> stamps) {
        ByteBuffer out = ByteBuffer.allocate(stamps.size() * STAMP_LENGTH);
        stamps.forEach(stamp -> out.putLong(stamp.length()).putLong(stamp.modifiedNanos()));
        return out.array();
    }

    private static byte[] priorities(List<Integer> priorities) {
        byte[] out = new byte[priorities.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = priorities.get(i).byteValue();
        }
        return out;
    }

    private static Optional<ResumeData> readData(BencodeDictionary body) {
        Optional<byte[]> infoHash = body.bytes("info-hash").filter(hash -> hash.length == Digest.SHA1_LENGTH);
        Optional<ResumeData.Claim> claim = readClaim(body);
        Optional<ResumeData.Notes> notes = readNotes(body);
        if (infoHash.isEmpty() || claim.isEmpty() || notes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ResumeData(Digest.of(infoHash.get()), claim.get(), notes.get()));
    }

    private static Optional<ResumeData.Claim> readClaim(BencodeDictionary body) {
        OptionalLong pieces = body.integer("pieces");
        Optional<byte[]> bitfield = body.bytes("bitfield");
        Optional<List<FileStamp>> stamps = body.bytes("stamps").flatMap(ResumeFile::readStamps);
        OptionalLong closed = body.integer("closed");
        if (pieces.isEmpty()
                || pieces.getAsLong() < 0
                || pieces.getAsLong() > PieceLayout.MAX_PIECES
                || bitfield.isEmpty()
                || stamps.isEmpty()
                || closed.isEmpty()) {
            return Optional.empty();
        }
        return PieceSet.ofBitfield(bitfield.get(), (int) pieces.getAsLong())
                        instanceof Decoding.Decoded<PieceSet>(var set)
                ? Optional.of(new ResumeData.Claim(set, stamps.get(), closed.getAsLong() != 0))
                : Optional.empty();
    }

    private static Optional<List<FileStamp>> readStamps(byte[] bytes) {
        if (bytes.length % STAMP_LENGTH != 0 || bytes.length / STAMP_LENGTH > MAX_FILES + 1) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<FileStamp> stamps = new ArrayList<>(bytes.length / STAMP_LENGTH);
        while (in.hasRemaining()) {
            stamps.add(new FileStamp(in.getLong(), in.getLong()));
        }
        return Optional.of(stamps);
    }

    private static Optional<ResumeData.Notes> readNotes(BencodeDictionary body) {
        Optional<String> folder = body.text("folder");
        long uploaded = body.integer("uploaded").orElse(-1);
        long downloaded = body.integer("downloaded").orElse(-1);
        long corrupt = body.integer("corrupt").orElse(-1);
        OptionalLong added = body.integer("added");
        OptionalLong completed = body.integer("completed");
        Optional<byte[]> priorities = body.bytes("priorities");
        OptionalLong paused = body.integer("paused");
        OptionalLong sequential = body.integer("sequential");
        Optional<Places> places = body.dictionary("places").flatMap(PlacesCode::decode);
        if (folder.isEmpty()
                || Math.min(uploaded, Math.min(downloaded, corrupt)) < 0
                || added.isEmpty()
                || priorities.isEmpty()
                || paused.isEmpty()
                || sequential.isEmpty()
                || places.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ResumeData.Notes(
                    folder.get(),
                    new ResumeData.Transferred(uploaded, downloaded, corrupt),
                    Instant.ofEpochSecond(added.getAsLong()),
                    completed.isPresent()
                            ? Optional.of(Instant.ofEpochSecond(completed.getAsLong()))
                            : Optional.empty(),
                    body.list("trackers").map(ResumeFile::readTiers),
                    readPriorities(priorities.get()),
                    paused.getAsLong() != 0,
                    sequential.getAsLong() != 0,
                    places.get(),
                    body.dictionary("rules").map(KeptRulesCode::decode).orElse(KeptRules.NONE),
                    body.dictionary("queue").flatMap(KeptRulesCode::decodeRank)));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<List<String>> readTiers(BencodeList tiers) {
        List<List<String>> read = new ArrayList<>();
        for (BencodeValue tier : tiers) {
            if (tier instanceof BencodeList urls) {
                read.add(urls.strings().map(BencodeString::text).toList());
            }
        }
        return read;
    }

    private static List<Integer> readPriorities(byte[] bytes) {
        List<Integer> priorities = new ArrayList<>(bytes.length);
        for (byte priority : bytes) {
            priorities.add((int) priority);
        }
        return priorities;
    }

    static byte[] sha256(byte[] bytes, int length) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes, 0, length);
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
