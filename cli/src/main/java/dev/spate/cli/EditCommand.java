package dev.spate.cli;

import dev.spate.wire.Decoding;
import dev.spate.wire.PlainText;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoEditor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spate edit}: changes torrent files. */
@Command(
        name = "edit",
        mixinStandardHelpOptions = true,
        description = {
            "Changes torrent files in place, each as a whole or not at all; what is not named stays as it was.",
            "What is part of the info-hash is changed only with --new-info-hash: then it is another torrent."
        })
final class EditCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Torrent files.")
    private List<Path> files;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write there instead; for a single file.")
    private @Nullable Path target;

    @Option(
            names = {"-t", "--tracker"},
            paramLabel = "URL[,URL...]",
            description = "The trackers instead of all others; repeat it for the next tier; '' for none.")
    private @Nullable List<String> trackers;

    @Option(names = "--add-tracker", paramLabel = "URL", description = "One more, as a last tier; may be repeated.")
    private List<String> added = List.of();

    @Option(names = "--remove-tracker", paramLabel = "URL", description = "Take it away; may be repeated.")
    private List<String> removed = List.of();

    @Option(
            names = {"-c", "--comment"},
            paramLabel = "TEXT",
            description = "A text for people; '' for none.")
    private @Nullable String comment;

    @Option(names = "--source", paramLabel = "TEXT", description = "Where it belongs; '' for none. New info-hash.")
    private @Nullable String source;

    @Option(
            names = "--private",
            negatable = true,
            description = "Peers only from the torrent's own trackers, or (--no-private) from anywhere. New info-hash.")
    private @Nullable Boolean isPrivate;

    @Option(names = "--name", paramLabel = "NAME", description = "Of the file or folder. New info-hash.")
    private @Nullable String name;

    @Option(names = "--new-info-hash", description = "Allow changes that make another torrent of it.")
    private boolean newInfoHash;

    @Option(names = "--overwrite", description = "Replace the file of -o if there is one.")
    private boolean overwrite;

    @Option(names = "--json", description = "Print what the edited files say as JSON, one object a line.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure {
        if (target != null && files.size() > 1) {
            throw new CommandFailure(ExitCode.USAGE, "-o names one file, and several are to be edited", "Edit one.");
        }
        if (trackers == null
                && added.isEmpty()
                && removed.isEmpty()
                && comment == null
                && source == null
                && isPrivate == null
                && name == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "nothing is to be changed", "Say what, with --tracker or --comment for example.");
        }
        ExitCode worst = ExitCode.OK;
        for (Path file : files) {
            try {
                edit(file);
            } catch (CommandFailure e) {
                worst = worst == ExitCode.OK ? e.exitCode() : worst;
                e.print(spec.commandLine().getErr());
            }
        }
        return worst.number();
    }

    private void edit(Path file) throws CommandFailure {
        Metainfo before = TorrentSource.read(file);
        Metainfo after = edited(file, before);
        String shown = TorrentSource.shown(file);
        boolean other = !after.infoHash().equals(before.infoHash());
        if (other && !newInfoHash) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "this would change the info-hash of " + shown + " from " + before.infoHash() + " to "
                            + after.infoHash() + ": no peer of the old torrent would know the new one",
                    "Allow it with --new-info-hash, or leave out --source, --private and --name.");
        }
        Path place = target == null ? real(file) : target;
        TorrentFiles.write(place, after, target == null || overwrite, "Allow to replace it with --overwrite.");
        Path told = target == null ? file : target;
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(TorrentFacts.json(after).put("file", told.toString()));
        } else {
            out.println(TorrentFacts.plain(told.toString()));
        }
        out.flush();
        if (other) {
            var err = spec.commandLine().getErr();
            err.println(shown + ": another torrent now, info-hash " + after.infoHash() + " instead of "
                    + before.infoHash());
            err.flush();
        }
    }

    private Metainfo edited(Path file, Metainfo before) throws CommandFailure {
        MetainfoEditor editor = new MetainfoEditor(before);
        if (trackers != null || !added.isEmpty() || !removed.isEmpty()) {
            editor.trackers(tiers(before));
        }
        if (comment != null) {
            editor.comment(comment.isEmpty() ? null : comment);
        }
        if (source != null) {
            editor.source(source.isEmpty() ? null : source);
        }
        if (isPrivate != null) {
            editor.isPrivate(isPrivate);
        }
        if (name != null) {
            editor.name(name);
        }
        Decoding<Metainfo> result = editor.build();
        if (result instanceof Decoding.Decoded<Metainfo>(var metainfo)
                && (name == null || metainfo.originalName().equals(name))) {
            return metainfo;
        }
        String reason = result instanceof Decoding.Decoded<Metainfo> ? "its name cannot be changed" : result.toString();
        throw new CommandFailure(
                ExitCode.USAGE,
                TorrentSource.shown(file) + " would be no torrent that can be used: " + PlainText.of(reason, 500),
                "Change something else; the file is as it was.");
    }

    private List<List<String>> tiers(Metainfo before) {
        List<List<String>> tiers =
                new ArrayList<>(trackers == null ? before.trackers() : CreateCommand.tiers(trackers));
        for (String url : added) {
            if (tiers.stream().noneMatch(tier -> tier.contains(url))) {
                tiers.add(List.of(url));
            }
        }
        return tiers.stream()
                .map(tier -> tier.stream().filter(url -> !removed.contains(url)).toList())
                .toList();
    }

    /** Where a link leads to: the link itself must stay. */
    private static Path real(Path file) throws CommandFailure {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new CommandFailure(
                    Files.exists(file) ? ExitCode.FILE_TROUBLE : ExitCode.NOT_FOUND,
                    "cannot find where " + TorrentSource.shown(file) + " is: " + e.getMessage(),
                    "Check the path.");
        }
    }
}
