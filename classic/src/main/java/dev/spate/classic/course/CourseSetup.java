package dev.spate.classic.course;

import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.Parsed;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.classic.course.setup.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A folder with the two configuration files, and what they say.
 *
 * @param folder where they, the logs and the peers' folders are
 * @param bareFolders whether a peer's folder has its id for a name, or {@code peer_} before it (the text)
 */
public record CourseSetup(Path folder, Common common, PeerList peers, boolean bareFolders) {

    private static final String PREFIX = "peer_";

    /** More is no configuration; and no memory is spent on it. */
    private static final long MAX_BYTES = 4 << 20;

    /** Reads both files. */
    public static CourseSetup read(Path folder) throws CourseException {
        Parsed<Common> common = Common.parse(text(folder.resolve(Common.FILE)));
        Parsed<PeerList> peers = PeerList.parse(text(folder.resolve(PeerList.FILE)));
        PeerList list = value(peers);
        return new CourseSetup(folder, value(common), list, hasBareFolders(folder, list));
    }

    /** With folders as the text has them. */
    public CourseSetup(Path folder, Common common, PeerList peers) {
        this(folder, common, peers, false);
    }

    /** Whether there are folders of the other kind alone. */
    private static boolean hasBareFolders(Path folder, PeerList peers) {
        boolean bare = false;
        for (PeerLine line : peers.peers()) {
            if (Files.isDirectory(folder.resolve(PREFIX + line.id()))) {
                return false;
            }
            bare |= Files.isDirectory(folder.resolve(Integer.toString(line.id())));
        }
        return bare;
    }

    /** The line of a peer. */
    public PeerLine line(int id) throws CourseException {
        return peers.find(id)
                .orElseThrow(() -> new CourseException(
                        CourseException.Kind.NOT_FOUND,
                        "there is no peer " + id + " in " + folder.resolve(PeerList.FILE),
                        "It has the peers "
                                + peers.peers().stream()
                                        .limit(20)
                                        .map(peer -> Integer.toString(peer.id()))
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    /** Where a peer has its files. */
    public Path peerFolder(int id) {
        return folder.resolve(bareFolders ? Integer.toString(id) : PREFIX + id);
    }

    /** Where a peer has the shared file once it is complete. */
    public Path file(int id) {
        return peerFolder(id).resolve(common.fileName());
    }

    /** Where a peer writes its log. */
    public Path log(int id) {
        return folder.resolve("log_peer_" + id + ".log");
    }

    private static <T> T value(Parsed<T> parsed) throws CourseException {
        return switch (parsed) {
            case Parsed.Good<T>(var value) -> value;
            case Parsed.Bad<T>(var problems) -> throw bad(problems);
        };
    }

    private static CourseException bad(List<Problem> problems) {
        Problem first = problems.getFirst();
        String rest = problems.stream().skip(1).map(problem -> "\n  " + problem).collect(Collectors.joining());
        return new CourseException(
                CourseException.Kind.CONFIGURATION,
                first.file() + (first.line() > 0 ? ":" + first.line() : "") + ": " + first.what(),
                Character.toUpperCase(first.remedy().charAt(0)) + first.remedy().substring(1) + "." + rest);
    }

    private static String text(Path file) throws CourseException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new CourseException(
                        CourseException.Kind.CONFIGURATION,
                        file + " has " + Files.size(file) + " bytes",
                        "See whether it is the right file.");
            }
            // Any bytes at all become a text, and what is wrong with them is said with the line they are in.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new CourseException(
                    CourseException.Kind.NOT_FOUND, "there is no " + file, "Name the folder it is in with --dir.", e);
        } catch (IOException e) {
            throw new CourseException(
                    CourseException.Kind.FILE_TROUBLE, "cannot read " + file + ": " + e.getMessage(), "", e);
        }
    }
}
