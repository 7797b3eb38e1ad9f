package dev.spate.cli;

import dev.spate.cli.view.Progress;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentStats;
import dev.spate.engine.Version;
import dev.spate.wire.PlainText;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The program of {@code --on-done}: started without a shell, told by its environment, waited for. */
final class AfterCompletion {

    /** Lines that wait to be shown; a program that prints more has to wait. */
    private static final int MAX_LINES = 100;

    /** Characters of a line that are shown. */
    private static final int MAX_LINE = 500;

    /** How long its output is listened to after its end: a program that it left behind may hold that open for ever. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** As C's {@code asctime} writes it, and Transmission with it. */
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);

    private final List<String> words;

    /** Done when it has closed its output. */
    private final CompletableFuture<@Nullable Void> heard = new CompletableFuture<>();

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(MAX_LINES);

    private AfterCompletion(List<String> words) {
        this.words = words;
    }

    /** The command as the user wrote it. */
    static AfterCompletion of(String command) throws CommandFailure {
        try {
            return new AfterCompletion(CommandWords.of(command));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the command of --on-done is not understood: " + e.getMessage(),
                    "Write the program and its arguments; put what has spaces in quotes.");
        }
    }

    /**
     * Runs it to its end, while the session goes on.
     *
     * @param folder where the torrent is
     * @return false if the user wants to stop; then the program was ended
     */
    boolean run(Attendant attendant, Torrent torrent, Path folder, Progress progress) throws CommandFailure {
        Process process = start(torrent, folder);
        CompletableFuture<?> over = process.onExit()
                .thenCompose(_ -> heard.completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS));
        boolean ended = attendant.attend(List.of(torrent), over, _ -> {
            show(progress);
            return false;
        });
        if (!ended) {
            process.destroy();
            return false;
        }
        show(progress);
        if (process.exitValue() != 0) {
            throw new CommandFailure(
                    ExitCode.ON_DONE_FAILED,
                    "the download is complete, and " + TorrentFacts.plain(words.getFirst()) + " ended with "
                            + process.exitValue(),
                    "See what it printed; start the same command again to run it again.");
        }
        return true;
    }

    private void show(Progress progress) {
        for (String line = lines.poll(); line != null; line = lines.poll()) {
            progress.say(line);
        }
    }

    private Process start(Torrent torrent, Path folder) throws CommandFailure {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment()
                .putAll(environment(
                        torrent.metainfo(),
                        torrent.stats(),
                        folder.toAbsolutePath(),
                        LocalDateTime.now(ZoneId.systemDefault())));
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            Thread.ofVirtual().name("spate-on-done").start(() -> listen(process));
            return process;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.ON_DONE_FAILED,
                    "the download is complete, and " + TorrentFacts.plain(words.getFirst()) + " cannot be started: "
                            + PlainText.of(String.valueOf(e.getMessage()), MAX_LINE),
                    "Check that it is there and may be run.");
        }
    }

    private void listen(Process process) {
        try (Reader in = process.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') {
                    lines.put(PlainText.of(line.toString(), MAX_LINE));
                    line.setLength(0);
                } else if (line.length() <= MAX_LINE) {
                    line.append((char) c);
                }
            }
            if (!line.isEmpty()) {
                lines.put(PlainText.of(line.toString(), MAX_LINE));
            }
        } catch (IOException e) {
            // It was ended; what it still had to say is of no more use.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            heard.complete(null);
        }
    }

    /** What the program is told, in our words and in those of Transmission, so that its scripts go on working. */
    static Map<String, String> environment(Metainfo metainfo, TorrentStats stats, Path folder, LocalDateTime now) {
        String name = TorrentFacts.plain(metainfo.name());
        String hash = metainfo.infoHash().onTheWire().toString();
        String trackers = metainfo.trackers().stream()
                .flatMap(List::stream)
                .map(TorrentFacts::plain)
                .collect(Collectors.joining(","));
        Map<String, String> told = new TreeMap<>();
        told.put("SPATE_VERSION", Version.TEXT);
        told.put("SPATE_NAME", name);
        told.put("SPATE_INFO_HASH", hash);
        told.put("SPATE_FOLDER", folder.toString());
        told.put("SPATE_PATH", folder.resolve(metainfo.name()).toString());
        told.put("SPATE_SIZE", String.valueOf(stats.totalBytes()));
        told.put("SPATE_DOWNLOADED", String.valueOf(stats.downloaded()));
        told.put("SPATE_UPLOADED", String.valueOf(stats.uploaded()));
        told.put("SPATE_TRACKERS", trackers);
        told.put("TR_APP_VERSION", Version.TEXT);
        told.put("TR_TIME_LOCALTIME", ASCTIME.format(now));
        told.put("TR_TORRENT_BYTES_DOWNLOADED", String.valueOf(stats.downloaded()));
        told.put("TR_TORRENT_DIR", folder.toString());
        told.put("TR_TORRENT_HASH", hash);
        told.put("TR_TORRENT_ID", "1");
        told.put("TR_TORRENT_LABELS", "");
        told.put("TR_TORRENT_NAME", name);
        told.put("TR_TORRENT_PRIORITY", "0");
        told.put("TR_TORRENT_TRACKERS", trackers);
        return told;
    }
}
