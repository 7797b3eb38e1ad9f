package dev.spate.cli;

import dev.spate.classic.descriptor.Descriptor;
import dev.spate.classic.descriptor.HashKey;
import dev.spate.cli.text.Json;
import dev.spate.cli.view.Progress;
import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.HostPort;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate descriptor create}: writes the descriptors of files. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a descriptor for each file: NAME.json in the current folder.",
            "It has the hashes of the file's pieces, so that whoever gets the file can verify it."
        })
final class DescriptorCreateCommand implements Callable<Integer> {

    @Mixin
    private OutputOptions output;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files, each for itself.")
    private List<Path> files;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The descriptor to write, for one file.")
    private @Nullable Path target;

    @Option(
            names = {"-n", "--node"},
            paramLabel = "HOST:PORT",
            description = "A node to begin with, whoever has the file or not; may be repeated.")
    private List<HostPort> nodes = new ArrayList<>();

    @Option(
            names = "--key",
            paramLabel = "TEXT",
            description =
                    "Under which the network knows the file, at most 35 bytes, for one file (default: 32 digits of the info-hash).")
    private @Nullable String key;

    @Option(
            names = {"-l", "--piece-length"},
            paramLabel = "SIZE",
            description = "Such as 256KiB or 1M, a multiple of 16 KiB up to 64 MiB; or auto (default).")
    private String pieceLength = "auto";

    @Option(names = "--overwrite", description = "Replace the descriptor if there is one.")
    private boolean overwrite;

    @Override
    public Integer call() throws CommandFailure {
        if (files.size() > 1 && (target != null || key != null)) {
            throw new CommandFailure(
                    ExitCode.USAGE, "-o and --key are for one file", "Leave them out, or name one file.");
        }
        if (nodes.size() > Descriptor.MAX_NODES) {
            throw new CommandFailure(ExitCode.USAGE, "more nodes than " + Descriptor.MAX_NODES, "Leave some out.");
        }
        for (HostPort node : nodes) {
            if (node.port() == 0) {
                throw new CommandFailure(ExitCode.USAGE, "no node listens on port 0", "Give the node's port.");
            }
        }
        HashKey named = key == null ? null : key(key);
        for (Path file : files) {
            create(file, named);
        }
        return ExitCode.OK.number();
    }

    private static HashKey key(String text) throws CommandFailure {
        try {
            return HashKey.of(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, String.valueOf(e.getMessage()), "Give a shorter one, or leave --key out.");
        }
    }

    private void create(Path file, @Nullable HashKey named) throws CommandFailure {
        String shown = TorrentSource.shown(file);
        if (!Files.exists(file)) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "there is no file " + shown, "Check the path.");
        }
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(
                    ExitCode.FILE_TROUBLE,
                    shown + " is no file",
                    "A descriptor is of one file; for a folder make a torrent with spate create.");
        }
        Metainfo metainfo = build(file);
        Path written = target != null ? target : Path.of(metainfo.name() + ".json");
        Descriptor descriptor = Descriptor.of(metainfo, named, pathFrom(written, file), nodes);
        TorrentFiles.write(
                written,
                descriptor.toBytes(),
                overwrite,
                "Name another one with -o, or allow to replace it with --overwrite.");
        if (output.json()) {
            output.out()
                    .println(new Json()
                            .put("type", "descriptor")
                            .put("name", metainfo.name())
                            .put("file", written)
                            .put("hashKey", descriptor.key())
                            .put("infoHash", metainfo.infoHash())
                            .put("size", descriptor.length())
                            .put("pieces", metainfo.layout().pieces())
                            .put("nodes", nodes));
        } else {
            output.out().println(TorrentFacts.plain(written.toString()));
            output.err().println("hash key " + descriptor.key() + ", info-hash " + metainfo.infoHash());
            if (nodes.isEmpty()) {
                output.err().println("it names no node yet: add those that run, with --node or by hand");
            }
        }
        output.out().flush();
    }

    private Metainfo build(Path file) throws CommandFailure {
        TorrentBuilder builder = TorrentBuilder.of(file).isPrivate(true).hiddenFiles(true);
        if (!pieceLength.equalsIgnoreCase("auto")) {
            builder.pieceLength(CreateCommand.pieceLength(pieceLength));
        }
        try (Progress progress = output.progress()) {
            return builder.progress((done, total) -> progress.meter("hashing", done, total))
                    .build();
        } catch (InterruptedException e) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted; nothing was written", "");
        }
    }

    /** The folder of a file as seen from that of its descriptor; nobody else has to know where that is. */
    private static String pathFrom(Path descriptor, Path file) {
        Path here = descriptor.toAbsolutePath().normalize().getParent();
        Path there = file.toAbsolutePath().normalize().getParent();
        if (here == null || there == null) {
            return ".";
        }
        String path = here.relativize(there).toString();
        return path.isEmpty() ? "." : path;
    }
}
