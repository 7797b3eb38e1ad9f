package dev.spate.cli;

import dev.spate.cli.text.Quantities;
import dev.spate.cli.view.Progress;
import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.metainfo.Metainfo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate create}: makes a torrent of a file or a folder. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a torrent file (v1) of a file or folder.",
            "The same files and options always give the same bytes: nothing is added that was not asked for."
        })
final class CreateCommand implements Callable<Integer> {

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "PATH", description = "The file or folder.")
    private Path path;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The torrent file to write; without it NAME.torrent in the current folder.")
    private @Nullable Path target;

    @Option(names = "--name", paramLabel = "NAME", description = "Another name than that of the file or folder.")
    private @Nullable String name;

    @Option(
            names = {"-l", "--piece-length"},
            paramLabel = "SIZE",
            description = "Such as 256KiB or 1M, a multiple of 16 KiB up to 64 MiB; or auto (default).")
    private String pieceLength = "auto";

    @Option(
            names = {"-t", "--tracker"},
            paramLabel = "URL[,URL...]",
            description = "A tracker; repeat it for the next tier, separate those of one tier by commas.")
    private List<String> trackers = new ArrayList<>();

    @Option(
            names = {"-w", "--web-seed"},
            paramLabel = "URL",
            description = "A web server that has the files; may be repeated.")
    private List<String> webSeeds = new ArrayList<>();

    @Option(
            names = {"-p", "--private"},
            description = "Peers only from the torrent's own trackers.")
    private boolean isPrivate;

    @Option(names = "--source", paramLabel = "TEXT", description = "Where it belongs; changes the info-hash.")
    private @Nullable String source;

    @Option(
            names = {"-c", "--comment"},
            paramLabel = "TEXT",
            description = "A text for people.")
    private @Nullable String comment;

    @Option(names = "--created-by", paramLabel = "TEXT", description = "What made it.")
    private @Nullable String createdBy;

    @Option(names = "--date", paramLabel = "DATE", description = "When it was made: now, 2026-01-31, or with a time.")
    private @Nullable String date;

    @Option(names = "--hidden", description = "Include files whose names begin with a dot.")
    private boolean hidden;

    @Option(names = "--overwrite", description = "Replace the torrent file if there is one.")
    private boolean overwrite;

    @Override
    public Integer call() throws CommandFailure {
        TorrentBuilder builder = builder();
        Metainfo metainfo = build(builder);
        Path file = target != null ? target : Path.of(metainfo.name() + ".torrent");
        TorrentFiles.write(
                file, metainfo, overwrite, "Name another one with -o, or allow to replace it with --overwrite.");
        PrintWriter out = output.out();
        if (output.json()) {
            out.println(TorrentFacts.json(metainfo).put("file", file.toString()));
        } else {
            out.println(file);
            out.println(metainfo.magnet());
            output.err()
                    .println(Quantities.bytes(metainfo.layout().totalLength()) + " in "
                            + metainfo.layout().pieces() + " pieces of "
                            + Quantities.bytes(metainfo.layout().pieceLength()) + ", info-hash "
                            + metainfo.infoHash());
        }
        out.flush();
        return ExitCode.OK.number();
    }

    private TorrentBuilder builder() throws CommandFailure {
        TorrentBuilder builder = TorrentBuilder.of(path)
                .trackers(tiers(trackers))
                .webSeeds(webSeeds)
                .isPrivate(isPrivate)
                .hiddenFiles(hidden);
        if (!pieceLength.equalsIgnoreCase("auto")) {
            builder.pieceLength(pieceLength(pieceLength));
        }
        if (name != null) {
            builder.name(name);
        }
        if (source != null) {
            builder.source(source);
        }
        if (comment != null) {
            builder.comment(comment);
        }
        if (createdBy != null) {
            builder.createdBy(createdBy);
        }
        if (date != null) {
            builder.creationDate(date(date));
        }
        return builder;
    }

    private Metainfo build(TorrentBuilder builder) throws CommandFailure {
        try (Progress progress = output.progress()) {
            return builder.progress((done, total) -> progress.meter("hashing", done, total))
                    .build();
        } catch (InterruptedException e) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted; nothing was written", "");
        }
    }

    /** Each text is a tier; within one, commas separate. */
    static List<List<String>> tiers(List<String> texts) {
        return texts.stream()
                .map(tier -> Arrays.stream(tier.split(","))
                        .map(String::strip)
                        .filter(url -> !url.isEmpty())
                        .toList())
                .filter(tier -> !tier.isEmpty())
                .toList();
    }

    static int pieceLength(String text) throws CommandFailure {
        long bytes;
        try {
            bytes = Quantities.parseBytes(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "");
        }
        if (bytes <= 0 || bytes % PieceLayout.BLOCK_LENGTH != 0 || bytes > PieceLayout.MAX_PIECE_LENGTH) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "a piece length is a multiple of 16 KiB up to 64 MiB, and not " + text,
                    "Take a power of two, such as 256KiB or 1MiB, or auto.");
        }
        return (int) bytes;
    }

    private static Instant date(String text) throws CommandFailure {
        try {
            if (text.equalsIgnoreCase("now")) {
                return Instant.now();
            }
            if (text.matches("\\d{1,12}")) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "not a date: " + text,
                    "Write now, 2026-01-31, 2026-01-31T12:00:00Z, or seconds since 1970.");
        }
    }
}
