package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code get} and {@code seed} with each other, in one process. */
@Timeout(120)
class TransferTest {

    private static final Pattern LISTENING =
            Pattern.compile("seeding data\\.bin \\(\\p{XDigit}{40}\\) at (127\\.0\\.0\\.1:\\d+)");

    @TempDir
    private Path folder;

    @Test
    void oneGetsWhatTheOtherSeedsUntilItIsInterrupted() throws Exception {
        Path data = data();
        Console seed = new Console();
        AtomicInteger seedCode = new AtomicInteger(-1);
        Thread seeding = Thread.ofPlatform()
                .start(() -> seedCode.set(seed.run(
                        "seed",
                        data,
                        "--listen",
                        "127.0.0.1:0",
                        "--no-tracker",
                        "--super",
                        "--state",
                        folder.resolve("s1"),
                        "-q")));
        String address = address(seed, seeding);
        Path torrent = folder.resolve("data.bin.torrent");
        Console get = new Console();

        assertThat(get.run(
                        "get",
                        torrent,
                        "-o",
                        folder.resolve("got"),
                        "--listen",
                        "127.0.0.1:0",
                        "--peer",
                        address,
                        "--no-tracker",
                        "--state",
                        folder.resolve("s2")))
                .isZero();

        assertThat(Files.mismatch(data, folder.resolve("got").resolve("data.bin")))
                .isEqualTo(-1);
        assertThat(get.out()).isEqualTo(folder.resolve("got").resolve("data.bin") + System.lineSeparator());
        assertThat(get.err()).contains("complete: 977 KiB in ");

        Console ping = new Console();
        assertThat(ping.run("ping", address, "--torrent", torrent)).isZero();
        assertThat(ping.out()).contains("connect", "handshake", "extensions", "Spate/", "pieces", "all", "unchoke");

        seeding.interrupt();
        seeding.join();
        assertThat(seedCode).hasValue(ExitCode.INTERRUPTED.number());
    }

    @Test
    void whatIsThereAlreadyIsNotGotAgain() throws Exception {
        Path data = data();
        assertThat(new Console().run("create", data, "-o", folder.resolve("t.torrent")))
                .isZero();
        Console get = new Console();

        assertThat(get.run(
                        "get",
                        folder.resolve("t.torrent"),
                        "-o",
                        folder,
                        "--listen",
                        "127.0.0.1:0",
                        "--no-tracker",
                        "--json",
                        "--state",
                        folder.resolve("s")))
                .isZero();

        assertThat(get.out())
                .contains("\"type\":\"completed\",\"name\":\"data.bin\"")
                .contains("\"downloaded\":0");
    }

    @Test
    void seedingEndsWhenItWasToEnd() throws Exception {
        Path data = data();
        assertThat(new Console().run("create", data, "-o", folder.resolve("t.torrent")))
                .isZero();
        for (List<String> limit : List.of(List.of("--seed-time", "50ms"), List.of("--seed-ratio", "0"))) {
            Console get = new Console();
            assertThat(get.run(
                            "get",
                            folder.resolve("t.torrent"),
                            "-o",
                            folder,
                            "--listen",
                            "127.0.0.1:0",
                            "--no-tracker",
                            "--state",
                            folder.resolve("s"),
                            limit.getFirst(),
                            limit.getLast()))
                    .isZero();
        }
    }

    private Path data() throws IOException {
        byte[] content = new byte[1_000_000];
        new SplittableRandom(2).nextBytes(content);
        return Files.write(folder.resolve("data.bin"), content);
    }

    private static String address(Console seed, Thread seeding) {
        while (seeding.isAlive()) {
            Matcher matcher = LISTENING.matcher(seed.out());
            if (matcher.find()) {
                return matcher.group(1);
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the seed ended: " + seed.err());
    }
}
