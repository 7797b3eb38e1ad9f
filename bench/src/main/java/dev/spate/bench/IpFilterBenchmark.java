package dev.spate.bench;

import dev.spate.core.filter.FilterText;
import dev.spate.core.filter.IpFilter;
import dev.spate.core.filter.IpFilterBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
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

/** A list of half a million lines, as long as the longest of the field: how long it takes to read, and to ask. */
@State(Scope.Thread)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class IpFilterBenchmark {
    private static final int LINES = 500_000;
    private static final int QUESTIONS = 1 << 16;

    private byte[] list = new byte[0];
    private IpFilter filter = IpFilter.none();
    private final InetAddress[] ipv4 = new InetAddress[QUESTIONS];
    private final InetAddress[] ipv6 = new InetAddress[QUESTIONS];
    private int next;

    /** Makes the list and the addresses to be asked for. */
    @Setup
    public void write() throws UnknownHostException {
        var random = new SplittableRandom(1);
        var text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            if (i % 8 == 0) {
                text.append("2001:%x:%x::/48%n".formatted(random.nextInt(1 << 16), random.nextInt(1 << 16)));
            } else {
                int ip = random.nextInt();
                String prefix = (ip >>> 24) + "." + ((ip >>> 16) & 0xff) + "." + ((ip >>> 8) & 0xff) + ".";
                int first = random.nextInt(200);
                text.append("An organization, number " + i + ":" + prefix + first + "-" + prefix + (first + 50) + "\n");
            }
        }
        list = text.toString().getBytes(StandardCharsets.US_ASCII);
        filter = read();
        for (int i = 0; i < QUESTIONS; i++) {
            byte[] four = new byte[4];
            byte[] six = new byte[16];
            random.nextBytes(four);
            random.nextBytes(six);
            six[0] = 0x20;
            six[1] = 1;
            ipv4[i] = InetAddress.getByAddress(four);
            ipv6[i] = InetAddress.getByAddress(six);
        }
    }

    /** Reads the list. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public IpFilter read() {
        var ranges = new IpFilterBuilder();
        var text = new FilterText(ranges);
        text.read(list, 0, list.length);
        text.end();
        return ranges.build();
    }

    /** Asks for an IPv4 address, another one each time. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public boolean askIpv4() {
        return filter.blocks(ipv4[next++ & (QUESTIONS - 1)]);
    }

    /** Asks for an IPv6 address, another one each time. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public boolean askIpv6() {
        return filter.blocks(ipv6[next++ & (QUESTIONS - 1)]);
    }
}
