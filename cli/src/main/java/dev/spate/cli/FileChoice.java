package dev.spate.cli;

import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which files of a torrent the command line asks for, and how much.
 *
 * <p>Files are named by their numbers as {@code --list} counts them, from 1 and without pad files ({@code 3}, {@code 1-4}, {@code 7-}),
 * or by a glob over the path below the torrent's folder; a glob without a slash is of the name alone.
 */
final class FileChoice {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,7})(-(\\d{1,7})?)?");
    private static final Pattern PRIORITY = Pattern.compile("(.+)=([0-7])");
    private static final int USUAL = 4;

    private FileChoice() {}

    /**
     * The priorities of all files, by their numbers in the metainfo; empty if nothing is asked for.
     *
     * @param selects each a list of numbers, ranges and globs with commas between; without any, all are wanted
     * @param priorities each {@code GLOB=N}, of which the last that fits counts
     */
    static SortedMap<Integer, Integer> priorities(Metainfo metainfo, List<String> selects, List<String> priorities)
            throws CommandFailure {
        SortedMap<Integer, Integer> chosen = new TreeMap<>();
        if (selects.isEmpty() && priorities.isEmpty()) {
            return chosen;
        }
        List<FileEntry> files = listed(metainfo);
        files.forEach(file -> chosen.put(file.index(), selects.isEmpty() ? USUAL : 0));
        for (String select : selects) {
            for (String part : select.split(",", -1)) {
                matching(files, part).forEach(file -> chosen.put(file.index(), USUAL));
            }
        }
        for (String priority : priorities) {
            Matcher parts = PRIORITY.matcher(priority);
            if (!parts.matches()) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "not GLOB=N with N from 0 to 7: " + TorrentFacts.plain(priority),
                        "Write it like --priority '*.srt=7'.");
            }
            int number = Integer.parseInt(parts.group(2));
            matching(files, parts.group(1)).forEach(file -> chosen.put(file.index(), number));
        }
        return chosen;
    }

    /** The files as {@code --list} shows them, the first being number 1. */
    static List<FileEntry> listed(Metainfo metainfo) {
        return metainfo.files().stream().filter(file -> !file.isPad()).toList();
    }

    private static List<FileEntry> matching(List<FileEntry> files, String text) throws CommandFailure {
        Matcher range = RANGE.matcher(text);
        List<FileEntry> found = new ArrayList<>();
        if (range.matches()) {
            int first = Integer.parseInt(range.group(1));
            int last = first;
            if (range.group(2) != null) {
                last = range.group(3) == null ? files.size() : Integer.parseInt(range.group(3));
            }
            if (first >= 1 && first <= last && last <= files.size()) {
                found.addAll(files.subList(first - 1, last));
            }
        } else {
            Predicate<FileEntry> glob = glob(text);
            files.stream().filter(glob).forEach(found::add);
        }
        if (found.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "no file of the torrent is " + TorrentFacts.plain(text),
                    "See the files and their numbers with --list.");
        }
        return found;
    }

    private static Predicate<FileEntry> glob(String text) throws CommandFailure {
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + text);
        } catch (PatternSyntaxException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "not a glob: " + TorrentFacts.plain(text), "Write it like --select '*.mkv'.");
        }
        boolean whole = text.contains("/");
        return file -> {
            try {
                return matcher.matches(Path.of(whole ? file.pathText() : file.name()));
            } catch (InvalidPathException e) {
                return false;
            }
        };
    }
}
