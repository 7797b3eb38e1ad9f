package dev.spate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder that a report is written into, if one is wanted. */
final class ReportFolder {
    private final @Nullable Path folder;
    private final boolean overwrite;

    /**
     * A folder.
     *
     * @param folder null if no report is wanted
     */
    ReportFolder(@Nullable Path folder, boolean overwrite) {
        this.folder = folder;
        this.overwrite = overwrite;
    }

    boolean isWanted() {
        return folder != null;
    }

    /** Looks before the work begins whether there is room for the report. */
    void check() throws CommandFailure {
        Path present = folder;
        if (present == null || overwrite || !Files.exists(present)) {
            return;
        }
        try (Stream<Path> content = Files.list(present)) {
            if (content.findAny().isPresent()) {
                throw new CommandFailure(
                        ExitCode.NAME_CLASH,
                        present + " has something in it",
                        "Name another folder, or allow it with --overwrite.");
            }
        } catch (IOException e) {
            throw trouble(present, e);
        }
    }

    /** Writes the files; says the path of the page. */
    Path write(Map<String, String> files) throws CommandFailure {
        Path present = Objects.requireNonNull(folder, "a report is wanted");
        try {
            Files.createDirectories(present);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(present.resolve(file.getKey()), file.getValue());
            }
            return present.resolve("index.html");
        } catch (IOException e) {
            throw trouble(present, e);
        }
    }

    private static CommandFailure trouble(Path folder, IOException e) {
        return new CommandFailure(
                ExitCode.FILE_TROUBLE,
                "cannot use " + folder + " for the report: " + e.getMessage(),
                "Name a folder that can be written.");
    }
}
