package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.cli.view.Progress;
import dev.spate.engine.Verification;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spate verify}: compares files with their torrent and leaves them as they are. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares files on disk with their torrent, piece by piece. Changes nothing.")
final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "TORRENT", description = "A torrent file, or the URL of one.")
    private String torrent;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "What the torrent was downloaded into (default: the current folder).")
    private Path folder;

    /** How a file is, as one word. */
    private enum Verdict {
        GOOD,
        INCOMPLETE,
        MISSING
    }

    @Override
    public Integer call() throws CommandFailure {
        Metainfo metainfo = TorrentSource.read(torrent);
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(
                    ExitCode.NOT_FOUND, "there is no folder " + TorrentSource.shown(folder), "Check the path.");
        }
        PieceSet good = goodPieces(metainfo);
        boolean allGood = good.isFull();
        PrintWriter out = output.out();
        for (FileEntry file : metainfo.files()) {
            if (!file.isPad()) {
                long goodBytes = goodBytes(metainfo.layout(), file, good);
                Verdict verdict = verdict(metainfo, file, goodBytes);
                allGood &= verdict == Verdict.GOOD;
                print(metainfo, file, goodBytes, verdict, out);
            }
        }
        out.flush();
        if (!allGood) {
            output.err().println("spate: " + good + " are good");
            output.err().flush();
        }
        return (allGood ? ExitCode.OK : ExitCode.NOT_VERIFIED).number();
    }

    private PieceSet goodPieces(Metainfo metainfo) throws CommandFailure {
        PieceLayout layout = metainfo.layout();
        try (Progress progress = output.progress()) {
            return Verification.goodPieces(
                    metainfo,
                    folder,
                    checked -> progress.meter(
                            "verifying",
                            Math.min((long) checked * layout.pieceLength(), layout.totalLength()),
                            layout.totalLength()));
        } catch (InterruptedException e) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
        }
    }

    private void print(Metainfo metainfo, FileEntry file, long goodBytes, Verdict verdict, PrintWriter out) {
        if (output.json()) {
            out.println(new Json()
                    .put("type", "file")
                    .put("path", file.pathText())
                    .put("size", file.length())
                    .put("goodBytes", goodBytes)
                    .put("verdict", verdict.name().toLowerCase(Locale.ROOT)));
            return;
        }
        String share = verdict == Verdict.INCOMPLETE ? Quantities.percent(goodBytes, file.length()) : "";
        out.println(String.format(
                "%-10s %7s  %s",
                verdict.name().toLowerCase(Locale.ROOT),
                share,
                TorrentFacts.plain(TorrentFacts.shownPath(metainfo, file))));
    }

    private Verdict verdict(Metainfo metainfo, FileEntry file, long goodBytes) {
        Path path = folder.resolve(TorrentFacts.shownPath(metainfo, file));
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            // A link of the torrent itself holds nothing that could be compared.
            return file.isSymlink() ? Verdict.GOOD : Verdict.MISSING;
        }
        try {
            // A file that is longer than its torrent says is another file, however well it begins.
            return goodBytes == file.length() && Files.size(path) == file.length() ? Verdict.GOOD : Verdict.INCOMPLETE;
        } catch (IOException e) {
            return Verdict.MISSING;
        }
    }

    private static long goodBytes(PieceLayout layout, FileEntry file, PieceSet good) {
        if (file.length() == 0) {
            return 0;
        }
        long bytes = 0;
        int last = layout.pieceAt(file.end() - 1);
        for (int piece = good.next(layout.pieceAt(file.offset()));
                piece >= 0 && piece <= last;
                piece = good.next(piece + 1)) {
            long from = Math.max(file.offset(), layout.offset(piece));
            long to = Math.min(file.end(), layout.offset(piece) + layout.length(piece));
            bytes += to - from;
        }
        return bytes;
    }
}
