package dev.spate.classic.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.Decoding;
import dev.spate.wire.HostPort;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorTest {
    private static final String ORIGINAL = """
            {
              "size": 3000,
              "piece_length": 50,
              "hash_key": "13",
              "file": {"length": 2999, "name": "a.txt", "path": "./files"},
              "nodes": [{"ip": "127.0.0.1", "port": 9000}, {"ip": "127.0.0.1", "port": 9001}],
              "mine": [1.50, {"kept": null}]
            }
            """;

    @TempDir
    private Path folder;

    private static Decoding<Descriptor> decode(String json) {
        return Descriptor.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Descriptor good(String json) {
        return ((Decoding.Decoded<Descriptor>) decode(json)).value();
    }

    private static String trouble(String json) {
        return ((Decoding.Malformed<Descriptor>) decode(json)).reason();
    }

    private Metainfo metainfo() throws Exception {
        Path file = Files.write(folder.resolve("a file.bin"), new byte[40_000]);
        return TorrentBuilder.of(file).pieceLength(16384).isPrivate(true).build();
    }

    @Test
    void readsOneOfTheOriginal() {
        Descriptor descriptor = good(ORIGINAL);
        assertThat(descriptor.key()).isEqualTo(HashKey.of("13"));
        assertThat(descriptor.name()).isEqualTo("a.txt");
        assertThat(descriptor.path()).isEqualTo("./files");
        assertThat(descriptor.length()).isEqualTo(2999);
        assertThat(descriptor.nodes())
                .containsExactly(new HostPort("127.0.0.1", 9000), new HostPort("127.0.0.1", 9001));
        assertThat(descriptor.metainfo()).isEmpty();
    }

    @Test
    void keysThatWeDoNotKnowSurvive() {
        Descriptor changed = good(ORIGINAL).withNodes(List.of(new HostPort("192.0.2.1", 1)));
        String written = new String(changed.toBytes(), StandardCharsets.UTF_8);
        assertThat(written)
                .contains("\"mine\": [\n    1.50,\n    {\"kept\": null}\n  ]")
                .doesNotContain("9001");
        assertThat(good(written).nodes()).containsExactly(new HostPort("192.0.2.1", 1));
    }

    @Test
    void ofATorrentItHasEverythingToVerifyWith() throws Exception {
        Metainfo metainfo = metainfo();
        Descriptor made = Descriptor.of(metainfo, null, ".", List.of(new HostPort("192.0.2.1", 9000)));
        Descriptor read = good(new String(made.toBytes(), StandardCharsets.UTF_8));
        assertThat(read.metainfo().orElseThrow().infoBytes()).isEqualTo(metainfo.infoBytes());
        assertThat(read.key().toString())
                .isEqualTo(metainfo.infoHash().toString().substring(0, 32));
        assertThat(read.toBytes()).isEqualTo(made.toBytes());
        assertThat(Descriptor.of(metainfo, HashKey.of("13"), ".", List.of()).key())
                .isEqualTo(HashKey.of("13"));
        Metainfo open = TorrentBuilder.of(folder.resolve("a file.bin")).build();
        assertThatThrownBy(() -> Descriptor.of(open, null, ".", List.of())).hasMessageContaining("private");
    }

    @Test
    void moreThan256BytesAndAThousandNodesAreNoTrouble() {
        StringBuilder nodes = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            nodes.append(i == 0 ? "" : ",")
                    .append("{\"ip\":\"10.0.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250)
                    .append("\",\"port\":9000}");
        }
        String json = ORIGINAL.replaceFirst("\\[\\{\"ip.*]", "[" + nodes + "]");
        assertThat(good(json).nodes()).hasSize(1000);
        assertThat(trouble(ORIGINAL.replaceFirst("\\[\\{\"ip.*]", "[" + "0,".repeat(Descriptor.MAX_NODES) + "0]")))
                .contains("more nodes than 10000");
    }

    @Test
    void saysWhereAndWhatIsWrong() {
        assertThat(trouble("")).startsWith("line 1, column 1: the text ends early");
        assertThat(trouble("[]")).contains("a descriptor is an object");
        assertThat(trouble(ORIGINAL + "x")).startsWith("line 9, column 1: something stands behind");
        assertThat(trouble(ORIGINAL.replace("\"13\"", "13")))
                .isEqualTo("line 4, column 15: \"hash_key\" is not a text");
        assertThat(trouble(ORIGINAL.replace("\"13\"", "\"" + "x".repeat(36) + "\"")))
                .contains("1 to 35 bytes");
        assertThat(trouble(ORIGINAL.replace("hash_key", "key")))
                .isEqualTo("line 1, column 1: \"hash_key\" is missing; give a text");
        assertThat(trouble(ORIGINAL.replace("2999", "-1"))).contains("line 5, column 22", "0 or more, and not -1");
        assertThat(trouble(ORIGINAL.replace("2999", "3e3"))).contains("whole number");
        assertThat(trouble(ORIGINAL.replace("9001", "90010"))).contains("1 to 65535, and not 90010");
        assertThat(trouble(ORIGINAL.replace("\"mine\"", "\"size\""))).contains("\"size\" is there twice");
        assertThat(trouble(ORIGINAL.replace("\"a.txt\"", "\"a.txt")))
                .contains("line 5", "a comma or a closing brace is missing");
        assertThat(trouble("\"\n")).contains("control character");
        assertThat(trouble("[".repeat(65))).contains("nested more than 64 deep");
        assertThat(trouble(ORIGINAL.replace("\"mine\"", "\"info_hash\""))).contains("go together");
        assertThat(trouble(ORIGINAL.replace("./files", "\\x"))).contains("no such escape");
    }

    @Test
    void whatContradictsItselfIsRefused() throws Exception {
        String json = new String(Descriptor.of(metainfo(), null, ".", List.of()).toBytes(), StandardCharsets.UTF_8);
        assertThat(trouble(json.replace("a file.bin", "another.bin"))).contains("not the info-hash that");
        assertThat(trouble(json.replace("\"size\": 40000", "\"size\": 40001"))).contains("differ");
        assertThat(trouble(json.replace("40000", "49153"))).contains("3 hashes for 4 pieces");
        assertThat(trouble(json.replace("16384", "50"))).contains("multiple of 16384");
        assertThat(trouble(json.replaceFirst("\"piece_hashes\": \\[\n    \"..", "\"piece_hashes\": [\n    \"zz")))
                .contains("40 hexadecimal digits");
    }

    @Test
    void filesAreReadWithinBounds() throws Exception {
        Path file = Files.writeString(folder.resolve("d.json"), ORIGINAL);
        assertThat(DescriptorFile.read(file).name()).isEqualTo("a.txt");
        Files.write(file, new byte[] {'{', (byte) 0xff});
        assertThatThrownBy(() -> DescriptorFile.read(file))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void keysAreHashedAndComparedAsTheOriginalDoes() {
        // FNV-1a's published vectors.
        assertThat(HashKey.of("a").fnv1a()).isEqualTo(0xe40c292c);
        assertThat(HashKey.of("foobar").fnv1a()).isEqualTo(0xbf9cf968);
        assertThat(HashKey.of("13").distance("31x")).isEqualTo(('1' ^ '3') + ('3' ^ '1'));
        assertThatThrownBy(() -> HashKey.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThat(HashKey.of("é").latin()).hasSize(2);
        assertThat(HashKey.of("é")).hasToString("é");
    }
}
