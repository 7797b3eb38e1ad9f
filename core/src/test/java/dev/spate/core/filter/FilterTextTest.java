package dev.spate.core.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTextTest {

    private static IpFilter filter(String text) {
        return read(text, new IpFilterBuilder()).filter();
    }

    private record Read(FilterText text, IpFilter filter) {}

    private static Read read(String list, IpFilterBuilder ranges) {
        var text = new FilterText(ranges);
        byte[] bytes = list.getBytes(StandardCharsets.UTF_8);
        text.read(bytes, 0, bytes.length);
        text.end();
        return new Read(text, ranges.build());
    }

    private static boolean blocks(IpFilter filter, String address) {
        return filter.blocks(InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // eMule DAT, with the leading zeros that are not octal there.
                "001.009.096.105 - 001.009.096.110 , 000 , Some organization; 1.9.96.105; 1.9.96.110; 1.9.96.104; 1.9.96.111",
                "1.9.96.105-1.9.96.110,100; 1.9.96.105; 1.9.96.110; 1.9.96.104; 1.9.96.111",
                "2001:db8::1 - 2001:db8::ff , 0 , six; 2001:db8::1; 2001:db8::ff; 2001:db8::; 2001:db8::100",
                // PeerGuardian P2P, with names that look like something else.
                "Some organization:1.9.96.105-1.9.96.110; 1.9.96.105; 1.9.96.110; 1.9.96.104; 1.9.96.111",
                "a-b: c, 10:1.9.96.105-1.9.96.110; 1.9.96.105; 1.9.96.110; 1.9.96.104; 1.9.96.111",
                "1.2.3.4-1.2.3.5 of somebody:1.9.96.105-1.9.96.110; 1.9.96.105; 1.9.96.110; 1.2.3.4; 1.9.96.111",
                ":1.9.96.105-1.9.96.110; 1.9.96.105; 1.9.96.110; 1.9.96.104; 1.9.96.111",
                "sixth:2001:db8::1-2001:db8::ff; 2001:db8::1; 2001:db8::ff; 2001:db8::; 2001:db8::100",
                // CIDR and single addresses.
                "10.1.2.77/24 # office; 10.1.2.0; 10.1.2.255; 10.1.1.255; 10.1.3.0",
                "10.1.2.3; 10.1.2.3; 10.1.2.3; 10.1.2.2; 10.1.2.4",
                "10.1.2.0-10.1.2.9; 10.1.2.0; 10.1.2.9; 10.1.1.255; 10.1.2.10",
                "2001:db8:0:1::/64; 2001:db8:0:1::; 2001:db8:0:1:ffff:ffff:ffff:ffff; 2001:db8:0:0:ffff::; 2001:db8:0:2::",
                "2001:db8::/127; 2001:db8::; 2001:db8::1; 2001:db8::2; 2001:db7::",
                "::ffff:10.1.2.0/120; 10.1.2.0; 10.1.2.255; 10.1.1.255; 10.1.3.0",
                "0.0.0.0/1; 0.0.0.0; 127.255.255.255; 128.0.0.0; 255.255.255.255",
                "\uFEFF10.1.2.3; 10.1.2.3; 10.1.2.3; 10.1.2.2; 10.1.2.4"
            })
    void readsEachFormOfTheField(String line, String first, String last, String before, String behind) {
        IpFilter filter = filter(line.strip() + "\r\n");
        assertThat(blocks(filter, first)).isTrue();
        assertThat(blocks(filter, last)).isTrue();
        assertThat(blocks(filter, before)).isFalse();
        assertThat(blocks(filter, behind)).isFalse();
        assertThat(filter.ranges()).isEqualTo(1);
    }

    @Test
    void everythingIsARangeToo() {
        IpFilter all = filter("0.0.0.0/0\n::/0");
        for (String address : List.of("0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) {
            assertThat(blocks(all, address)).isTrue();
        }
        assertThat(all.ranges()).isEqualTo(2);
    }

    @Test
    void aLevelAbove127AllowsAndWinsInWhateverOrder() {
        for (String list : List.of(
                "1.0.0.0 - 1.0.0.255 , 127 , bad\n1.0.0.7 - 1.0.0.8 , 128 , friends\n::/16\n::5 - ::6,200",
                "1.0.0.7 - 1.0.0.8 , 128 , friends\n::5 - ::6,200\n1.0.0.0 - 1.0.0.255 , 127 , bad\n::/16")) {
            IpFilter filter = filter(list);
            assertThat(blocks(filter, "1.0.0.6")).isTrue();
            assertThat(blocks(filter, "1.0.0.7")).isFalse();
            assertThat(blocks(filter, "1.0.0.8")).isFalse();
            assertThat(blocks(filter, "1.0.0.9")).isTrue();
            assertThat(blocks(filter, "::4")).isTrue();
            assertThat(blocks(filter, "::5")).isFalse();
        }
    }

    @Test
    void neighboursAndOverlapsAreMerged() {
        IpFilter filter = filter("1.0.0.0-1.0.0.9\n1.0.0.10\n1.0.0.5-1.0.0.20\n1.0.0.22\n::1-::5\n::6\n::4-::5\n::8");
        assertThat(filter).hasToString("""
                        1.0.0.0 - 1.0.0.20 , 0
                        1.0.0.22 - 1.0.0.22 , 0
                        0:0:0:0:0:0:0:1 - 0:0:0:0:0:0:0:6 , 0
                        0:0:0:0:0:0:0:8 - 0:0:0:0:0:0:0:8 , 0
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "1.2.3",
                "1.2.3.256",
                "1.2.3.4/33",
                "1.2.3.4/",
                "1.2.3.4 -",
                "1.2.3.9 - 1.2.3.4 , 0 , backwards",
                "1.2.3.4 - ::1 , 0 , mixed",
                "1.2.3.4 - 1.2.3.9 , high , level",
                "2001:db8::1::2",
                "2001:db8:12345::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "name:1.2.3.4",
                "name:1.2.3.4-1.2.3.9 and more"
            })
    void aLineThatMakesNoSenseIsCountedAndNamed(String line) {
        Read read = read("# list\n\n10.0.0.0/8\n" + line + "\n11.0.0.0/8", new IpFilterBuilder());
        assertThat(read.text().lines()).isEqualTo(5);
        assertThat(read.text().badLines()).isEqualTo(1);
        assertThat(read.text().firstBadLines())
                .extracting(FilterText.BadLine::number)
                .containsExactly(4L);
        assertThat(blocks(read.filter(), "11.1.1.1")).isTrue();
    }

    @Test
    void onlyTheFirstBadLinesAreKept() {
        Read read = read("bad\n".repeat(1000), new IpFilterBuilder());
        assertThat(read.text().badLines()).isEqualTo(1000);
        assertThat(read.text().firstBadLines()).hasSize(FilterText.MAX_BAD_LINES);
        assertThat(read.text().firstBadLines().getFirst().toString()).startsWith("line 1: ");
    }

    @Test
    void aLineWithoutEndTakesNoMemory() {
        Read read = read("1.2.3.4 #" + "x".repeat(10 * FilterText.MAX_LINE) + "\n1.2.3.5", new IpFilterBuilder());
        assertThat(read.text().firstBadLines().getFirst().toString()).contains("line 1", "longer than");
        assertThat(blocks(read.filter(), "1.2.3.4")).isFalse();
        assertThat(blocks(read.filter(), "1.2.3.5")).isTrue();
    }

    @Test
    void rangesAreBoundedAndOverlapsDoNotCount() {
        var ranges = new IpFilterBuilder(64);
        Read overlapping = read("1.0.0.0/8\n".repeat(1000) + "::/8\n".repeat(1000), ranges);
        assertThat(overlapping.text().badLines()).isZero();
        var many = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            many.append("2.0.").append(i).append(".1\n2001:").append(i).append("::1\n");
        }
        Read full = read(many.toString(), ranges);
        assertThat(full.text().badLines()).isBetween(70L, 90L);
        assertThat(full.text().firstBadLines().getFirst().reason()).contains("no room");
        assertThat(full.filter().ranges()).isBetween(112, 128);
    }

    /** Against the naive model: a list of ranges that is walked. */
    @Test
    void findsWhatAWalkFinds() {
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var list = new StringBuilder();
            int[][] model = new int[random.nextInt(30)][];
            for (int i = 0; i < model.length; i++) {
                int first = random.nextInt(200);
                model[i] = new int[] {first, first + random.nextInt(12), random.nextInt(5) == 0 ? 200 : 0};
                String prefix = random.nextBoolean() ? "" : " ";
                list.append(prefix + "9.9.9.%d - 9.9.9.%d , %d , x%n".formatted(first, model[i][1], model[i][2]));
                list.append("2001::%x - 2001::%x , %d , x%n".formatted(first, model[i][1], model[i][2]));
            }
            IpFilter filter = filter(list.toString());
            assertThat(filter(filter.toString())).hasToString(filter.toString());
            for (int i = 0; i < 216; i++) {
                int address = i;
                boolean blocked = List.of(model).stream().anyMatch(r -> r[2] == 0 && r[0] <= address && address <= r[1])
                        && List.of(model).stream().noneMatch(r -> r[2] > 0 && r[0] <= address && address <= r[1]);
                assertThat(blocks(filter, "9.9.9." + i)).isEqualTo(blocked);
                assertThat(blocks(filter, "2001::%x".formatted(i))).isEqualTo(blocked);
            }
        }
    }

    @Test
    void garbleDoesNoHarm() {
        var random = new Random(11);
        String alphabet = "0123456789abcdef:.-/, \n#gx";
        for (int round = 0; round < 3000; round++) {
            var text = new StringBuilder();
            int length = random.nextInt(120);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            FilterTextFuzz.fuzzerTestOneInput(text.toString().getBytes(StandardCharsets.US_ASCII));
        }
    }
}
