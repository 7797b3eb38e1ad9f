package dev.spate.bench;

import dev.spate.wire.Decoding;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Bencode at its two extremes, a message that a peer sends now and then and a metainfo of ten thousand files (about 0.5 MB),
 * and the whole validation of the latter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class BencodeBenchmark {
    private static final int FILES = 10_000;
    private static final int PIECE_LENGTH = 1 << 20;
    private static final int FILE_LENGTH = 300_000;

    private byte[] message = {};
    private byte[] torrent = {};
    private BencodeValue decodedTorrent = BencodeDictionary.builder().build();

    @Setup
    public void setUp() {
        message = ("d1:md11:ut_metadatai3e6:ut_pexi1e12:ut_holepunchi4ee13:metadata_sizei31235e"
                        + "1:pi6881e4:reqqi500e1:v12:Spate 0.1.0 6:yourip4:abcde")
                .getBytes(StandardCharsets.US_ASCII);
        List<MetainfoBuilder.NewFile> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            files.add(new MetainfoBuilder.NewFile(List.of("folder " + i % 100, "file " + i + ".bin"), FILE_LENGTH));
        }
        MetainfoBuilder builder = MetainfoBuilder.ofFolder("ten thousand", files, PIECE_LENGTH);
        torrent =
                builder.pieces(new byte[20 * builder.layout().pieces()]).build().toBytes();
        decodedTorrent = decoded(BencodeDecoder.decode(torrent, Strictness.STRICT));
    }

    @Benchmark
    public BencodeValue decodesAMessage() {
        return decoded(BencodeDecoder.decode(message, Strictness.LENIENT));
    }

    @Benchmark
    public long decodesAMessageAndLooksUp() {
        BencodeDictionary values = (BencodeDictionary) decoded(BencodeDecoder.decode(message, Strictness.LENIENT));
        return values.integer("metadata_size").orElse(0)
                + values.integer("reqq").orElse(0)
                + values.text("v").map(String::length).orElse(0);
    }

    @Benchmark
    public BencodeValue decodesATorrent() {
        return decoded(BencodeDecoder.decode(torrent, Strictness.LENIENT));
    }

    @Benchmark
    public byte[] encodesATorrent() {
        return BencodeEncoder.encode(decodedTorrent);
    }

    @Benchmark
    public Decoding<Metainfo> validatesATorrent() {
        return Metainfo.decode(torrent);
    }

    private static BencodeValue decoded(Decoding<BencodeValue> decoding) {
        if (decoding instanceof Decoding.Decoded<BencodeValue>(var value)) {
            return value;
        }
        throw new IllegalStateException(decoding.toString());
    }
}
