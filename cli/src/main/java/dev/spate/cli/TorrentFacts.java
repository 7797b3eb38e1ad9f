package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.wire.Digest;
import dev.spate.wire.PlainText;
import dev.spate.wire.metainfo.FileAttribute;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a metainfo says, for programs and for people. */
final class TorrentFacts {

    private static final int MAX_TEXT = 2000;

    private TorrentFacts() {}

    /** The bytes of all files, pad files included; in v2 what lies between files is of none. */
    static long totalSize(Metainfo metainfo) {
        return metainfo.version() == Version.V2
                ? metainfo.files().stream().mapToLong(FileEntry::length).sum()
                : metainfo.layout().totalLength();
    }

    private static long padding(Metainfo metainfo) {
        return metainfo.files().stream()
                .filter(FileEntry::isPad)
                .mapToLong(FileEntry::length)
                .sum();
    }

    /** The object of {@code info --json}; what does not apply is absent. */
    static Json json(Metainfo metainfo) {
        Json json = new Json().put("name", metainfo.name());
        if (!metainfo.originalName().equals(metainfo.name())) {
            json.put("originalName", metainfo.originalName());
        }
        json.put("infoHashV1", Optional.ofNullable(metainfo.infoHash().v1()))
                .put("infoHashV2", Optional.ofNullable(metainfo.infoHash().v2()))
                .put("version", metainfo.version().name().toLowerCase(Locale.ROOT))
                .put("pieceLength", metainfo.layout().pieceLength())
                .put("pieces", metainfo.layout().pieces())
                .put("totalSize", totalSize(metainfo));
        if (padding(metainfo) > 0) {
            json.put("padding", padding(metainfo));
        }
        return json.put("private", metainfo.isPrivate())
                .put("singleFile", metainfo.isSingleFile())
                .put("files", metainfo.files().stream().map(TorrentFacts::json).toList())
                .putUnlessEmpty("trackers", metainfo.trackers())
                .putUnlessEmpty("webSeeds", metainfo.webSeeds())
                .putUnlessEmpty("httpSeeds", metainfo.httpSeeds())
                .putUnlessEmpty("nodes", metainfo.nodes())
                .putUnlessEmpty("similar", metainfo.similar())
                .putUnlessEmpty("collections", metainfo.collections())
                .put("comment", metainfo.comment())
                .put("createdBy", metainfo.createdBy())
                .put("creationDate", metainfo.creationDate())
                .put("source", metainfo.source())
                .put("encoding", metainfo.encoding())
                .put("updateUrl", metainfo.updateUrl())
                .put("magnet", metainfo.magnet().toString());
    }

    private static Json json(FileEntry file) {
        Json json = new Json().put("path", file.pathText()).put("size", file.length());
        if (!file.originalPath().equals(file.path())) {
            json.put("originalPath", String.join("/", file.originalPath()));
        }
        return json.put("offset", file.offset())
                .putUnlessEmpty(
                        "attributes",
                        file.attributes().stream()
                                .map(FileAttribute::name)
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .toList())
                .putUnlessEmpty("symlink", file.symlinkPath())
                .put("sha1", Optional.<Digest>ofNullable(file.sha1()))
                .put("piecesRoot", Optional.<Digest>ofNullable(file.piecesRoot()));
    }

    /** For people. Nothing that a stranger wrote can steer the terminal. */
    static void print(Metainfo metainfo, PrintWriter out) {
        line(out, "name", plain(metainfo.name()));
        if (metainfo.infoHash().v1() != null) {
            line(out, "info-hash v1", String.valueOf(metainfo.infoHash().v1()));
        }
        if (metainfo.infoHash().v2() != null) {
            line(out, "info-hash v2", String.valueOf(metainfo.infoHash().v2()));
        }
        long size = totalSize(metainfo);
        line(out, "size", Quantities.bytes(size) + " (" + size + " bytes)");
        line(
                out,
                "pieces",
                metainfo.layout().pieces() + " of "
                        + Quantities.bytes(metainfo.layout().pieceLength()));
        line(out, "private", metainfo.isPrivate() ? "yes" : "no");
        int tier = 1;
        for (List<String> urls : metainfo.trackers()) {
            line(out, "trackers " + tier++, plain(String.join(" ", urls)));
        }
        metainfo.webSeeds().forEach(url -> line(out, "web seed", plain(url)));
        metainfo.httpSeeds().forEach(url -> line(out, "http seed", plain(url)));
        metainfo.nodes().forEach(node -> line(out, "node", plain(node.toString())));
        metainfo.comment().ifPresent(text -> line(out, "comment", plain(text)));
        metainfo.source().ifPresent(text -> line(out, "source", plain(text)));
        metainfo.createdBy().ifPresent(text -> line(out, "created by", plain(text)));
        metainfo.creationDate().ifPresent(date -> line(out, "created", date.toString()));
        line(out, "magnet", metainfo.magnet().toString());
        printFiles(metainfo, out);
    }

    /** The files with their sizes; those that are never written are left out. */
    static void printFiles(Metainfo metainfo, PrintWriter out) {
        for (FileEntry file : FileChoice.listed(metainfo)) {
            out.println(String.format("%12s  %s", Quantities.bytes(file.length()), plain(shownPath(metainfo, file))));
        }
        out.flush();
    }

    /** As {@link #printFiles}, with the numbers that {@code get --select} knows them by. */
    static void printNumberedFiles(Metainfo metainfo, PrintWriter out) {
        int number = 1;
        for (FileEntry file : FileChoice.listed(metainfo)) {
            out.println(String.format(
                    "%4d %12s  %s", number++, Quantities.bytes(file.length()), plain(shownPath(metainfo, file))));
        }
        out.flush();
    }

    /** A file's path below the folder of the download. */
    static String shownPath(Metainfo metainfo, FileEntry file) {
        return metainfo.isSingleFile() ? file.pathText() : metainfo.name() + "/" + file.pathText();
    }

    static String plain(String text) {
        return PlainText.of(text, MAX_TEXT);
    }

    private static void line(PrintWriter out, String label, String value) {
        out.println(String.format("%-13s %s", label, value));
    }
}
