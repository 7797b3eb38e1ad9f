package dev.spate.classic.course;

import dev.spate.classic.course.log.LogCheck;
import dev.spate.classic.course.setup.PeerLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The logs and files that a run has left in a folder, held against the rules. */
public final class RunLogs {
    private RunLogs() {}

    /** Checks all logs of a run; a line is forgotten once it was looked at, so that their length costs no memory. */
    public static LogCheck.Report check(CourseSetup setup) throws CourseException {
        Map<Integer, Stream<String>> logs = new HashMap<>();
        try {
            for (PeerLine line : setup.peers().peers()) {
                Path log = setup.log(line.id());
                if (Files.isRegularFile(log)) {
                    logs.put(line.id(), lines(log));
                }
            }
            return LogCheck.check(setup.common(), setup.peers(), logs);
        } catch (IOException e) {
            throw PieceFile.trouble(setup.folder(), e);
        } catch (UncheckedIOException e) {
            throw PieceFile.trouble(setup.folder(), new IOException(e.getMessage(), e));
        } finally {
            logs.values().forEach(Stream::close);
        }
    }

    /** Bytes that are no text become marks that no sentence has. */
    private static Stream<String> lines(Path log) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8));
        return reader.lines().onClose(() -> {
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Compares the peers' files with each other, as far as they are in the folder.
     *
     * @return what is wrong with them, a sentence each
     */
    public static List<String> differingFiles(CourseSetup setup) throws CourseException {
        List<String> wrong = new ArrayList<>();
        Path first = null;
        try {
            for (PeerLine line : setup.peers().peers()) {
                Path file = setup.file(line.id());
                if (!Files.isRegularFile(file)) {
                    continue;
                }
                long size = Files.size(file);
                if (size != setup.common().layout().totalLength()) {
                    wrong.add(file + " has " + size + " bytes, not "
                            + setup.common().layout().totalLength());
                } else if (first == null) {
                    first = file;
                } else {
                    long at = Files.mismatch(first, file);
                    if (at >= 0) {
                        wrong.add(file + " differs from " + first + " at byte " + at);
                    }
                }
            }
        } catch (IOException e) {
            throw PieceFile.trouble(setup.folder(), e);
        }
        return wrong;
    }
}
